// From the command line to a cluster: kubectl's flags passed on, or something recorded.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "cluster/kubectl_source.hpp"
#include "cluster/process.hpp"
#include "cluster/snapshot.hpp"

namespace podcheck::cli {

// kubectl's own flags as the user gave them, namespaces left out.
cluster::KubectlOptions kubectl_options(const Session& session);

struct OpenedCluster {
  std::unique_ptr<cluster::Source> source;
  std::string namespace_;  // the one to look in; empty: all of them
  // With --print-commands: what would be run, filled while the source is asked.
  std::shared_ptr<std::vector<std::string>> commands;
};

// Throws UsageError for conflicting flags, Unreadable when --from cannot be read.
struct Unreadable {
  std::string sentence;
};
OpenedCluster open_cluster(const Session& session);

}  // namespace podcheck::cli
