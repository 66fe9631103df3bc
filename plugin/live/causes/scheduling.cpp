// Pending and on no node: what every node says, what that comes to, and the smallest change that would place the pod.
#include <algorithm>

#include "live/causes/claims.hpp"
#include "live/causes/pending.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/placement.hpp"
#include "live/text.hpp"
#include "scheduling/rows.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

Pending read(Patient& patient) {
  Pending out{patient, events_of(patient.cluster, patient.pod), nullptr, Node(), "", {}};
  for (const EventFacts& event : out.events) {
    bool scheduler = event.reason == "FailedScheduling" && !contains(event.component, "karpenter");
    out.event = scheduler ? &event : out.event;
  }
  Node scheduled = condition(patient.pod, "PodScheduled");
  if (scheduled["status"].string() == "False") {
    out.unschedulable = scheduled;
    out.message = scheduled["message"].string();
  }
  if (parse_fit_error(out.message).total < 0 && out.event != nullptr) {
    out.message = out.event->message;
  }
  out.said = parse_fit_error(out.message);
  return out;
}

bool claims_explain(Pending& pending, std::vector<Candidate>& out) {
  Patient& patient = pending.patient;
  for (const scheduling::ClaimUse& use : scheduling::claims_of(patient.pod)) {
    Node claim = patient.cluster.get("persistentvolumeclaims", patient.namespace_, use.name);
    if (use.ephemeral && (!claim || controller_reference(claim)["name"].string() != name_of(patient.pod))) {
      continue;  // not created yet, or somebody else's: that is for the filters
    }
    std::size_t before = out.size();
    if (explain_claim(patient, use.name, Stage::scheduling, out)) {
      for (std::size_t i = before; i < out.size(); ++i) {
        prove_refusal(pending, out[i]);
      }
      return true;
    }
  }
  return false;
}

void judge_pending(Pending& pending, std::vector<Candidate>& out) {
  Patient& patient = pending.patient;
  if (waits_for_victims(pending, out) || claims_explain(pending, out)) {
    return;
  }
  bool nodes = nodes_known(patient.cluster) || patient.cluster.knows("nodes", "");
  if (!nodes || !claims_known(patient.cluster, patient.pod)) {
    from_message(pending, out);
    silence(pending, out);
    return;
  }
  const scheduling::Cluster& cluster = placement_cluster(patient.cluster, patient.pod);
  scheduling::Placement placement = scheduling::evaluate(cluster, patient.pod);
  scheduling::Verdict verdict = scheduling::judge(cluster, patient.pod, placement);
  if (verdict.cause == "unknown-scheduler" || verdict.cause.empty()) {
    // It would fit now: what the scheduler has said last counts, unless it has never said anything.
    from_message(pending, out);
    silence(pending, out);
    return;
  }
  bool heard = pending.event != nullptr || pending.unschedulable;
  Candidate one = candidate_for(patient, verdict.cause, Stage::scheduling,
                                heard && usage_known(patient.cluster) ? Confidence::confirmed : Confidence::likely, 90);
  for (const auto& [name, text] : verdict.values) {
    set(one, name, text);
  }
  leave_blank(one, {"claim", "class", "provisioner", "volume", "wanted", "modes", "size", "offered", "hint", "classes",
                    "detail", "name", "condition"});
  std::string sentence = scheduling::sentence(verdict, patient.catalogue);
  set(one, "verdict", sentence);
  prove_refusal(pending, one);
  prove_verdict(pending, cluster, placement, verdict, one);
  preemption_hint(pending, cluster, placement, one);
  prove_autoscaler(pending, one);
  if (!usage_known(patient.cluster)) {
    one.evidence.push_back(computed_evidence(patient.catalogue.say("live.scheduling.usage_unknown")));
  }
  add_changes(pending, cluster, placement, one);
  bool short_of_room =
      !value_of(one, "resource").empty() || verdict.cause == "mixed-shortage" || verdict.cause == "too-many-pods";
  std::string shortage = verdict.cause;
  out.push_back(std::move(one));
  if (short_of_room) {
    preempted(pending, shortage, sentence, out);
  }
}

}  // namespace

void diagnose_scheduling(Patient& patient, std::vector<Candidate>& out) {
  Node pod = patient.pod;
  if (!pod || pod["metadata"].has("deletionTimestamp") || pod["status"]["phase"].string("Pending") != "Pending") {
    return;
  }
  std::string_view node = pod["spec"]["nodeName"].string();
  if (!node.empty()) {
    if (!patient.cluster.get("nodes", "", node) && patient.cluster.knows("nodes", "") && nodes_known(patient.cluster)) {
      Candidate one = candidate_for(patient, "node-name-mismatch", Stage::scheduling, Confidence::confirmed, 90);
      set(one, "verdict",
          patient.catalogue.say("scheduling.cause.node-name-mismatch.plain", {{"wanted", std::string(node)}}));
      prove(one, pod, "spec.nodeName");
      std::vector<std::string> names = names_in(patient, "nodes", "");
      std::string near = catalogue::nearest(node, names);
      names.resize(std::min<std::size_t>(names.size(), 8));
      one.evidence.push_back(
          computed_evidence(patient.catalogue.say("live.creation.existing", {{"names", join(names, ", ")}})));
      finding::Fix fix = patch_owner(patient, {near.empty() ? Operation{"remove", "nodeName", ""}
                                                            : Operation{"replace", "nodeName", json_string(near)}});
      if (!fix.command.empty()) {
        one.fixes.push_back(std::move(fix));
      }
      out.push_back(std::move(one));
    }
    return;
  }
  if (condition_is(pod, "PodScheduled", "True")) {
    return;  // a paste may have lost the node's name
  }
  Pending pending = read(patient);
  if (pending.unschedulable["reason"].string() == "SchedulerError") {
    Candidate one = candidate_for(patient, "scheduler-error", Stage::scheduling, Confidence::likely, 50);
    set(one, "detail", shown(pending.message, 300));
    prove_refusal(pending, one);
    out.push_back(std::move(one));
  }
  judge_pending(pending, out);
  autoscaler_claims(pending, out);
}

}  // namespace podcheck::live
