#include "kube/object.hpp"

#include <algorithm>

namespace podcheck::kube {

using document::Node;

std::optional<Object> as_object(Node root) {
  Node api_version = root["apiVersion"];
  Node kind = root["kind"];
  if (!api_version.is_string() || !kind.is_string() || api_version.string().empty() || kind.string().empty()) {
    return std::nullopt;
  }
  Object object;
  object.root = root;
  object.api_version = api_version.string();
  std::size_t slash = object.api_version.find('/');
  if (slash == std::string_view::npos) {
    object.version = object.api_version;
  } else {
    object.group = object.api_version.substr(0, slash);
    object.version = object.api_version.substr(slash + 1);
  }
  object.kind = kind.string();
  Node metadata = root["metadata"];
  object.name = metadata["name"].string();
  if (object.name.empty()) {
    object.name = metadata["generateName"].string();
  }
  object.namespace_ = metadata["namespace"].string();
  return object;
}

namespace {

void flatten_into(Node root, std::vector<Node>& found, int depth) {
  constexpr int deepest_list_of_lists = 8;
  std::string_view kind = root["kind"].string();
  Node items = root["items"];
  if (depth < deepest_list_of_lists && kind.ends_with("List") && items.is_sequence()) {
    for (Node item : items.items()) {
      flatten_into(item, found, depth + 1);
    }
    return;
  }
  found.push_back(root);
}

bool is_template_key(std::string_view key) {
  return key == "template" || key == "jobTemplate" || key.ends_with("Template") || key.ends_with("template");
}

// A container list that custom resources merge into a pod of their own (Flink, Elastic, Prometheus) leaves images out;
// only a list in which every container is whole makes pods by itself.
bool whole_containers(Node containers) {
  if (!containers.is_sequence() || containers.empty()) {
    return false;
  }
  for (Node container : containers.items()) {
    if (!container["image"].is_string() && !container["image"].is_null()) {
      return false;
    }
  }
  return true;
}

void find_templates(Node node, std::vector<PodTemplate>& found, int depth) {
  constexpr int deepest_template = 24;
  if (depth > deepest_template) {
    return;
  }
  for (Node item : node.items()) {
    find_templates(item, found, depth + 1);
  }
  for (const document::Member& member : node.members()) {
    Node spec = member.value["spec"];
    if (is_template_key(member.key) && whole_containers(spec["containers"])) {
      found.push_back(pod_template_at(member.value["metadata"], spec));
    } else {
      find_templates(member.value, found, depth + 1);
    }
  }
}

void add_containers(Node list, Node spec, ContainerRole role, std::vector<Container>& containers) {
  std::size_t index = 0;
  for (Node node : list.items()) {
    Container container;
    container.node = node;
    container.pod_spec = spec;
    container.name = node["name"].string();
    container.role = role;
    if (role == ContainerRole::init && node["restartPolicy"].string() == "Always") {
      container.role = ContainerRole::sidecar;
    }
    container.index = index++;
    if (node.is_mapping()) {
      containers.push_back(container);
    }
  }
}

bool has_template_in_spec(const Object& object) {
  static constexpr std::string_view kinds[] = {"Deployment",  "ReplicaSet", "ReplicationController",
                                               "StatefulSet", "DaemonSet",  "Job"};
  bool built_in =
      object.group.empty() || object.group == "apps" || object.group == "batch" || object.group == "extensions";
  return built_in && std::find(std::begin(kinds), std::end(kinds), object.kind) != std::end(kinds);
}

void add_template(Node at, std::vector<PodTemplate>& found) {
  if (at["spec"].is_mapping()) {
    found.push_back(pod_template_at(at["metadata"], at["spec"]));
  }
}

}  // namespace

std::vector<Node> flatten(Node root) {
  std::vector<Node> found;
  flatten_into(root, found, 0);
  return found;
}

PodTemplate pod_template_at(Node metadata, Node spec) {
  PodTemplate pod;
  pod.metadata = metadata;
  pod.spec = spec;
  add_containers(spec["initContainers"], spec, ContainerRole::init, pod.containers);
  add_containers(spec["containers"], spec, ContainerRole::app, pod.containers);
  add_containers(spec["ephemeralContainers"], spec, ContainerRole::ephemeral, pod.containers);
  return pod;
}

std::vector<PodTemplate> pod_templates(const Object& object) {
  std::vector<PodTemplate> found;
  Node root = object.root;
  if (has_template_in_spec(object)) {
    add_template(root["spec"]["template"], found);
  } else if (object.kind == "CronJob" && object.group == "batch") {
    add_template(root["spec"]["jobTemplate"]["spec"]["template"], found);
  } else if (object.group.empty()) {
    if (object.kind == "Pod") {
      add_template(root, found);
    } else if (object.kind == "PodTemplate") {
      add_template(root["template"], found);
    }
  } else if (object.kind != "CustomResourceDefinition") {
    find_templates(root, found, 0);
  }
  return found;
}

bool is_workload(const Object& object) {
  return !pod_templates(object).empty();
}

}  // namespace podcheck::kube
