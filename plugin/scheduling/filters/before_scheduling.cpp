// SchedulingGates and the scheduler's name: what keeps a pod out of the scheduling queue.
//
// pkg/scheduler/framework/plugins/schedulinggates/scheduling_gates.go: while gates are left, no filter runs at all and
// the condition PodScheduled says SchedulingGated. A pod of another scheduler is nobody's business here: no event and
// no condition ever appear when that scheduler does not run.
#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

void check_before_scheduling(const Incoming& incoming, Reasons& reasons) {
  document::Node spec = incoming.pod.object["spec"];
  if (!spec["schedulingGates"].empty()) {
    if (Reason* reason = reasons.add("scheduling-gate", "SchedulingGates", false)) {
      std::string gates;
      for (document::Node gate : spec["schedulingGates"].items()) {
        gates += (gates.empty() ? "" : ", ") + std::string(gate["name"].string());
      }
      reason->values = {{"gates", std::move(gates)}};
    }
  }
  std::string_view scheduler = spec["schedulerName"].string();
  if (!scheduler.empty() && scheduler != "default-scheduler") {
    if (Reason* reason = reasons.add("unknown-scheduler", "", false)) {
      reason->values = {{"scheduler", std::string(scheduler)}};
    }
  }
}

}  // namespace podcheck::scheduling
