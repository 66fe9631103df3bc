// TaintToleration: taints with NoSchedule or NoExecute need a toleration; PreferNoSchedule refuses nobody.
//
// pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go. The scheduler stops at the first taint and,
// since 1.34, no longer names it; here every untolerated taint is a reason. node.kubernetes.io/not-ready and
// unreachable with NoExecute are tolerated by every pod through default tolerations, their NoSchedule twins are not.
#include <algorithm>

#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

namespace {

bool is_tolerated(const Taint& taint, const std::vector<Toleration>& tolerations) {
  return std::any_of(tolerations.begin(), tolerations.end(),
                     [&](const Toleration& toleration) { return toleration.tolerates(taint); });
}

class TaintToleration : public Filter {
 public:
  explicit TaintToleration(const std::vector<Toleration>& tolerations) : tolerations_(tolerations) {}
  void check(const NodeInfo& node, Evicted, Reasons& reasons) const override {
    for (const Taint& taint : node.taints) {
      // NodeUnschedulable, which the scheduler asks first, speaks for a cordoned node's own taint.
      bool cordon = node.unschedulable && taint.key == "node.kubernetes.io/unschedulable";
      if (cordon || is_tolerated(taint, tolerations_)) {
        continue;
      }
      if (Reason* reason = reasons.add("untolerated-taint", "TaintToleration", false)) {
        std::string text(taint.key);
        if (!taint.value.empty()) {
          text.append("=").append(taint.value);
        }
        text.append(":").append(taint.effect);
        reason->values = {{"taint", std::move(text)},
                          {"key", std::string(taint.key)},
                          {"value", std::string(taint.value)},
                          {"effect", std::string(taint.effect)}};
      }
    }
  }

 private:
  const std::vector<Toleration>& tolerations_;
};

}  // namespace

const Taint* untolerated(const NodeInfo& node, const std::vector<Toleration>& tolerations) {
  for (const Taint& taint : node.taints) {
    if (!is_tolerated(taint, tolerations)) {
      return &taint;
    }
  }
  return nullptr;
}

std::unique_ptr<Filter> taint_toleration(const Cluster&, const Incoming& incoming, Reasons&) {
  return std::make_unique<TaintToleration>(incoming.tolerations);
}

}  // namespace podcheck::scheduling
