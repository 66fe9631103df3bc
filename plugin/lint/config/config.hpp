// .podcheck.yaml: read, checked against schemas/config.schema.json, merged with what it extends.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "lint/engine/selection.hpp"
#include "lint/inputs/file_system.hpp"
#include "lint/settings.hpp"

namespace podcheck::lint {

// What the whole file, or one of its overrides, changes.
struct ConfigRules {
  std::vector<std::string> select;
  std::vector<std::string> extend_select;
  std::vector<std::string> ignore;
  std::map<std::string, std::string> severities;
  std::vector<std::pair<std::string, document::Node>> parameters;  // by rule; later ones win
  std::optional<int> kubernetes_minor;
  std::optional<bool> closed_bundle;
  std::string default_namespace;
};

struct ConfigOverride {
  std::string folder;  // that `paths` are relative to
  std::vector<std::string> paths;
  std::vector<std::string> objects;  // Kind/name or Kind/namespace/name
  std::string until;                 // YYYY-MM-DD; empty: for ever
  ConfigRules rules;
};

struct Pattern {
  std::string folder;
  std::string glob;
};

struct Config {
  ConfigRules rules;
  std::vector<ConfigOverride> overrides;
  std::vector<Pattern> exclude;
  std::vector<std::string> rule_directories;  // absolute
  std::string baseline;
  std::vector<std::string> private_registries;
  std::vector<std::string> known_external;
  std::vector<NodeProfile> nodes;
};

class Configs {
 public:
  Configs(const catalogue::Catalogue& catalogue, FileSystem& files) : catalogue_(catalogue), files_(files) {}

  // The configuration in this file, by its absolute path; mistakes in it are kept, what is right in it holds.
  const Config& read(const std::string& path);
  // The nearest .podcheck.yaml at or above an absolute folder, up to the repository's root; null when there is none.
  const Config* nearest(const std::string& folder);
  // "file:line:column: sentence"
  const std::vector<std::string>& mistakes() const { return mistakes_; }
  // The files that were read, to keep their nodes alive and to name them.
  const std::vector<std::unique_ptr<document::File>>& sources() const { return sources_; }

 private:
  const catalogue::Catalogue& catalogue_;
  FileSystem& files_;
  std::map<std::string, std::unique_ptr<Config>> by_path_;
  std::map<std::string, const Config*> by_folder_;
  std::set<std::string> open_;  // files that are being read: extends may not lead back
  std::vector<std::unique_ptr<document::File>> sources_;
  std::vector<std::string> mistakes_;

  // `folder` is what paths in the file are relative to.
  void fill(Config& config, const document::File& file, document::Node root, const std::string& folder);
  void extend(Config& config, const document::File& file, document::Node name, const std::string& folder);
  ConfigRules rules_of(const document::File& file, document::Node node);
  void check_names(const document::File& file, document::Node list);
  void check_parameters(const document::File& file, document::Node parameters);
  void mistake(const document::File& file, document::Range range, const std::string& sentence);
};

constexpr const char* config_name = ".podcheck.yaml";

}  // namespace podcheck::lint
