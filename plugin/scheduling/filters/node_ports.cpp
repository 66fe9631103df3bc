// NodePorts: a host port can be had once per node, protocol and address.
//
// pkg/scheduler/framework/plugins/nodeports/node_ports.go. Containers' and sidecars' hostPorts count, for hostNetwork
// pods every containerPort (the API server copies it to hostPort). No address means 0.0.0.0, which clashes with every
// other; "::" is not special to the scheduler. Terminating pods hold their ports until they are gone.
#include <algorithm>

#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

namespace {

class NodePorts : public Filter {
 public:
  NodePorts(const Cluster& cluster, const Incoming& incoming) : cluster_(cluster), incoming_(incoming) {}

  void check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const override {
    for (std::uint32_t index : node.with_ports) {
      if (std::find(evicted.begin(), evicted.end(), index) == evicted.end()) {
        check_holder(cluster_.pods()[index], reasons);
      }
    }
    for (std::uint32_t index : node.nominated) {
      if (keeps_place(cluster_.pods()[index], incoming_)) {
        check_holder(cluster_.pods()[index], reasons);
      }
    }
  }

 private:
  const Cluster& cluster_;
  const Incoming& incoming_;

  void check_holder(const PodInfo& holder, Reasons& reasons) const {
    for (const HostPort& port : incoming_.pod.ports) {
      bool taken = std::any_of(holder.ports.begin(), holder.ports.end(),
                               [&](const HostPort& held) { return held.conflicts_with(port); });
      if (!taken) {
        continue;
      }
      if (Reason* reason = reasons.add("host-port-conflict", "NodePorts", true)) {
        reason->values = {{"port", std::to_string(port.port)},
                          {"protocol", std::string(port.protocol)},
                          {"ip", std::string(port.ip)},
                          {"holder", std::string(holder.namespace_) + "/" + std::string(holder.name)}};
      }
    }
  }
};

}  // namespace

std::unique_ptr<Filter> node_ports(const Cluster& cluster, const Incoming& incoming, Reasons&) {
  return incoming.pod.ports.empty() ? nullptr : std::make_unique<NodePorts>(cluster, incoming);
}

}  // namespace podcheck::scheduling
