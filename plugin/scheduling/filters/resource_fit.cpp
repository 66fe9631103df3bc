// NodeResourcesFit: what the pod requests has to be free on the node: allocatable less the requests of its pods.
//
// pkg/scheduler/framework/plugins/noderesources/fit.go fitsRequest.
// - Usage does not matter, requests do. Pods that exceed a node's allocatable are possible (static pods, pods bound by
//   name): free is then negative and every request is refused, but a pod that requests nothing of a kind is not.
// - A request of zero is never refused, whatever is free; a resource that a node does not list is zero there.
// - The pod count is compared with allocatable.pods first, terminating pods included; no such entry means zero.
// - Where a node does not list an extended resource that a DeviceClass stands for, DynamicResources decides.
// - Pods that preemption has nominated for the node and that are no less important hold their place already.
// - Only a request above the node's whole allocatable is unresolvable by preemption.
#include <algorithm>

#include "kube/quantity.hpp"
#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

namespace {

using kube::Quantity;

class ResourceFit : public Filter {
 public:
  ResourceFit(const Cluster& cluster, const Incoming& incoming)
      : cluster_(cluster), incoming_(incoming), wanted_(incoming.pod.requests) {
    for (const auto& [name, amount] : wanted_.scalars) {
      if (amount > 0 && offered_by_device_class(cluster, name)) {
        delegable_.push_back(name);
      }
    }
  }

  void check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const override {
    auto running = static_cast<std::int64_t>(node.pods.size() - evicted.size());
    Resources left;
    const Resources* used = &node.used;
    if (!evicted.empty() || !node.nominated.empty()) {
      left = node.used;
      for (std::uint32_t index : evicted) {
        left.subtract(cluster_.pods()[index].requests);
      }
      for (std::uint32_t index : node.nominated) {
        if (keeps_place(cluster_.pods()[index], incoming_)) {
          left.add(cluster_.pods()[index].requests);
          ++running;
        }
      }
      used = &left;
    }
    if (running + 1 > node.allocatable.pods) {
      if (Reason* reason = reasons.add("too-many-pods", "NodeResourcesFit", true)) {
        reason->values = {{"running", std::to_string(running)}, {"limit", std::to_string(node.allocatable.pods)}};
        if (!node.has_allocatable) {
          reason->variant = "no-allocatable";
        }
      }
    }
    compare("cpu", "insufficient-cpu", wanted_.milli_cpu, node.allocatable.milli_cpu, used->milli_cpu, reasons);
    compare("memory", "insufficient-memory", wanted_.memory, node.allocatable.memory, used->memory, reasons);
    compare("ephemeral-storage", "insufficient-ephemeral-storage", wanted_.ephemeral_storage,
            node.allocatable.ephemeral_storage, used->ephemeral_storage, reasons);
    for (const auto& [name, amount] : wanted_.scalars) {
      if (node.allocatable.scalar(name) <= 0 &&
          std::find(delegable_.begin(), delegable_.end(), name) != delegable_.end()) {
        continue;
      }
      bool huge = name.starts_with("hugepages-");
      std::string_view id = huge                                ? "insufficient-hugepages"
                            : node.allocatable.has_scalar(name) ? "insufficient-extended-resource"
                                                                : "extended-resource-missing";
      compare(name, id, amount, node.allocatable.scalar(name), used->scalar(name), reasons);
    }
  }

 private:
  const Cluster& cluster_;
  const Incoming& incoming_;
  const Resources& wanted_;
  std::vector<std::string_view> delegable_;

  static Quantity quantity(std::string_view resource, std::int64_t amount) {
    if (resource == "cpu") {
      return Quantity::from_milli(amount);
    }
    return Quantity::from_units(amount,
                                kube::counts_bytes(resource) ? Quantity::Format::binary : Quantity::Format::decimal);
  }

  static void compare(std::string_view resource, std::string_view id, std::int64_t wanted, std::int64_t allocatable,
                      std::int64_t used, Reasons& reasons) {
    std::int64_t free = saturating_subtract(allocatable, used);
    if (wanted <= 0 || wanted <= free) {
      return;
    }
    Reason* reason = reasons.add(id, "NodeResourcesFit", wanted <= allocatable);
    if (reason == nullptr) {
      return;
    }
    auto text = [&](std::int64_t amount) { return kube::format_resource(resource, quantity(resource, amount)); };
    reason->values = {{"resource", std::string(resource)},
                      {"need", text(wanted)},
                      {"free", text(free)},
                      {"allocatable", text(allocatable)},
                      {"used", text(used)},
                      {"short", text(saturating_subtract(wanted, free))}};
    if (wanted > allocatable) {
      reason->variant = "never";
    }
  }
};

}  // namespace

// pkg/scheduler/framework/runtime/framework.go addNominatedPods.
bool keeps_place(const PodInfo& nominated, const Incoming& incoming) {
  bool same = nominated.name == incoming.pod.name && nominated.namespace_ == incoming.pod.namespace_;
  return !same && nominated.priority >= incoming.pod.priority;
}

std::unique_ptr<Filter> resource_fit(const Cluster& cluster, const Incoming& incoming, Reasons&) {
  return std::make_unique<ResourceFit>(cluster, incoming);
}

}  // namespace podcheck::scheduling
