// What governs pods from outside: disruption budgets that let none go, autoscalers that cannot compute.
#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/target.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

std::string count_of(Node status, const char* field) {
  return status[field].integer() ? status[field].text() : "0";
}

void budget(Patient& patient, std::vector<Candidate>& out) {
  Node status = patient.owner["status"];
  Node allowed = condition(patient.owner, "DisruptionAllowed");
  bool failed = allowed["reason"].string() == "SyncFailed";
  if (!failed &&
      (status["disruptionsAllowed"].integer().value_or(1) > 0 || status["expectedPods"].integer().value_or(0) == 0)) {
    return;
  }
  Candidate one =
      candidate_for(patient, "disruption-budget-blocks", Stage::controller, Confidence::confirmed, failed ? 80 : 60);
  set(one, "name", std::string(name_of(patient.owner)));
  set(one, "healthy", count_of(status, "currentHealthy"));
  set(one, "desired", count_of(status, "desiredHealthy"));
  set(one, "expected", count_of(status, "expectedPods"));
  set(one, "detail", shown(allowed["message"].string(), 300));
  for (const char* field : {"spec.minAvailable", "spec.maxUnavailable", "status.currentHealthy",
                            "status.desiredHealthy", "status.expectedPods", "status.disruptionsAllowed"}) {
    prove(one, patient.owner, field);
  }
  std::vector<std::string> unwell;
  for (Node pod : pods_of(patient.cluster, patient.owner)) {
    if (!condition_is(pod, "Ready", "True")) {
      unwell.push_back(std::string(name_of(pod)) + " " + status_column(pod));
    }
  }
  unwell.resize(std::min<std::size_t>(unwell.size(), 4));
  set(one, "pods", join(unwell, ", "));
  one.variant = failed ? "failed" : unwell.empty() ? "" : "unhealthy";
  if (!failed) {
    one.fixes.push_back(merge_patch(patient, patient.owner,
                                    unwell.empty() ? R"({"spec":{"minAvailable":null,"maxUnavailable":1}})"
                                                   : R"({"spec":{"unhealthyPodEvictionPolicy":"AlwaysAllow"}})"));
  }
  out.push_back(std::move(one));
}

void autoscaler(Patient& patient, std::vector<Candidate>& out) {
  Node reference = patient.owner["spec"]["scaleTargetRef"];
  std::string target = std::string(reference["kind"].string()) + "/" + std::string(reference["name"].string());
  Node able = condition(patient.owner, "AbleToScale");
  Node active = condition(patient.owner, "ScalingActive");
  bool unable = able["status"].string() == "False" && able["reason"].string() != "BackoffBoth" &&
                able["reason"].string() != "BackoffDownscale" && able["reason"].string() != "BackoffUpscale";
  // ScalingDisabled: somebody has set the target to zero replicas.
  bool blind = active["status"].string() == "False" && active["reason"].string() != "ScalingDisabled";
  if (!unable && !blind) {
    return;
  }
  Node said = unable ? able : active;
  Candidate one = candidate_for(patient, unable ? "autoscaler-target-missing" : "autoscaler-without-metrics",
                                Stage::controller, Confidence::confirmed, 70);
  set(one, "name", std::string(name_of(patient.owner)));
  set(one, "target", target);
  set(one, "reason", std::string(said["reason"].string()));
  set(one, "detail", shown(said["message"].string(), 300));
  leave_blank(one, {"hint"});
  prove(one, patient.owner, "spec.scaleTargetRef.name");
  prove(one, patient.owner, unable ? "status.conditions[AbleToScale]" : "status.conditions[ScalingActive]");
  std::string_view resource = resource_of_kind(reference["kind"].string());
  if (unable && !resource.empty() && presence(patient, resource, reference["name"].string()) == Presence::absent) {
    set(one, "hint", hint_for(patient, resource, reference["name"].string()));
    std::string near = near_name(patient, resource, reference["name"].string());
    if (!near.empty()) {
      one.fixes.push_back(
          merge_patch(patient, patient.owner, "{\"spec\":{\"scaleTargetRef\":{\"name\":" + json_string(near) + "}}}"));
    }
  }
  if (auto hit = match(said["message"].string(), "missing request for {resource:w} in container {container:w} ")) {
    one.variant = "request";
    one.container = (*hit)["container"];
    set(one, "resource", (*hit)["resource"]);
    set(one, "container", (*hit)["container"]);
  }
  out.push_back(std::move(one));
}

}  // namespace

void diagnose_policies(Patient& patient, std::vector<Candidate>& out) {
  if (patient.pod) {
    return;
  }
  if (patient.owner["kind"].string() == "PodDisruptionBudget") {
    budget(patient, out);
  } else if (patient.owner["kind"].string() == "HorizontalPodAutoscaler") {
    autoscaler(patient, out);
  }
}

}  // namespace podcheck::live
