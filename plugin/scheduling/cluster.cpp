#include "scheduling/cluster.hpp"

#include <algorithm>
#include <thread>

#include "document/document.hpp"

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

std::unordered_map<std::string, Node> by_full_name(const std::vector<Node>& objects) {
  std::unordered_map<std::string, Node> index;
  index.reserve(objects.size());
  for (Node object : objects) {
    Node metadata = object["metadata"];
    index.emplace(claim_key(metadata["namespace"].string(), metadata["name"].string()), object);
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
  pod.claims = claims_of(object);
  return pod;
}

namespace {

// Pods that hold a place on a node. A large cluster's are read by a few threads, which only read.
std::vector<PodInfo> bound_pods(const std::vector<Node>& objects) {
  constexpr std::size_t worth_a_thread = 4096;
  std::vector<Node> bound;
  std::copy_if(objects.begin(), objects.end(), std::back_inserter(bound),
               [](Node pod) { return !pod["spec"]["nodeName"].string().empty() && !has_ended(pod); });
  std::vector<PodInfo> pods(bound.size());
  auto read = [&](std::size_t begin, std::size_t end) {
    std::transform(bound.begin() + static_cast<std::ptrdiff_t>(begin), bound.begin() + static_cast<std::ptrdiff_t>(end),
                   pods.begin() + static_cast<std::ptrdiff_t>(begin), pod_info);
  };
  std::size_t threads = std::clamp<std::size_t>(
      std::min<std::size_t>(std::thread::hardware_concurrency(), bound.size() / worth_a_thread), 1, 4);
  std::vector<std::thread> helpers;
  for (std::size_t index = 1; index < threads; ++index) {
    helpers.emplace_back(read, bound.size() * index / threads, bound.size() * (index + 1) / threads);
  }
  read(0, bound.size() / threads);
  for (std::thread& helper : helpers) {
    helper.join();
  }
  return pods;
}

}  // namespace

Cluster::Cluster(const Objects& objects) : objects_(objects) {
  namespaces_ = by_name(objects.namespaces);
  volumes_ = by_name(objects.volumes);
  storage_classes_ = by_name(objects.storage_classes);
  csi_nodes_ = by_name(objects.csi_nodes);
  csi_drivers_ = by_name(objects.csi_drivers);
  priority_classes_ = by_name(objects.priority_classes);
  runtime_classes_ = by_name(objects.runtime_classes);
  device_classes_ = by_name(objects.device_classes);
  claims_ = by_full_name(objects.claims);
  resource_claims_ = by_full_name(objects.resource_claims);
  nodes_.reserve(objects.nodes.size());
  for (Node object : objects.nodes) {
    std::string_view name = object["metadata"]["name"].string();
    if (node_by_name_.emplace(name, static_cast<int>(nodes_.size())).second) {
      nodes_.push_back(node_info(object));
    }
  }
  std::vector<PodInfo> bound = bound_pods(objects.pods);
  pods_.reserve(bound.size());
  placed_.reserve(bound.size());
  for (PodInfo& pod : bound) {
    int node = node_index(pod.object["spec"]["nodeName"].string());
    add_pod(std::move(pod), node);
  }
  for (Node pod : objects.pods) {
    int node = node_index(pod["status"]["nominatedNodeName"].string());
    if (node >= 0 && pod["spec"]["nodeName"].string().empty() && !has_ended(pod)) {
      nodes_[static_cast<std::size_t>(node)].nominated.push_back(static_cast<std::uint32_t>(pods_.size()));
      add_pod(pod_info(pod), -1);
    }
  }
}

void Cluster::add_pod(PodInfo pod, int node) {
  auto index = static_cast<std::uint32_t>(pods_.size());
  Node object = pod.object;
  pod.node = node;
  pod.group = group_of(pod);
  pod.anti_affinity = shared_terms(pod);
  if (!object["spec"].has("priority")) {
    if (Node priority = priority_class(object["spec"]["priorityClassName"].string())["value"]) {
      pod.priority = static_cast<std::int32_t>(priority.integer().value_or(0));
    }
  }
  if (node >= 0) {
    NodeInfo& on = nodes_[static_cast<std::size_t>(node)];
    on.used.add(pod.requests);
    on.pods.push_back(index);
    if (!pod.ports.empty()) {
      on.with_ports.push_back(index);
    }
    if (!pod.claims.empty()) {
      on.with_claims.push_back(index);
    }
    if (pod.anti_affinity != nullptr) {
      anti_affinity_.push_back(index);
    }
    for (const ClaimUse& claim : pod.claims) {
      pods_by_claim_[claim_key(pod.namespace_, claim.name)].push_back(index);
    }
  }
  placed_.push_back({pod.node, pod.group, pod.terminating});
  pods_.push_back(std::move(pod));
}

std::uint32_t Cluster::group_of(const PodInfo& pod) {
  std::string key(pod.namespace_);
  for (const document::Member& label : pod.labels.members()) {
    key.append(1, '\0').append(label.key).append(1, '=').append(label.value.string());
  }
  auto [found, fresh] = group_by_labels_.try_emplace(std::move(key), static_cast<std::uint32_t>(groups_.size()));
  if (fresh) {
    groups_.push_back({pod.namespace_, pod.labels});
  }
  return found->second;
}

// Ten thousand replicas have one and the same anti-affinity.
std::shared_ptr<const AffinityTerms> Cluster::shared_terms(const PodInfo& pod) {
  Node written = pod.object["spec"]["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
  if (written.empty()) {
    return nullptr;
  }
  auto [found, fresh] = terms_.try_emplace(std::to_string(pod.group) + document::to_json(written));
  if (fresh) {
    found->second = std::make_shared<const AffinityTerms>(required_terms(pod.object, "podAntiAffinity"));
  }
  return found->second;
}

void Cluster::place(Node pod, std::size_t node) {
  add_pod(pod_info(pod), static_cast<int>(node));
}

void Cluster::remove(std::uint32_t index) {
  PodInfo& pod = pods_[index];
  if (pod.node < 0) {
    return;
  }
  NodeInfo& on = nodes_[static_cast<std::size_t>(pod.node)];
  on.used.subtract(pod.requests);
  std::erase(on.pods, index);
  std::erase(on.with_ports, index);
  std::erase(on.with_claims, index);
  std::erase(anti_affinity_, index);
  for (const ClaimUse& claim : pod.claims) {
    std::erase(pods_by_claim_[claim_key(pod.namespace_, claim.name)], index);
  }
  pod.node = -1;
  placed_[index].node = -1;
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

Node Cluster::resource_claim(std::string_view namespace_, std::string_view name) const {
  auto found = resource_claims_.find(claim_key(namespace_, name));
  return found == resource_claims_.end() ? Node() : found->second;
}

Node Cluster::device_class(std::string_view name) const {
  return look_up(device_classes_, name);
}
Node Cluster::namespace_object(std::string_view name) const {
  return look_up(namespaces_, name);
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
