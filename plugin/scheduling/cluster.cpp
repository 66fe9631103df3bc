#include "scheduling/cluster.hpp"

#include <algorithm>

namespace podcheck::scheduling {

using document::Node;

namespace {

std::string claim_key(std::string_view namespace_, std::string_view name) {
  std::string key(namespace_);
  key += '/';
  key += name;
  return key;
}

std::unordered_map<std::string_view, Node> by_name(const std::vector<Node>& objects) {
  std::unordered_map<std::string_view, Node> index;
  index.reserve(objects.size());
  for (Node object : objects) {
    index.emplace(object["metadata"]["name"].string(), object);
  }
  return index;
}

Node look_up(const std::unordered_map<std::string_view, Node>& index, std::string_view name) {
  auto found = index.find(name);
  return found == index.end() ? Node() : found->second;
}

NodeInfo node_info(Node object) {
  NodeInfo node;
  node.object = object;
  node.name = object["metadata"]["name"].string();
  node.labels = object["metadata"]["labels"];
  for (Node taint : object["spec"]["taints"].items()) {
    std::string_view effect = taint["effect"].string();
    if (effect == "NoSchedule" || effect == "NoExecute") {
      node.taints.push_back({taint["key"].string(), taint["value"].string(), effect, taint});
    }
  }
  node.unschedulable = object["spec"]["unschedulable"].boolean().value_or(false);
  node.allocatable = allocatable_of(object);
  node.has_allocatable = !object["status"]["allocatable"].empty() || !object["status"]["capacity"].empty();
  return node;
}

// The scheduler drops a pod from its cache when it has ended, not when its deletion begins.
bool has_ended(Node pod) {
  std::string_view phase = pod["status"]["phase"].string();
  return phase == "Succeeded" || phase == "Failed";
}

}  // namespace

PodInfo pod_info(Node object) {
  PodInfo pod;
  pod.object = object;
  Node metadata = object["metadata"];
  pod.name = metadata["name"].string();
  pod.namespace_ = metadata["namespace"].string();
  pod.labels = metadata["labels"];
  pod.terminating = !metadata["deletionTimestamp"].string().empty();
  Node spec = object["spec"];
  pod.priority =
      static_cast<std::int32_t>(std::clamp<std::int64_t>(spec["priority"].integer().value_or(0), INT32_MIN, INT32_MAX));
  pod.requests = requests_of(object);
  pod.ports = host_ports_of(object);
  if (spec.has("affinity")) {
    pod.anti_affinity = required_terms(object, "podAntiAffinity");
  }
  pod.claims = claims_of(object);
  return pod;
}

Cluster::Cluster(const Objects& objects) : objects_(objects) {
  namespaces_ = by_name(objects.namespaces);
  volumes_ = by_name(objects.volumes);
  storage_classes_ = by_name(objects.storage_classes);
  csi_nodes_ = by_name(objects.csi_nodes);
  csi_drivers_ = by_name(objects.csi_drivers);
  priority_classes_ = by_name(objects.priority_classes);
  runtime_classes_ = by_name(objects.runtime_classes);
  for (Node claim : objects.claims) {
    Node metadata = claim["metadata"];
    claims_.emplace(claim_key(metadata["namespace"].string(), metadata["name"].string()), claim);
  }
  nodes_.reserve(objects.nodes.size());
  for (Node object : objects.nodes) {
    std::string_view name = object["metadata"]["name"].string();
    if (node_by_name_.emplace(name, static_cast<int>(nodes_.size())).second) {
      nodes_.push_back(node_info(object));
    }
  }
  pods_.reserve(objects.pods.size());
  for (Node pod : objects.pods) {
    std::string_view node_name = pod["spec"]["nodeName"].string();
    if (!node_name.empty() && !has_ended(pod)) {
      add_pod(pod, node_index(node_name));
    }
  }
}

void Cluster::add_pod(Node object, int node) {
  auto index = static_cast<std::uint32_t>(pods_.size());
  PodInfo pod = pod_info(object);
  pod.node = node;
  if (!object["spec"].has("priority")) {
    if (Node priority = priority_class(object["spec"]["priorityClassName"].string())["value"]) {
      pod.priority = static_cast<std::int32_t>(priority.integer().value_or(0));
    }
  }
  if (node >= 0) {
    NodeInfo& on = nodes_[static_cast<std::size_t>(node)];
    on.used.add(pod.requests);
    on.pods.push_back(index);
    if (!pod.anti_affinity.empty()) {
      anti_affinity_.push_back(index);
    }
    for (const ClaimUse& claim : pod.claims) {
      pods_by_claim_[claim_key(pod.namespace_, claim.name)].push_back(index);
    }
  }
  pods_.push_back(std::move(pod));
}

void Cluster::place(Node pod, std::size_t node) {
  add_pod(pod, static_cast<int>(node));
}

void Cluster::remove(std::uint32_t index) {
  PodInfo& pod = pods_[index];
  if (pod.node < 0) {
    return;
  }
  NodeInfo& on = nodes_[static_cast<std::size_t>(pod.node)];
  on.used.subtract(pod.requests);
  std::erase(on.pods, index);
  std::erase(anti_affinity_, index);
  for (const ClaimUse& claim : pod.claims) {
    std::erase(pods_by_claim_[claim_key(pod.namespace_, claim.name)], index);
  }
  pod.node = -1;
}

const NodeInfo* Cluster::node(std::string_view name) const {
  int index = node_index(name);
  return index < 0 ? nullptr : &nodes_[static_cast<std::size_t>(index)];
}

int Cluster::node_index(std::string_view name) const {
  auto found = node_by_name_.find(name);
  return found == node_by_name_.end() ? -1 : found->second;
}

const std::vector<std::uint32_t>& Cluster::pods_with_claim(std::string_view namespace_, std::string_view name) const {
  static const std::vector<std::uint32_t> none;
  auto found = pods_by_claim_.find(claim_key(namespace_, name));
  return found == pods_by_claim_.end() ? none : found->second;
}

Node Cluster::namespace_labels(std::string_view name) const {
  return look_up(namespaces_, name)["metadata"]["labels"];
}

Node Cluster::claim(std::string_view namespace_, std::string_view name) const {
  auto found = claims_.find(claim_key(namespace_, name));
  return found == claims_.end() ? Node() : found->second;
}

Node Cluster::volume(std::string_view name) const {
  return look_up(volumes_, name);
}
Node Cluster::storage_class(std::string_view name) const {
  return look_up(storage_classes_, name);
}
Node Cluster::csi_node(std::string_view node) const {
  return look_up(csi_nodes_, node);
}
Node Cluster::csi_driver(std::string_view name) const {
  return look_up(csi_drivers_, name);
}
Node Cluster::priority_class(std::string_view name) const {
  return look_up(priority_classes_, name);
}
Node Cluster::runtime_class(std::string_view name) const {
  return look_up(runtime_classes_, name);
}

}  // namespace podcheck::scheduling
