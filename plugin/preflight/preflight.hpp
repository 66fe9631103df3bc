// Will this run here? lint, admission, references and placement of everything in the input, in one report.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "cluster/snapshot.hpp"
#include "finding/finding.hpp"
#include "lint/inputs/file_system.hpp"
#include "lint/lint.hpp"
#include "preflight/server.hpp"

namespace podcheck::preflight {

struct Options {
  lint::Options lint;    // paths, rules; default_namespace is where objects without a namespace go
  bool offline = false;  // --from: admission is limited to what objects decide, and the report says so
};

struct Result {
  finding::Report report;
  bool unreadable = false;            // some input or list could not be read: exit 3
  std::vector<std::string> mistakes;  // exit 2
};

// `server` answers dry runs; nullptr offline. Reads the cluster through `snapshot` only, and changes nothing.
Result run(const Options& options, cluster::Snapshot& snapshot, Server* server, catalogue::Catalogue& catalogue,
           lint::FileSystem& files);

}  // namespace podcheck::preflight
