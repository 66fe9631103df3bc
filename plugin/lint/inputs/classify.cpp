#include "lint/inputs/classify.hpp"

#include <algorithm>
#include <set>

#include "lint/inputs/paths.hpp"
#include "lint/schema/types.hpp"

namespace podcheck::lint {

namespace {

using document::Node;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool has_all(Node root, std::initializer_list<const char*> keys) {
  return std::all_of(keys.begin(), keys.end(), [&](const char* key) { return root.has(key); });
}

bool is_values_file(std::string_view name) {
  return name.substr(0, 6) == "values";
}

bool is_compose(Node root, std::string_view name) {
  if (!root["services"].is_mapping()) {
    return false;
  }
  if (contains(name, "compose")) {
    return true;
  }
  for (const auto& service : root["services"].members()) {
    if (service.value.has("image") || service.value.has("build")) {
      return true;
    }
  }
  return false;
}

bool is_ci(Node root, std::string_view path) {
  if (contains(path, ".github/") || contains(path, ".gitlab") || contains(path, ".circleci/")) {
    return true;
  }
  // "on" is resolved to a boolean key by kubectl's YAML.
  return (root["jobs"].is_mapping() && (root.has("on") || root.has("true"))) ||
         (root["stages"].is_sequence() && !root.has("kind")) || has_all(root, {"pipelines", "image"});
}

// Groups of the API server, by the kinds that are built into it.
bool is_served_group(std::string_view group) {
  static const std::set<std::string, std::less<>> groups = [] {
    std::set<std::string, std::less<>> out = {"extensions"};
    for (const auto& kind : schema::Types::built_in().kinds()) {
      out.emplace(schema::group_of(kind.api_version));
    }
    return out;
  }();
  return groups.count(group) != 0;
}

// What no API server is given: the files of programs that name their types in the same way. Objects have metadata;
// those that have it all the same are known by their group.
bool is_tool_configuration(Node root) {
  constexpr std::string_view of_tools[] = {
      "backstage.io", "ctlptl.dev", "eksctl.io", "k3d.io", "krew.googlecontainertools.github.com", "skaffold"};
  const std::string_view group = schema::group_of(root["apiVersion"].string());
  if (std::find(std::begin(of_tools), std::end(of_tools), group) != std::end(of_tools)) {
    return true;
  }
  if (!root["metadata"] && !is_served_group(group)) {
    return true;
  }
  return group.empty() && root["kind"].string() == "Config" && (root.has("clusters") || root.has("contexts"));
}

bool is_custom_kustomize(Node root) {
  const std::string_view api_version = root["apiVersion"].string();
  return api_version.substr(0, 24) == "kustomize.config.k8s.io/";
}

}  // namespace

const char* to_string(NotLinted kind) {
  switch (kind) {
    case NotLinted::helm_template:
      return "helm-template";
    case NotLinted::helm_values:
      return "helm-values";
    case NotLinted::helm_chart:
      return "helm-chart";
    case NotLinted::kustomization:
      return "kustomization";
    case NotLinted::patch:
      return "patch";
    case NotLinted::compose:
      return "compose";
    case NotLinted::ci:
      return "ci";
    case NotLinted::tool:
      return "tool";
    case NotLinted::unreadable:
      return "unreadable";
    case NotLinted::other:
    case NotLinted::none:
      break;
  }
  return "other";
}

bool is_kustomization(Node root, std::string_view path) {
  const std::string_view name = base_name(path);
  return is_custom_kustomize(root) || name == "kustomization.yaml" || name == "kustomization.yml" ||
         name == "Kustomization";
}

NotLinted classify(Node root, std::string_view path) {
  const std::string_view name = base_name(path);
  if (is_kustomization(root, path)) {
    return NotLinted::kustomization;
  }
  if (name == "Chart.yaml" || name == "Chart.lock" || name == "requirements.yaml") {
    return NotLinted::helm_chart;
  }
  const bool object = root["apiVersion"].is_string() && root["kind"].is_string();
  if (object) {
    return is_tool_configuration(root) ? NotLinted::tool : NotLinted::none;
  }
  // A mapping that means to be an object but forgets one of the two is for the rules to report.
  const bool half = root.has("apiVersion") != root.has("kind") && root["metadata"].is_mapping();
  if (half || (root.has("apiVersion") && root.has("kind"))) {
    return NotLinted::none;
  }
  if (is_compose(root, name)) {
    return NotLinted::compose;
  }
  if (is_ci(root, path)) {
    return NotLinted::ci;
  }
  if (is_values_file(name) || contains(name, "values.")) {
    return NotLinted::helm_values;
  }
  return NotLinted::other;
}

NotLinted classify_broken(std::string_view text, bool named) {
  const bool manifest = contains(text, "apiVersion") && contains(text, "kind");
  const bool template_ = contains(text, "{{") || contains(text, "{%");
  if (template_ && !(named && manifest)) {
    return NotLinted::helm_template;
  }
  if (!named && !manifest) {
    return NotLinted::unreadable;
  }
  return NotLinted::none;
}

std::vector<std::string> patch_files(Node kustomization) {
  std::vector<std::string> out;
  for (const char* list : {"patches", "patchesStrategicMerge", "patchesJson6902"}) {
    for (Node item : kustomization[list].items()) {
      const Node path = item.is_string() ? item : item["path"];
      if (path.is_string() && path.string().find('\n') == std::string_view::npos) {
        out.emplace_back(path.string());
      }
    }
  }
  return out;
}

std::vector<std::string> generated_names(Node kustomization) {
  std::vector<std::string> out;
  for (const auto& [list, kind] :
       {std::pair("configMapGenerator", "ConfigMap/"), std::pair("secretGenerator", "Secret/")}) {
    for (Node item : kustomization[list].items()) {
      if (item["name"].is_string()) {
        const std::string name(item["name"].string());
        out.push_back(kind + name);
        out.push_back(kind + name + "-*");
      }
    }
  }
  return out;
}

}  // namespace podcheck::lint
