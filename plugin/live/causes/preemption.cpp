// Priority: pods that were pushed out, pods that wait for their victims, and what preemption could do.
#include "cluster/redact.hpp"
#include "live/causes/pending.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

void preempted(Pending& pending, const std::string& shortage, const std::string& sentence,
               std::vector<Candidate>& out) {
  Patient& patient = pending.patient;
  std::string stem(controller_reference(patient.pod)["name"].string());
  for (Node event : patient.cluster.list("events", patient.namespace_).items) {
    if (event["reason"].string() != "Preempted") {
      continue;
    }
    Node victim = event["involvedObject"] ? event["involvedObject"] : event["regarding"];
    std::string_view name = victim["name"].string();
    bool same = name == name_of(patient.pod) && victim["uid"].string() != patient.pod["metadata"]["uid"].string();
    bool sibling = !stem.empty() && name.starts_with(stem + "-") && name != name_of(patient.pod);
    if (!same && !sibling) {
      continue;
    }
    std::string text(event["message"].string(event["note"].string()));
    Candidate one = candidate_for(patient, "preempted", Stage::scheduling, Confidence::confirmed, 110);
    one.supersedes = {shortage, "mixed-shortage", "fragmented-capacity"};
    auto hit = match(text, "on node {node:w}");
    set(one, "node", hit ? (*hit)["node"] : "");
    set(one, "victim", std::string(name));
    set(one, "verdict", sentence);
    std::string by;
    if (auto uid = match(text, "pod {uid:w} on node")) {
      for (Node pod : patient.cluster.list("pods").items) {
        if (pod["metadata"]["uid"].string() == (*uid)["uid"]) {
          by = std::string(namespace_of(pod)) + "/" + std::string(name_of(pod));
          prove(one, pod, "spec.priority");
          prove(one, pod, "spec.priorityClassName");
        }
      }
    } else if (auto named = match(text, "Preempted by {by:w} on node")) {
      by = (*named)["by"];
    }
    if (by.empty() && hit) {
      // Since 1.26 the event does not name the winner; the pod of highest priority on that node is it.
      std::int64_t best = patient.pod["spec"]["priority"].integer().value_or(0);
      for (Node pod : patient.cluster.list("pods").items) {
        std::int64_t priority = pod["spec"]["priority"].integer().value_or(0);
        bool system = namespace_of(pod) == "kube-system";
        if (!system && pod["spec"]["nodeName"].string() == (*hit)["node"] && priority > best) {
          best = priority;
          by = std::string(namespace_of(pod)) + "/" + std::string(name_of(pod));
        }
      }
    }
    set(one, "by", by.empty() ? "a pod of higher priority" : by);
    finding::Evidence proof;
    proof.kind = "event";
    proof.source = "Preempted";
    proof.text = cluster::redact(std::string(name) + ": " + text);
    one.evidence.push_back(std::move(proof));
    prove(one, patient.pod, "spec.priority");
    prove_refusal(pending, one);
    one.evidence.push_back(computed_evidence(sentence));
    out.push_back(std::move(one));
    return;
  }
}

bool waits_for_victims(Pending& pending, std::vector<Candidate>& out) {
  Patient& patient = pending.patient;
  std::string nominated(patient.pod["status"]["nominatedNodeName"].string());
  bool says = contains_any(pending.message, {"terminating pod on the nominated node", "waiting for the preemption"});
  if (nominated.empty() && !says) {
    return false;
  }
  std::int64_t priority = patient.pod["spec"]["priority"].integer().value_or(0);
  Candidate one = candidate_for(patient, "waiting-for-preempted-pods", Stage::scheduling, Confidence::confirmed, 120);
  std::vector<std::string> victims;
  for (Node pod : patient.cluster.list("pods").items) {
    if (!pod["metadata"].has("deletionTimestamp") || pod["spec"]["nodeName"].string() != nominated ||
        pod["spec"]["priority"].integer().value_or(0) >= priority) {
      continue;
    }
    victims.push_back(std::string(namespace_of(pod)) + "/" + std::string(name_of(pod)));
    prove(one, pod, "metadata.deletionTimestamp");
    prove(one, pod, "metadata.deletionGracePeriodSeconds");
    auto ends = time_at(pod["metadata"]["deletionTimestamp"]);
    if (ends && *ends > patient.cluster.now()) {
      set(one, "left", std::to_string((*ends - patient.cluster.now()).count()));
    }
  }
  if (victims.empty() && !says) {
    return false;
  }
  set(one, "node", nominated.empty() ? "?" : nominated);
  set(one, "victims", victims.empty() ? "the pods that it preempts" : join(victims, ", "));
  if (value_of(one, "left").empty()) {
    one.variant = "no-time";
    set(one, "left", "");
  }
  prove(one, patient.pod, "status.nominatedNodeName");
  prove_refusal(pending, one);
  out.push_back(std::move(one));
  return true;
}

void preemption_hint(Pending& pending, const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                     Candidate& out) {
  const catalogue::Catalogue& catalogue = pending.patient.catalogue;
  auto preemption = scheduling::preemption_for(cluster, pending.patient.pod, placement);
  if (preemption.verdict == scheduling::Preemption::Verdict::never) {
    out.evidence.push_back(computed_evidence(catalogue.say("live.scheduling.never_preempts")));
  } else if (preemption.verdict == scheduling::Preemption::Verdict::would_help) {
    std::vector<std::string> names;
    for (Node pod : preemption.victims) {
      names.push_back(std::string(namespace_of(pod)) + "/" + std::string(name_of(pod)));
    }
    out.evidence.push_back(computed_evidence(
        catalogue.say("live.scheduling.would_preempt", {{"node", preemption.node}, {"pods", join(names, ", ")}})));
  }
}

}  // namespace podcheck::live
