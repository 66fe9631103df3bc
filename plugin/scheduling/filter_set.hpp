// All filters for one pod in one cluster, ready to be asked node by node.
#pragma once

#include <memory>
#include <vector>

#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

class FilterSet {
 public:
  // Cluster and pod must outlive it.
  FilterSet(const Cluster& cluster, document::Node pod, bool explain);
  FilterSet(const FilterSet&) = delete;
  FilterSet& operator=(const FilterSet&) = delete;

  const Incoming& incoming() const { return incoming_; }
  Reasons& before() { return before_; }    // stops the pod before any filter runs
  Reasons& refused() { return refused_; }  // refused on every node alike
  // Adds the node's own reasons, with the evicted pods taken away.
  void check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const;

 private:
  Incoming incoming_;
  Reasons before_;
  Reasons refused_;
  std::vector<std::unique_ptr<Filter>> filters_;
};

}  // namespace podcheck::scheduling
