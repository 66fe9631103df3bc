// One run of `lint`, from what a person typed to a report. The verb calls run(); preflight calls load().
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "document/document.hpp"
#include "finding/finding.hpp"
#include "lint/bundle.hpp"
#include "lint/inputs/file_system.hpp"
#include "lint/settings.hpp"

namespace podcheck::lint {

struct Options {
  std::vector<std::string> paths;          // files, folders, globs, "-"; none: the working directory
  std::string stdin_name = "-";            // what "-" is called in locations
  std::vector<std::string> select;         // rule ids, categories, prefix*; none: what cards and configuration enable
  std::vector<std::string> extend_select;  // as well as those
  std::vector<std::string> ignore;
  std::vector<std::string> rule_directories;  // --rules
  std::vector<std::string> crds;              // --crds: files or folders with CustomResourceDefinitions
  std::optional<int> kubernetes_minor;        // --kubernetes-version; else the configuration's, else the newest
  std::optional<bool> closed_bundle;
  std::string default_namespace;  // -n
  std::string config;             // --config FILE; empty: .podcheck.yaml found upward from each file
  bool no_config = false;
  std::string baseline;  // findings that are in this file are left out
  std::string today;     // YYYY-MM-DD, for suppressions that expire; empty: none does
  std::size_t max_file_bytes = 256u << 20;
  unsigned threads = 0;  // 0: as many as the machine has
};

struct Result {
  finding::Report report;             // sorted and counted
  bool unreadable = false;            // some input could not be read: exit 3
  std::vector<std::string> mistakes;  // "file:line:column: sentence" or a sentence: exit 2
};

// Never throws for anything that the input does.
Result run(const Options& options, catalogue::Catalogue& catalogue, FileSystem& files);

// A file whose text changes.
struct Change {
  std::string file;
  std::string before;
  std::string after;
};

struct FixResult {
  std::vector<Change> changes;  // by file name; nothing has been written yet
  Result after;                 // what lint says of the changed text
  int fixed = 0;                // findings that are gone
};

// --fix, --unsafe-fixes and --diff: applies fixes and lints again until nothing changes.
FixResult fix(const Options& options, bool unsafe, catalogue::Catalogue& catalogue, FileSystem& files);

// --add-ignore: a suppression comment for every finding of the run, with `reason` behind it.
FixResult add_ignores(const Options& options, const std::string& reason, catalogue::Catalogue& catalogue,
                      FileSystem& files);

// The text of a baseline file that accepts every finding of the report.
std::string baseline_of(const finding::Report& report);

// The manifests of a run without checks: what preflight sends to the cluster.
struct Manifests {
  std::vector<std::unique_ptr<document::File>> files;
  Bundle bundle;
  Result result;  // notes on what was skipped or could not be read; findings of documents that are not YAML
};
Manifests load(const Options& options, catalogue::Catalogue& catalogue, FileSystem& files);

}  // namespace podcheck::lint
