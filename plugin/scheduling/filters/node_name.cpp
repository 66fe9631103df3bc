// NodeName: a pod that names its node fits that node only.
//
// pkg/scheduler/framework/plugins/nodename/node_name.go. In a running cluster a pod with spec.nodeName never reaches
// the scheduler: the kubelet of that node takes it, past every other filter (taints with NoSchedule, cordon, ports).
#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

namespace {

class NodeName : public Filter {
 public:
  explicit NodeName(std::string_view wanted) : wanted_(wanted) {}
  void check(const NodeInfo& node, Evicted, Reasons& reasons) const override {
    if (node.name == wanted_) {
      return;
    }
    if (Reason* reason = reasons.add("node-name-mismatch", "NodeName", false)) {
      reason->values = {{"wanted", std::string(wanted_)}};
    }
  }

 private:
  std::string_view wanted_;
};

}  // namespace

std::unique_ptr<Filter> node_name(const Cluster&, const Incoming& incoming, Reasons&) {
  std::string_view wanted = incoming.pod.object["spec"]["nodeName"].string();
  return wanted.empty() ? nullptr : std::make_unique<NodeName>(wanted);
}

}  // namespace podcheck::scheduling
