#include "lint/config/config.hpp"

#include <algorithm>

#include "catalogue/embedded_schema.hpp"
#include "catalogue/violation_text.hpp"
#include "lint/config/date.hpp"
#include "lint/inputs/paths.hpp"

namespace podcheck::lint {

namespace {

using document::Node;

constexpr std::size_t largest_config = 1u << 20;
constexpr int highest_folder = 64;

std::vector<std::string> names(Node list) {
  std::vector<std::string> out;
  if (list.is_string()) {
    out.emplace_back(list.string());
  }
  for (Node name : list.items()) {
    out.emplace_back(name.string());
  }
  return out;
}

void append(std::vector<std::string>& to, std::vector<std::string> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

bool same_type(Node a, Node b) {
  return a.type() == b.type() || (a.is_number() && b.is_number()) || a.is_null();
}

}  // namespace

void Configs::mistake(const document::File& file, document::Range range, const std::string& sentence) {
  mistakes_.push_back(catalogue::at(file.text, range, sentence));
}

const Config& Configs::read(const std::string& path) {
  auto& config = by_path_[path];
  if (config != nullptr) {
    return *config;
  }
  config = std::make_unique<Config>();
  const std::string here = normal_path(files_.working_directory()) + "/";
  const std::string shown = path.compare(0, here.size(), here) == 0 ? path.substr(here.size()) : path;
  auto bytes = files_.read(path, largest_config);
  if (!bytes.ok) {
    mistakes_.push_back(catalogue_.say("config.unreadable", {{"path", shown}, {"reason", bytes.error}}));
    return *config;
  }
  const document::File& file =
      *sources_.emplace_back(std::make_unique<document::File>(document::parse(shown, std::move(bytes.bytes))));
  const std::size_t before = mistakes_.size();
  const auto text_problem = [&](const document::Problem& problem) {
    const auto finding = catalogue_.finding(problem.id, problem.values, problem.variant);
    mistake(file, problem.range, finding.message.empty() ? problem.id : finding.message);
  };
  std::for_each(file.problems.begin(), file.problems.end(), text_problem);
  for (const auto& document : file.documents) {
    std::for_each(document.problems.begin(), document.problems.end(), text_problem);
  }
  if (file.documents.size() > 1) {
    mistake(file, file.documents[1].extent, catalogue_.say("config.one-document"));
  }
  if (mistakes_.size() != before || file.documents.empty()) {
    return *config;
  }
  const Node root = file.documents.front().root;
  for (const auto& violation : catalogue::embedded_schema("config").violations(root)) {
    mistake(file, catalogue::place_of(violation), catalogue::say(catalogue_, violation, root));
  }
  if (mistakes_.size() == before) {
    open_.insert(path);
    fill(*config, file, root, parent_path(path));
    open_.erase(path);
  }
  return *config;
}

void Configs::extend(Config& config, const document::File& file, Node name, const std::string& folder) {
  const std::string path = absolute_path(name.string(), folder);
  if (open_.count(path) != 0) {
    mistake(file, name.range(), catalogue_.say("config.extends-itself", {{"path", path}}));
    return;
  }
  if (files_.status(path).kind != FileSystem::Kind::file) {
    mistake(file, name.range(), catalogue_.say("config.extends-missing", {{"path", path}}));
    return;
  }
  const Config base = read(path);
  auto& rules = config.rules;
  if (!base.rules.select.empty()) {
    rules.select = base.rules.select;
  }
  append(rules.extend_select, base.rules.extend_select);
  append(rules.ignore, base.rules.ignore);
  for (const auto& [rule, severity] : base.rules.severities) {
    rules.severities[rule] = severity;
  }
  rules.parameters.insert(rules.parameters.end(), base.rules.parameters.begin(), base.rules.parameters.end());
  rules.kubernetes_minor = base.rules.kubernetes_minor ? base.rules.kubernetes_minor : rules.kubernetes_minor;
  rules.closed_bundle = base.rules.closed_bundle ? base.rules.closed_bundle : rules.closed_bundle;
  rules.default_namespace =
      base.rules.default_namespace.empty() ? rules.default_namespace : base.rules.default_namespace;
  config.overrides.insert(config.overrides.end(), base.overrides.begin(), base.overrides.end());
  config.exclude.insert(config.exclude.end(), base.exclude.begin(), base.exclude.end());
  append(config.rule_directories, base.rule_directories);
  config.baseline = base.baseline.empty() ? config.baseline : base.baseline;
  append(config.private_registries, base.private_registries);
  append(config.known_external, base.known_external);
  config.nodes.insert(config.nodes.end(), base.nodes.begin(), base.nodes.end());
}

void Configs::check_names(const document::File& file, Node list) {
  for (Node name : list.items()) {
    for (const auto& [unknown, nearest] : unknown_names(catalogue_, {std::string(name.string())})) {
      mistake(file, name.range(),
              catalogue_.say(nearest.empty() ? "lint.selection.unknown" : "lint.selection.near",
                             {{"name", unknown}, {"nearest", nearest}}));
    }
  }
}

void Configs::check_parameters(const document::File& file, Node parameters) {
  for (const auto& [id, given] : parameters.members()) {
    const catalogue::Rule* rule = catalogue_.rule(id);
    if (rule == nullptr) {
      const auto unknown = unknown_names(catalogue_, {std::string(id)});
      const std::string nearest = unknown.empty() ? std::string() : unknown.front().second;
      mistake(file, given.key_range(),
              catalogue_.say(nearest.empty() ? "lint.selection.unknown" : "lint.selection.near",
                             {{"name", std::string(id)}, {"nearest", nearest}}));
      continue;
    }
    std::vector<std::string> known;
    for (const auto& parameter : rule->params.members()) {
      known.emplace_back(parameter.key);
    }
    for (const auto& [name, value] : given.members()) {
      const Node default_value = rule->params[name];
      const std::string path = std::string(id) + "." + std::string(name);
      if (!default_value) {
        const std::string near = catalogue::nearest(name, known);
        mistake(file, value.key_range(),
                catalogue_.say(near.empty() ? "config.parameter-unknown" : "config.parameter-near",
                               {{"rule", std::string(id)}, {"name", std::string(name)}, {"nearest", near}}));
      } else if (!same_type(default_value, value)) {
        mistake(
            file, value.range(),
            catalogue_.say("config.parameter-type", {{"path", path}, {"default", document::to_json(default_value)}}));
      }
    }
  }
}

ConfigRules Configs::rules_of(const document::File& file, Node node) {
  ConfigRules rules;
  for (const char* list : {"select", "extendSelect", "ignore"}) {
    check_names(file, node[list]);
  }
  rules.select = names(node["select"]);
  rules.extend_select = names(node["extendSelect"]);
  rules.ignore = names(node["ignore"]);
  for (const auto& [rule, severity] : node["severities"].members()) {
    for (const auto& [unknown, nearest] : unknown_names(catalogue_, {std::string(rule)})) {
      mistake(file, severity.key_range(),
              catalogue_.say(nearest.empty() ? "lint.selection.unknown" : "lint.selection.near",
                             {{"name", unknown}, {"nearest", nearest}}));
    }
    rules.severities[std::string(rule)] = severity.string("off");  // an unquoted off is false
  }
  check_parameters(file, node["parameters"]);
  for (const auto& [rule, parameters] : node["parameters"].members()) {
    rules.parameters.emplace_back(rule, parameters);
  }
  if (const Node version = node["kubernetesVersion"]) {
    rules.kubernetes_minor = kubernetes_minor_from(version.string());
    if (!rules.kubernetes_minor) {
      mistake(file, version.range(),
              catalogue_.say("config.version", {{"value", std::string(version.string())},
                                                {"oldest", "1." + std::to_string(oldest_kubernetes_minor)},
                                                {"newest", "1." + std::to_string(newest_kubernetes_minor)}}));
    }
  }
  rules.closed_bundle = node["closedBundle"].boolean();
  rules.default_namespace = node["defaultNamespace"].string();
  return rules;
}

void Configs::fill(Config& config, const document::File& file, Node root, const std::string& folder) {
  const Node extends = root["extends"];
  if (extends.is_string()) {
    extend(config, file, extends, folder);
  }
  for (Node name : extends.items()) {
    extend(config, file, name, folder);
  }
  ConfigRules own = rules_of(file, root);
  if (!own.select.empty()) {
    config.rules.select = std::move(own.select);
  }
  append(config.rules.extend_select, std::move(own.extend_select));
  append(config.rules.ignore, std::move(own.ignore));
  for (auto& [rule, severity] : own.severities) {
    config.rules.severities[rule] = severity;
  }
  config.rules.parameters.insert(config.rules.parameters.end(), own.parameters.begin(), own.parameters.end());
  config.rules.kubernetes_minor = own.kubernetes_minor ? own.kubernetes_minor : config.rules.kubernetes_minor;
  config.rules.closed_bundle = own.closed_bundle ? own.closed_bundle : config.rules.closed_bundle;
  if (!own.default_namespace.empty()) {
    config.rules.default_namespace = own.default_namespace;
  }
  for (const auto& directory : names(root["rules"])) {
    config.rule_directories.push_back(absolute_path(directory, folder));
  }
  for (const auto& glob : names(root["exclude"])) {
    config.exclude.push_back({folder, glob});
  }
  if (const Node baseline = root["baseline"]) {
    config.baseline = absolute_path(baseline.string(), folder);
  }
  append(config.private_registries, names(root["privateRegistries"]));
  append(config.known_external, names(root["knownExternal"]));
  if (!root["nodes"].empty()) {
    config.nodes.clear();
  }
  for (Node node : root["nodes"].items()) {
    config.nodes.push_back({node});
  }
  for (Node item : root["overrides"].items()) {
    ConfigOverride override;
    override.folder = folder;
    override.paths = names(item["paths"]);
    override.objects = names(item["objects"]);
    override.until = item["until"].string();
    if (!override.until.empty() && !is_date(override.until)) {
      mistake(file, item["until"].range(), catalogue_.say("config.date", {{"value", override.until}}));
    }
    override.rules = rules_of(file, item);
    config.overrides.push_back(std::move(override));
  }
}

const Config* Configs::nearest(const std::string& folder) {
  std::vector<std::string> visited;
  const Config* found = nullptr;
  std::string at = folder;
  for (int depth = 0; depth < highest_folder; ++depth) {
    const auto known = by_folder_.find(at);
    if (known != by_folder_.end()) {
      found = known->second;
      break;
    }
    visited.push_back(at);
    const std::string path = join_path(at, config_name);
    if (files_.status(path).kind == FileSystem::Kind::file) {
      found = &read(path);
      break;
    }
    const bool repository = files_.status(join_path(at, ".git")).kind != FileSystem::Kind::missing;
    const std::string above = parent_path(at);
    if (repository || above == at || above.empty()) {
      break;
    }
    at = above;
  }
  for (const auto& each : visited) {
    by_folder_[each] = found;
  }
  return found;
}

}  // namespace podcheck::lint
