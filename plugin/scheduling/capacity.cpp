#include "scheduling/capacity.hpp"

#include <algorithm>
#include <numeric>

namespace podcheck::scheduling {

std::int64_t amount(const Resources& resources, std::string_view resource) {
  if (resource == "cpu") {
    return resources.milli_cpu;
  }
  if (resource == "memory") {
    return resources.memory;
  }
  if (resource == "ephemeral-storage") {
    return resources.ephemeral_storage;
  }
  return resource == "pods" ? resources.pods : resources.scalar(resource);
}

kube::Quantity to_quantity(std::string_view resource, std::int64_t amount) {
  if (resource == "cpu") {
    return kube::Quantity::from_milli(amount);
  }
  return kube::Quantity::from_units(
      amount, kube::counts_bytes(resource) ? kube::Quantity::Format::binary : kube::Quantity::Format::decimal);
}

std::string format_amount(std::string_view resource, std::int64_t amount) {
  return kube::format_resource(resource, to_quantity(resource, amount));
}

std::int64_t free_on(const NodeInfo& node, std::string_view resource) {
  if (resource == "pods") {
    return saturating_subtract(node.allocatable.pods, static_cast<std::int64_t>(node.pods.size()));
  }
  return saturating_subtract(amount(node.allocatable, resource), amount(node.used, resource));
}

std::vector<std::size_t> all_nodes(const Cluster& cluster) {
  std::vector<std::size_t> nodes(cluster.nodes().size());
  std::iota(nodes.begin(), nodes.end(), std::size_t{0});
  return nodes;
}

Capacity capacity_of(const Cluster& cluster, std::string_view resource, const std::vector<std::size_t>& nodes) {
  Capacity capacity;
  capacity.nodes = nodes.size();
  for (std::size_t index : nodes) {
    const NodeInfo& node = cluster.nodes()[index];
    std::int64_t whole = amount(node.allocatable, resource);
    std::int64_t free = free_on(node, resource);
    if (capacity.largest_node.empty() || whole > capacity.largest_allocatable) {
      capacity.largest_allocatable = whole;
      capacity.largest_node = node.name;
    }
    if (capacity.freest_node.empty() || free > capacity.largest_free) {
      capacity.largest_free = free;
      capacity.freest_node = node.name;
    }
    capacity.total_allocatable = saturating_add(capacity.total_allocatable, whole);
    capacity.total_free = saturating_add(capacity.total_free, std::max<std::int64_t>(free, 0));
  }
  return capacity;
}

std::vector<Consumer> consumers(const Cluster& cluster, std::string_view node_name, std::string_view resource,
                                std::size_t most) {
  std::vector<Consumer> found;
  const NodeInfo* node = cluster.node(node_name);
  if (node == nullptr) {
    return found;
  }
  for (std::uint32_t index : node->pods) {
    const PodInfo& pod = cluster.pods()[index];
    std::int64_t held = amount(pod.requests, resource);
    if (held > 0) {
      found.push_back({std::string(pod.namespace_), std::string(pod.name), held, pod.priority, pod.object});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Consumer& a, const Consumer& b) { return a.amount > b.amount; });
  if (found.size() > most) {
    found.resize(most);
  }
  return found;
}

}  // namespace podcheck::scheduling
