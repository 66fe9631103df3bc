// What the scheduler and the autoscalers say themselves, for want of nodes to look at; and what their silence means.
#include <algorithm>
#include <map>

#include "live/causes/pending.hpp"
#include "live/patch.hpp"
#include "live/placement.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

constexpr std::chrono::seconds patience{30};

bool of_control_plane(const FitReason& reason) {
  return reason.cause == "untolerated-taint" &&
         contains_any(reason.detail, {"node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"});
}

// Nodes that only control planes use are no candidates, where there are others.
long judged_nodes(const FitError& said) {
  long others = said.total;
  for (const FitReason& reason : said.reasons) {
    others -= of_control_plane(reason) ? reason.nodes : 0;
  }
  return others > 0 ? others : said.total;
}

}  // namespace

void prove_refusal(const Pending& pending, Candidate& out) {
  if (pending.event != nullptr) {
    out.evidence.push_back(event_evidence(*pending.event));
  } else if (pending.unschedulable) {
    out.evidence.push_back(
        field_evidence(pending.patient.pod, "status.conditions[PodScheduled]", shown(pending.message, 400)));
  }
}

void prove_autoscaler(const Pending& pending, Candidate& out) {
  for (const char* reason : {"NotTriggerScaleUp", "TriggeredScaleUp", "FailedScaleUp", "Nominated"}) {
    if (const EventFacts* event = newest(pending.events, reason)) {
      out.evidence.push_back(event_evidence(*event));
    }
  }
  for (auto event = pending.events.rbegin(); event != pending.events.rend(); ++event) {
    if (event->reason == "FailedScheduling" && contains(event->component, "karpenter")) {
      out.evidence.push_back(event_evidence(*event));
      break;
    }
  }
}

void autoscaler_claims(const Pending& pending, std::vector<Candidate>& out) {
  const EventFacts* refused = newest(pending.events, "NotTriggerScaleUp");
  const EventFacts* triggered = newest(pending.events, "TriggeredScaleUp");
  const EventFacts* failed = newest_of(pending.events, {"FailedScaleUp", "FailedToScaleUpGroup"});
  auto add = [&](const char* cause, const EventFacts& event) {
    Candidate one = candidate_for(pending.patient, cause, Stage::scheduling, Confidence::confirmed, 40);
    one.role = finding::Role::contributing;
    set(one, "detail", shown(event.message, 300));
    set(one, "age", age_since(pending.patient, event.time));
    one.evidence.push_back(event_evidence(event));
    out.push_back(std::move(one));
  };
  if (failed != nullptr) {
    add("autoscaler-refuses", *failed);
  } else if (triggered != nullptr) {
    add("scale-up-in-progress", *triggered);
  } else if (refused != nullptr) {
    add("autoscaler-refuses", *refused);
  }
}

void from_message(Pending& pending, std::vector<Candidate>& out) {
  Patient& patient = pending.patient;
  const FitError& said = pending.said;
  if (said.total < 0) {
    return;
  }
  if (said.total == 0) {
    Candidate one = candidate_for(patient, "no-nodes", Stage::scheduling, Confidence::confirmed, 80);
    set(one, "verdict", patient.catalogue.say("scheduling.cause.no-nodes.plain"));
    prove_refusal(pending, one);
    prove_autoscaler(pending, one);
    out.push_back(std::move(one));
    return;
  }
  std::map<std::string, long> counts;
  std::vector<std::string> texts;
  const FitReason* first = nullptr;
  long total = judged_nodes(said);
  for (const FitReason& reason : said.reasons) {
    texts.push_back(reason.nodes > 0 ? std::to_string(reason.nodes) + " " + reason.text : reason.text);
    if (!reason.cause.empty() && (total == said.total || !of_control_plane(reason))) {
      counts[reason.cause] += reason.nodes > 0 ? reason.nodes : said.total;
      first = first == nullptr || reason.nodes > first->nodes ? &reason : first;
    }
  }
  if (first == nullptr) {
    return;
  }
  std::string cause = first->cause;
  std::vector<std::string> everywhere;
  for (const auto& [id, count] : counts) {
    if (count >= total) {
      everywhere.push_back(id);
    }
  }
  if (!everywhere.empty()) {
    cause = std::find(everywhere.begin(), everywhere.end(), cause) != everywhere.end() ? cause : everywhere.front();
  } else if (counts.size() > 1) {
    cause = "mixed-shortage";
  }
  Node affinity = patient.pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
  if (cause == "node-affinity-mismatch" && !patient.pod["spec"]["nodeSelector"].empty() && !affinity) {
    cause = "node-selector-mismatch";
  }
  std::string claim;
  for (const FitReason& reason : said.reasons) {
    claim = reason.cause == "pvc-not-found" || reason.cause == "pvc-lost" ? reason.detail : claim;
  }
  Candidate one = candidate_for(patient, cause, Stage::scheduling, Confidence::likely, 60);
  set(one, "verdict",
      patient.catalogue.say("live.scheduling.reported",
                            {{"reasons", shown(join(texts, ", "), 400)}, {"nodes", std::to_string(said.total)}}));
  one.variant = cause == "node-pressure" ? "pending" : "";
  leave_blank(one, {"class", "provisioner", "volume", "wanted", "modes", "size", "offered", "hint", "classes", "name",
                    "detail", "condition"});
  if (cause == "csi-driver-missing") {
    one.variant = "scheduling";
    for (Node node : patient.cluster.list("csinodes").items) {
      if (one.evidence.size() < 4) {
        prove(one, node, "spec.drivers");
      }
    }
  } else if (cause == "pvc-lost") {
    auto named = match(pending.message,
                       "persistentvolumeclaim \"{claim:q}\" bound to non-existent persistentvolume \"{volume:q}\"");
    one.variant = named ? "" : "unnamed";
    set(one, "volume", named ? (*named)["volume"] : "");
  }
  set(one, "detail", first->detail);
  set(one, "driver", first->detail);
  set(one, "claim", claim.empty() ? first->detail : claim);
  prove_refusal(pending, one);
  for (const char* field : {"spec.nodeSelector", "spec.affinity", "spec.tolerations"}) {
    bool relevant = cause == "node-selector-mismatch" || cause == "node-affinity-mismatch" ||
                    cause == "untolerated-taint" || cause == "mixed-shortage";
    if (relevant) {
      prove(one, patient.pod, field);
    }
  }
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    if (cause.starts_with("insufficient") || cause == "mixed-shortage") {
      prove(one, patient.pod, container.spec_path + ".resources.requests");
    }
  }
  if (cause.starts_with("volume-") || cause == "rwop-claim-in-use" || cause.starts_with("pvc-")) {
    for (std::size_t index = 0; index < patient.pod["spec"]["volumes"].size(); ++index) {
      std::string path = "spec.volumes[" + std::to_string(index) + "]";
      prove(one, patient.pod, path + ".persistentVolumeClaim.claimName");
    }
  }
  if (!nodes_known(patient.cluster)) {
    one.evidence.push_back(computed_evidence(patient.catalogue.say("live.scheduling.nodes_unknown")));
  }
  prove_devices(pending, one);
  if (cause == "node-feature-missing") {
    for (Node node : patient.cluster.list("nodes").items) {
      if (one.evidence.size() < 8) {
        prove(one, node, "status.nodeInfo.kubeletVersion");
      }
    }
  }
  prove_autoscaler(pending, one);
  out.push_back(std::move(one));
}

void silence(Pending& pending, std::vector<Candidate>& out) {
  Patient& patient = pending.patient;
  auto created = time_at(patient.pod["metadata"]["creationTimestamp"]);
  if (!created || patient.cluster.now() - *created < patience || pending.event != nullptr || pending.unschedulable ||
      patient.cluster.source().partial("events")) {
    return;
  }
  std::string name(patient.pod["spec"]["schedulerName"].string("default-scheduler"));
  bool own = name != "default-scheduler";
  Candidate one = candidate_for(patient, own ? "unknown-scheduler" : "scheduler-not-running", Stage::scheduling,
                                own ? Confidence::confirmed : Confidence::likely, 90);
  set(one, "scheduler", name);
  set(one, "age", age_since(patient, created));
  set(one, "verdict",
      own ? patient.catalogue.say("scheduling.cause.unknown-scheduler.plain", {{"scheduler", name}}) : "");
  prove(one, patient.pod, "spec.schedulerName");
  one.evidence.push_back(computed_evidence(
      patient.catalogue.say("live.scheduling.no_word", {{"scheduler", name}, {"age", value_of(one, "age")}})));
  if (own) {
    one.fixes.push_back(patch_owner(patient, {{"replace", "schedulerName", "\"default-scheduler\""}}));
    if (one.fixes.front().command.empty()) {
      one.fixes.clear();
    }
  }
  out.push_back(std::move(one));
}

}  // namespace podcheck::live
