// What a controller says of itself: rollouts, ordinals, nodes that a DaemonSet leaves out, Jobs and CronJobs.
#include <algorithm>
#include <set>

#include "kube/object.hpp"
#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/patch.hpp"
#include "live/target.hpp"
#include "live/text.hpp"
#include "scheduling/model.hpp"
#include "scheduling/node_selector.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

Candidate about(Patient& patient, const char* cause, Stage stage, Confidence confidence, int specificity) {
  Candidate out = candidate_for(patient, cause, stage, confidence, specificity);
  set(out, "name", std::string(name_of(patient.owner)));
  set(out, "kind", std::string(patient.owner["kind"].string()));
  set(out, "detail", "");
  return out;
}

void deployment(Patient& patient, std::vector<Candidate>& out) {
  Node owner = patient.owner;
  if (owner["spec"]["replicas"].integer().value_or(1) == 0) {
    return;  // scaled to zero on purpose
  }
  Node progressing = condition(owner, "Progressing");
  if (progressing["reason"].string() == "ProgressDeadlineExceeded") {
    Candidate one = about(patient, "rollout-stalled", Stage::controller, Confidence::confirmed, 50);
    std::string text(progressing["message"].string());
    auto hit = match(text, "replicaset \"{set:q}\"");
    set(one, "set", hit ? (*hit)["set"] : "");
    set(one, "updated", owner["status"]["updatedReplicas"].text());
    set(one, "ready", owner["status"]["readyReplicas"].integer() ? owner["status"]["readyReplicas"].text() : "0");
    set(one, "replicas", owner["spec"]["replicas"].integer() ? owner["spec"]["replicas"].text() : "1");
    set(one, "seconds",
        owner["spec"]["progressDeadlineSeconds"].integer() ? owner["spec"]["progressDeadlineSeconds"].text() : "600");
    prove(one, owner, "status.conditions[Progressing]");
    prove(one, owner, "status.conditions[Available]");
    one.fixes.push_back(change(patient, owner, "rollout undo deployment/" + shell_word(name_of(owner))));
    out.push_back(std::move(one));
  }
  bool paused = owner["spec"]["paused"].boolean().value_or(false);
  std::int64_t wanted = owner["spec"]["replicas"].integer().value_or(1);
  if (paused && wanted > owner["status"]["updatedReplicas"].integer().value_or(0)) {
    Candidate one = about(patient, "rollout-paused", Stage::controller, Confidence::confirmed, 60);
    prove(one, owner, "spec.paused");
    prove(one, owner, "status.conditions[Progressing]");
    one.fixes.push_back(change(patient, owner, "rollout resume deployment/" + shell_word(name_of(owner))));
    // With all its old pods ready a pause is somebody's intention.
    bool serving = owner["status"]["readyReplicas"].integer().value_or(0) >= wanted;
    if (!serving) {
      out.push_back(std::move(one));
    }
  }
}

// The controller manager has not even looked at it.
void unobserved(Patient& patient, std::vector<Candidate>& out) {
  Node owner = patient.owner;
  auto generation = owner["metadata"]["generation"].integer();
  auto seen = owner["status"]["observedGeneration"].integer();
  auto created = time_at(owner["metadata"]["creationTimestamp"]);
  bool old = created && patient.cluster.now() - *created > std::chrono::seconds(60);
  std::string_view kind = owner["kind"].string();
  bool observed_kind = kind == "Deployment" || kind == "StatefulSet" || kind == "DaemonSet" || kind == "ReplicaSet";
  // A new spec is seen within a second; when it was written is not told, so only a first one that was never seen
  // counts.
  if (observed_kind && old && generation && !seen && owner["status"].empty() &&
      owner["spec"]["replicas"].integer().value_or(1) > 0 && !owner["metadata"].has("deletionTimestamp") &&
      !patient.cluster.source().partial("events")) {
    Candidate one = about(patient, "controller-silent", Stage::creation, Confidence::likely, 60);
    set(one, "age", age_since(patient, created));
    prove(one, owner, "metadata.generation");
    out.push_back(std::move(one));
  }
}

void stateful_set(Patient& patient, std::vector<Candidate>& out) {
  Node owner = patient.owner;
  if (owner["spec"]["podManagementPolicy"].string("OrderedReady") != "OrderedReady") {
    return;
  }
  std::int64_t first = owner["spec"]["ordinals"]["start"].integer().value_or(0);
  std::int64_t wanted = owner["spec"]["replicas"].integer().value_or(1);
  auto pods = pods_of(patient.cluster, owner);
  if (static_cast<std::int64_t>(pods.size()) >= wanted || pods.empty()) {
    return;
  }
  Node blocker;
  std::int64_t lowest = -1;
  for (Node pod : pods) {
    std::string name(name_of(pod));
    std::size_t dash = name.rfind('-');
    std::int64_t ordinal = 0;
    for (std::size_t i = dash + 1; i < name.size() && name[i] >= '0' && name[i] <= '9' && ordinal < 100000000; ++i) {
      ordinal = ordinal * 10 + (name[i] - '0');
    }
    if (!condition_is(pod, "Ready", "True") && (lowest < 0 || ordinal < lowest)) {
      lowest = ordinal;
      blocker = pod;
    }
  }
  if (!blocker) {
    return;
  }
  Candidate one = about(patient, "statefulset-blocked-at-ordinal", Stage::controller, Confidence::confirmed, 50);
  set(one, "pod", std::string(name_of(blocker)));
  set(one, "ordinal", std::to_string(lowest));
  set(one, "status", status_column(blocker));
  set(one, "present", std::to_string(pods.size()));
  set(one, "replicas", std::to_string(wanted));
  set(one, "last", std::string(name_of(owner)) + "-" + std::to_string(first + wanted - 1));
  prove(one, owner, "status.replicas");
  prove(one, owner, "spec.replicas");
  one.evidence.push_back(field_evidence(blocker, "status", status_column(blocker)));
  out.push_back(std::move(one));
}

// A selector that no node matches keeps a DaemonSet off on purpose, unless nodes have that label with a near value, or
// a label that is nearly that one.
void mistaken_selector(Patient& patient, const std::vector<Node>& pods, std::vector<Candidate>& out) {
  Node owner = patient.owner;
  Node nodes = owner["spec"]["template"]["spec"]["nodeSelector"];
  if (!pods.empty() || owner["status"]["desiredNumberScheduled"].integer().value_or(1) > 0) {
    return;
  }
  for (const document::Member& wanted : nodes.members()) {
    std::vector<std::string> keys;
    std::vector<std::string> values;
    for (Node node : patient.cluster.list("nodes").items) {
      for (const document::Member& label : node["metadata"]["labels"].members()) {
        keys.emplace_back(label.key);
        if (label.key == wanted.key) {
          values.push_back(label.value.text());
        }
      }
    }
    bool exists = std::find(values.begin(), values.end(), wanted.value.text()) != values.end();
    std::string near_key = values.empty() ? catalogue::nearest(wanted.key, keys) : "";
    if (exists || (values.empty() && near_key.empty())) {
      continue;
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    Candidate one = about(patient, "daemonset-node-excluded", Stage::controller, Confidence::likely, 45);
    one.variant = "selector";
    set(one, "label", std::string(wanted.key) + "=" + wanted.value.text());
    set(one, "near", near_key.empty() ? std::string(wanted.key) + "=" + join(values, ", ") : near_key);
    set(one, "all", std::to_string(patient.cluster.list("nodes").items.size()));
    prove(one, owner, "spec.template.spec.nodeSelector");
    prove(one, owner, "status.desiredNumberScheduled");
    for (Node node : patient.cluster.list("nodes").items) {
      Node label = node["metadata"]["labels"][near_key.empty() ? wanted.key : std::string_view(near_key)];
      if (label && one.evidence.size() < 6) {
        one.evidence.push_back(field_evidence(
            node, "metadata.labels", (near_key.empty() ? std::string(wanted.key) : near_key) + "=" + label.text()));
      }
    }
    out.push_back(std::move(one));
    return;
  }
}

// Nodes that look as if the DaemonSet should run there: not those of the control plane.
void daemon_set(Patient& patient, std::vector<Candidate>& out) {
  Node owner = patient.owner;
  Node spec = owner["spec"]["template"]["spec"];
  auto pods = pods_of(patient.cluster, owner);
  std::set<std::string, std::less<>> covered;
  for (Node pod : pods) {
    covered.insert(std::string(pod["spec"]["nodeName"].string()));
  }
  std::vector<std::string> refused;
  Candidate one = about(patient, "daemonset-node-excluded", Stage::controller, Confidence::confirmed, 50);
  std::string first_taint;
  for (Node node : patient.cluster.list("nodes").items) {
    if (covered.count(name_of(node)) > 0) {
      continue;
    }
    std::string taints;
    bool control_plane = false;
    bool passing = false;
    std::vector<scheduling::Toleration> tolerations;
    for (Node item : spec["tolerations"].items()) {
      tolerations.push_back(
          {item["key"].string(), item["operator"].string("Equal"), item["value"].string(), item["effect"].string()});
    }
    for (Node item : node["spec"]["taints"].items()) {
      scheduling::Taint taint{item["key"].string(), item["value"].string(), item["effect"].string(), item};
      std::string key(taint.key);
      // The controller gives every pod tolerations for the conditions of nodes.
      bool automatic = key.starts_with("node.kubernetes.io/");
      bool tolerated = std::any_of(tolerations.begin(), tolerations.end(),
                                   [&](const auto& one_of) { return one_of.tolerates(taint); });
      if (taint.effect == "PreferNoSchedule" || automatic || tolerated) {
        continue;
      }
      control_plane =
          control_plane || key == "node-role.kubernetes.io/control-plane" || key == "node-role.kubernetes.io/master";
      passing =
          passing || contains(key, "uninitialized") || contains(key, "ToBeDeleted") || contains(key, "karpenter.sh/");
      taints += (taints.empty() ? "" : ", ") + key + (taint.value.empty() ? "" : "=" + std::string(taint.value)) + ":" +
                std::string(taint.effect);
    }
    std::string lacking;
    for (const document::Member& wanted : spec["nodeSelector"].members()) {
      Node label = node["metadata"]["labels"][wanted.key];
      if (label.text() != wanted.value.text() || !label) {
        lacking += (lacking.empty() ? "" : ", ") + std::string(wanted.key) + "=" + wanted.value.text();
      }
    }
    // A selector says where it is meant to run; a taint of other people's may have been forgotten.
    if (control_plane || passing || !lacking.empty() || taints.empty()) {
      continue;
    }
    refused.push_back(std::string(name_of(node)));
    first_taint = first_taint.empty() ? taints : first_taint;
    one.evidence.push_back(field_evidence(node, "spec.taints", taints));
  }
  if (refused.empty()) {
    mistaken_selector(patient, pods, out);
    return;
  }
  set(one, "nodes", join(refused, ", "));
  set(one, "taints", first_taint);
  set(one, "count", std::to_string(pods.size()));
  set(one, "desired", owner["status"]["desiredNumberScheduled"].text());
  set(one, "all", std::to_string(patient.cluster.list("nodes").items.size()));
  prove(one, owner, "status.desiredNumberScheduled");
  prove(one, owner, "spec.template.spec.tolerations");
  std::string key = first_taint.substr(0, first_taint.find_first_of("=:"));
  std::string rest = first_taint.substr(0, first_taint.find(','));
  std::string effect = rest.substr(rest.rfind(':') + 1);
  std::string value = contains(rest, "=") ? rest.substr(rest.find('=') + 1, rest.rfind(':') - rest.find('=') - 1) : "";
  std::string toleration = "{\"key\":" + json_string(key) + ",\"operator\":" +
                           (value.empty() ? "\"Exists\"" : "\"Equal\",\"value\":" + json_string(value)) +
                           ",\"effect\":" + json_string(effect) + "}";
  one.fixes.push_back(
      patch_owner(patient, {spec["tolerations"].empty() ? Operation{"add", "tolerations", "[" + toleration + "]"}
                                                        : Operation{"add", "tolerations/-", toleration}}));
  out.push_back(std::move(one));
}

void job_of(Patient& patient, Node job, bool scheduled, std::vector<Candidate>& out) {
  Node failed = condition(job, "Failed");
  if (failed["status"].string() != "True") {
    failed = condition(job, "FailureTarget");
  }
  if (failed["status"].string() != "True") {
    return;
  }
  std::string reason(failed["reason"].string());
  const char* cause = reason == "DeadlineExceeded"                                        ? "job-deadline-exceeded"
                      : reason == "PodFailurePolicy"                                      ? "job-failure-policy"
                      : reason == "MaxFailedIndexesExceeded" || reason == "FailedIndexes" ? "job-indexes-failed"
                                                                                          : "job-backoff-limit";
  Candidate one = about(patient, cause, Stage::job, Confidence::confirmed, 60);
  if (reason == "DeadlineExceeded") {
    // Whatever its pods did, they were stopped for the time.
    one.stage = Stage::creation;
    one.specificity = 95;
  }
  set(one, "job", std::string(name_of(job)));
  set(one, "detail", shown(failed["message"].string(), 300));
  set(one, "failed", job["status"]["failed"].integer() ? job["status"]["failed"].text() : "0");
  set(one, "limit", job["spec"]["backoffLimit"].integer() ? job["spec"]["backoffLimit"].text() : "6");
  set(one, "seconds", job["spec"]["activeDeadlineSeconds"].text());
  prove(one, job, "status.conditions[Failed]");
  prove(one, job, "spec.backoffLimit");
  prove(one, job, "spec.activeDeadlineSeconds");
  prove(one, job, "status.startTime");
  auto events = events_of(patient.cluster, job);
  if (const EventFacts* event = newest_of(events, {"DeadlineExceeded", "BackoffLimitExceeded", "PodFailurePolicy"})) {
    one.evidence.push_back(event_evidence(*event));
  }
  for (Node pod : pods_of(patient.cluster, job)) {
    for (const ContainerFacts& container : containers_of(pod)) {
      const auto& log = patient.cluster.log(patient.namespace_, name_of(pod), container.name, false);
      auto lines = lines_of(log.text);
      if (!lines.empty() && one.evidence.size() < 8) {
        one.evidence.push_back(log_evidence(container.name, false, shown(lines.back(), 200)));
      }
    }
  }
  if (scheduled) {
    one.chain.push_back(label_of(patient.owner));
    one.chain.push_back(label_of(job));
  }
  out.push_back(std::move(one));
}

struct Complaint {
  std::string_view reason;
  std::string_view cause;
};
constexpr Complaint complaints[] = {
    {"UnparseableSchedule", "cronjob-schedule-invalid"},
    {"UnParseableCronJobSchedule", "cronjob-schedule-invalid"},
    {"InvalidSchedule", "cronjob-schedule-invalid"},
    {"UnknownTimeZone", "cronjob-timezone-unknown"},
    {"TooManyMissedTimes", "cronjob-too-many-missed"},
    {"FailedNeedsStart", "cronjob-too-many-missed"},
    {"MissSchedule", "cronjob-missed"},
    {"JobAlreadyActive", "cronjob-run-in-progress"},
};

// The run that still goes on, and how its pods are.
void follow_active(Patient& patient, Candidate& out) {
  for (Node reference : patient.owner["status"]["active"].items()) {
    Node job = patient.cluster.get("jobs", patient.namespace_, reference["name"].string());
    if (!job) {
      continue;
    }
    std::string age = age_since(patient, time_at(job["status"]["startTime"]));
    out.variant = age.empty() ? "" : "job";
    set(out, "job", label_of(job));
    set(out, "age", age);
    out.chain.push_back(label_of(job));
    prove(out, job, "status.startTime");
    out.fixes.assign(1, change(patient, job, "delete job " + shell_word(name_of(job)), finding::Safety::manual));
    for (Node pod : pods_of(patient.cluster, job)) {
      if (out.evidence.size() < 8) {
        follow_pod(patient, pod, out);
      }
    }
  }
}

void cron_job(Patient& patient, std::vector<Candidate>& out) {
  Node owner = patient.owner;
  std::vector<Node> jobs;
  for (Node job : patient.cluster.list("jobs", patient.namespace_).items) {
    Node reference = controller_reference(job);
    if (reference["name"].string() == name_of(owner) && reference["kind"].string() == "CronJob") {
      jobs.push_back(job);
    }
  }
  std::stable_sort(jobs.begin(), jobs.end(), [](Node a, Node b) {
    return a["metadata"]["creationTimestamp"].string() < b["metadata"]["creationTimestamp"].string();
  });
  if (owner["spec"]["suspend"].boolean().value_or(false)) {
    return;  // on purpose
  }
  std::size_t failed = 0;
  bool last_failed = false;
  for (Node job : jobs) {
    bool bad = condition_is(job, "Failed", "True");
    failed += bad ? 1 : 0;
    last_failed = bad || (last_failed && !condition_is(job, "Complete", "True"));
  }
  if (last_failed) {
    Candidate one = about(patient, "cronjob-failing", Stage::controller, Confidence::confirmed, 50);
    set(one, "failed", std::to_string(failed));
    set(one, "runs", std::to_string(jobs.size()));
    prove(one, owner, "status.lastScheduleTime");
    prove(one, owner, "status.lastSuccessfulTime");
    for (Node job : jobs) {
      if (condition_is(job, "Failed", "True")) {
        prove(one, job, "status.conditions[Failed]");
      }
    }
    out.push_back(std::move(one));
    for (auto job = jobs.rbegin(); job != jobs.rend(); ++job) {
      if (condition_is(*job, "Failed", "True")) {
        job_of(patient, *job, true, out);
        break;
      }
    }
  }
  auto events = events_of(patient.cluster, owner);
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    for (const Complaint& complaint : complaints) {
      if (event->reason == complaint.reason) {
        bool recent_run = !jobs.empty() && event->time &&
                          time_at(jobs.back()["metadata"]["creationTimestamp"]).value_or(*event->time) > *event->time;
        if (recent_run) {
          return;
        }
        Candidate one = about(patient, std::string(complaint.cause).c_str(), Stage::job, Confidence::confirmed, 80);
        set(one, "detail", shown(event->message, 300));
        set(one, "schedule", std::string(owner["spec"]["schedule"].string()));
        set(one, "zone", std::string(owner["spec"]["timeZone"].string()));
        one.evidence.push_back(event_evidence(*event));
        prove(one, owner, "spec.schedule");
        prove(one, owner, "spec.timeZone");
        prove(one, owner, "spec.concurrencyPolicy");
        one.variant = value_of(one, "zone").empty() ? "" : "zone";
        if (complaint.cause == "cronjob-run-in-progress") {
          one.variant.clear();
          follow_active(patient, one);
        }
        out.push_back(std::move(one));
        return;
      }
    }
  }
}

}  // namespace

void diagnose_controller(Patient& patient, std::vector<Candidate>& out) {
  if (patient.pod || !patient.owner) {
    return;
  }
  std::string_view kind = patient.owner["kind"].string();
  unobserved(patient, out);
  if (kind == "Deployment") {
    deployment(patient, out);
  } else if (kind == "StatefulSet") {
    stateful_set(patient, out);
  } else if (kind == "DaemonSet" && patient.requested) {
    daemon_set(patient, out);
  } else if (kind == "Job") {
    job_of(patient, patient.owner, false, out);
  } else if (kind == "CronJob") {
    cron_job(patient, out);
  }
}

}  // namespace podcheck::live
