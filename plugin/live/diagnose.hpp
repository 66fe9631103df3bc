// The diagnosis: targets in, a report out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "cluster/shard.hpp"
#include "cluster/snapshot.hpp"
#include "finding/finding.hpp"
#include "live/cause.hpp"
#include "live/ranking.hpp"
#include "live/target.hpp"

namespace podcheck::live {

struct Options {
  std::vector<std::string> targets;  // as typed; none: everything unhealthy in the namespace
  std::string namespace_;            // empty with no targets: all namespaces
  bool all_namespaces = false;
  std::string selector;                 // labels of pods and workloads, with no targets
  std::optional<cluster::Shard> shard;  // with all namespaces: only these
  bool rollout = false;                 // of a workload only the pods of its newest revision count
};

struct Result {
  finding::Report report;
  std::vector<std::string> unknown_targets;  // a sentence for each target that is not there
  bool unreadable = false;                   // pods themselves could not be read: nothing can be said
};

Result diagnose(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue, const Options& options);

// The verdict on one pod (or on an owner without one); diagnosers use it to follow a cause into another pod.
Ranked examine(Patient& patient);

}  // namespace podcheck::live
