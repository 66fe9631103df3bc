#include "scheduling/topology.hpp"

namespace podcheck::scheduling {

Topology::Topology(const Cluster& cluster, std::string_view key) : key_(key) {
  of_node_.reserve(cluster.nodes().size());
  for (const NodeInfo& node : cluster.nodes()) {
    std::optional<std::string_view> value = node.label(key);
    if (!value) {
      of_node_.push_back(-1);
      continue;
    }
    auto [found, fresh] = numbers_.try_emplace(*value, static_cast<int>(values_.size()));
    if (fresh) {
      values_.push_back(*value);
    }
    of_node_.push_back(found->second);
  }
}

int Topology::find(std::optional<std::string_view> value) const {
  auto found = value ? numbers_.find(*value) : numbers_.end();
  return found == numbers_.end() ? -1 : found->second;
}

}  // namespace podcheck::scheduling
