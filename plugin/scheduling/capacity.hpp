// What a cluster has, what is free of it and who holds it: the numbers behind "no node has room".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kube/quantity.hpp"
#include "scheduling/cluster.hpp"

namespace podcheck::scheduling {

// The amount of a resource as the scheduler counts it: milli-CPUs for "cpu", else bytes or pieces.
std::int64_t amount(const Resources& resources, std::string_view resource);
kube::Quantity to_quantity(std::string_view resource, std::int64_t amount);
std::string format_amount(std::string_view resource, std::int64_t amount);  // "500m", "2Gi"

// One resource over some nodes. Free amounts below zero count as zero in the sum.
struct Capacity {
  std::int64_t largest_allocatable = 0;
  std::string largest_node;
  std::int64_t largest_free = 0;
  std::string freest_node;
  std::int64_t total_free = 0;
  std::int64_t total_allocatable = 0;
  std::size_t nodes = 0;
};
Capacity capacity_of(const Cluster& cluster, std::string_view resource, const std::vector<std::size_t>& nodes);
std::vector<std::size_t> all_nodes(const Cluster& cluster);

std::int64_t free_on(const NodeInfo& node, std::string_view resource);

struct Consumer {
  std::string namespace_;
  std::string name;
  std::int64_t amount = 0;
  std::int32_t priority = 0;
  document::Node pod;
};
// Who requests most of a resource on a node, largest first.
std::vector<Consumer> consumers(const Cluster& cluster, std::string_view node, std::string_view resource,
                                std::size_t most);

}  // namespace podcheck::scheduling
