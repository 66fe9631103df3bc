// Pending and on no node: what every node says, what that comes to, and the smallest change that would place the pod.
#include <algorithm>
#include <map>

#include "document/document.hpp"
#include "live/causes/claims.hpp"
#include "live/causes/fit_error.hpp"
#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/patch.hpp"
#include "live/placement.hpp"
#include "live/text.hpp"
#include "scheduling/capacity.hpp"
#include "scheduling/rows.hpp"
#include "scheduling/verdict.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

constexpr std::chrono::seconds patience{30};

struct Pending {
  Patient& patient;
  std::vector<EventFacts> events;
  const EventFacts* event = nullptr;  // the scheduler's last refusal
  Node unschedulable;                 // condition PodScheduled=False; it has the whole message
  std::string message;
  FitError said;
};

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

void prove_refusal(const Pending& pending, Candidate& out) {
  if (pending.event != nullptr) {
    out.evidence.push_back(event_evidence(*pending.event));
  } else if (pending.unschedulable) {
    out.evidence.push_back(
        field_evidence(pending.patient.pod, "status.conditions[PodScheduled]", shown(pending.message, 400)));
  }
}

// What an autoscaler makes of it: shown beside the cause.
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

std::string value(const finding::Values& values, std::string_view name) {
  for (const auto& [key, text] : values) {
    if (key == name) {
      return text;
    }
  }
  return {};
}

void add_changes(Pending& pending, const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                 Candidate& out) {
  Patient& patient = pending.patient;
  std::string prefix = pod_spec_pointer(patient.owner["kind"].string());
  for (const scheduling::Change& change : scheduling::smallest_changes(cluster, patient.pod, placement)) {
    finding::Fix fix;
    fix.summary = scheduling::sentence(change, patient.catalogue);
    fix.safety = finding::Safety::unsafe;
    std::string patch = change.patch(prefix.empty() ? "/spec" : prefix);
    if (!patch.empty() && !prefix.empty()) {
      fix.patch = patch;
      fix.command = kubectl(patient, "patch " + lower(patient.owner["kind"].string()) + " " +
                                         shell_word(name_of(patient.owner)) + " --type=json -p " + shell_word(patch));
      std::string tool = managed_by(patient.owner);
      fix.effect = patient.catalogue.say(tool.empty() ? "live.changes" : "live.managed",
                                         {{"object", label_of(patient.owner)}, {"tool", tool}});
    } else if (patch.empty()) {
      for (const scheduling::Edit& edit : change.edits) {
        fix.command += (fix.command.empty() ? "" : " && ") + edit.command;
      }
      fix.effect = patient.catalogue.say("live.changes", {{"object", "Node"}});
    }
    out.fixes.push_back(std::move(fix));
  }
}

// The numbers: need, free, allocatable and holders of what is short.
void prove_numbers(Pending& pending, const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                   const scheduling::Verdict& verdict, Candidate& out) {
  const catalogue::Catalogue& catalogue = pending.patient.catalogue;
  std::size_t shown_nodes = 0;
  for (const scheduling::NodeResult& node : placement.nodes) {
    if (!node.reasons.empty() && shown_nodes++ < 6) {
      out.evidence.push_back(
          computed_evidence("Node/" + node.node + ": " + scheduling::sentence(node.reasons, catalogue)));
    }
  }
  std::string resource = value(verdict.values, "resource");
  std::string node = value(verdict.values, "node");
  if (resource.empty() || node.empty()) {
    return;
  }
  for (const scheduling::Consumer& consumer : scheduling::consumers(cluster, node, resource, 2)) {
    if (consumer.amount > 0) {
      out.evidence.push_back(computed_evidence(
          catalogue.say("live.scheduling.holder", {{"pod", consumer.namespace_ + "/" + consumer.name},
                                                   {"amount", scheduling::format_amount(resource, consumer.amount)},
                                                   {"resource", resource},
                                                   {"node", node}})));
    }
  }
}

// The pods that a higher priority has pushed out, which this one replaces.
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
    proof.text = redacted(std::string(name) + ": " + text);
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

// Where nodes cannot be read, or say something else than the scheduler did: its own words decide.
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
  for (const FitReason& reason : said.reasons) {
    texts.push_back(reason.nodes > 0 ? std::to_string(reason.nodes) + " " + reason.text : reason.text);
    if (!reason.cause.empty()) {
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
    if (count >= said.total) {
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
  for (const char* name :
       {"class", "provisioner", "volume", "wanted", "modes", "size", "offered", "hint", "classes", "name", "detail"}) {
    set(one, name, "");
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
  prove_autoscaler(pending, one);
  out.push_back(std::move(one));
}

bool claims_explain(Pending& pending, std::vector<Candidate>& out) {
  Patient& patient = pending.patient;
  for (const scheduling::ClaimUse& use : scheduling::claims_of(patient.pod)) {
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

// No word from any scheduler.
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
  scheduling::Cluster cluster(placement_objects(patient.cluster, patient.pod));
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
  for (const char* name : {"claim", "class", "provisioner", "volume", "wanted", "modes", "size", "offered", "hint",
                           "classes", "detail", "name"}) {
    if (value_of(one, name).empty()) {
      set(one, name, "");
    }
  }
  std::string sentence = scheduling::sentence(verdict, patient.catalogue);
  set(one, "verdict", sentence);
  prove_refusal(pending, one);
  if (verdict.cause == "scheduling-gate") {
    prove(one, patient.pod, "spec.schedulingGates");
    prove(one, patient.pod, "status.conditions[PodScheduled]");
  }
  prove_numbers(pending, cluster, placement, verdict, one);
  if (verdict.cause == "rwop-claim-in-use") {
    one.chain.push_back("PersistentVolumeClaim/" + value_of(one, "claim"));
  }
  if (value_of(one, "resource").empty() == false) {
    for (const ContainerFacts& container : containers_of(patient.pod)) {
      prove(one, patient.pod, container.spec_path + ".resources.requests");
    }
    prove(one, patient.pod, "spec.overhead");
  }
  if (verdict.cause.starts_with("node-selector")) {
    prove(one, patient.pod, "spec.nodeSelector");
  }
  if (verdict.cause == "volume-node-affinity-conflict") {
    for (const scheduling::ClaimUse& use : scheduling::claims_of(patient.pod)) {
      Node claim = patient.cluster.get("persistentvolumeclaims", patient.namespace_, use.name);
      Node volume = patient.cluster.get("persistentvolumes", "", claim["spec"]["volumeName"].string());
      prove(one, volume, "spec.nodeAffinity");
    }
  }
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
