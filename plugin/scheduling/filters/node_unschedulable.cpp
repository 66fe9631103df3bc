// NodeUnschedulable: a cordoned node takes no pods.
//
// pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go: spec.unschedulable alone decides, not the
// taint that the node controller adds; a toleration for node.kubernetes.io/unschedulable:NoSchedule passes it. A node
// whose Ready condition is False, but which has no taint, is schedulable.
#include <algorithm>

#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

namespace {

class NodeUnschedulable : public Filter {
 public:
  void check(const NodeInfo& node, Evicted, Reasons& reasons) const override {
    if (node.unschedulable) {
      reasons.add("node-cordoned", "NodeUnschedulable", false);
    }
  }
};

}  // namespace

std::unique_ptr<Filter> node_unschedulable(const Cluster&, const Incoming& incoming, Reasons&) {
  Taint taint{"node.kubernetes.io/unschedulable", {}, "NoSchedule", {}};
  bool tolerated = std::any_of(incoming.tolerations.begin(), incoming.tolerations.end(),
                               [&](const Toleration& toleration) { return toleration.tolerates(taint); });
  return tolerated ? nullptr : std::make_unique<NodeUnschedulable>();
}

}  // namespace podcheck::scheduling
