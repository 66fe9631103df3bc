// The values of one label over the nodes of a cluster, numbered, so that pods can be counted by index.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scheduling/cluster.hpp"

namespace podcheck::scheduling {

class Topology {
 public:
  Topology(const Cluster& cluster, std::string_view key);

  std::string_view key() const { return key_; }
  std::size_t size() const { return values_.size(); }
  std::string_view value(std::size_t domain) const { return values_[domain]; }
  // -1: the node lacks the label.
  int of_node(std::size_t node) const { return of_node_[node]; }
  // The domain of a value; -1 when no node has it.
  int find(std::optional<std::string_view> value) const;

 private:
  std::string_view key_;
  std::vector<std::string_view> values_;
  std::vector<int> of_node_;
  std::unordered_map<std::string_view, int> numbers_;
};

}  // namespace podcheck::scheduling
