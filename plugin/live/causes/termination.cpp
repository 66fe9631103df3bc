// Deleted and still there: who holds it.
#include <algorithm>

#include "kube/effective.hpp"
#include "kube/selector.hpp"
#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/health.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

bool runs(const std::vector<ContainerFacts>& containers) {
  return std::any_of(containers.begin(), containers.end(), [](const ContainerFacts& one) { return one.running; });
}

std::string finalizers_of(Node object) {
  std::string text;
  for (Node one : object["metadata"]["finalizers"].items()) {
    text += (text.empty() ? "" : ", ") + std::string(one.string());
  }
  return text;
}

void by_finalizer(Patient& patient, const std::string& names, std::vector<Candidate>& out) {
  Candidate one = candidate_for(patient, "stuck-finalizer", Stage::deletion, Confidence::confirmed, 90);
  set(one, "finalizers", names);
  set(one, "age", age_since(patient, time_at(patient.pod["metadata"]["deletionTimestamp"])));
  set(one, "status", status_column(patient.pod));
  prove(one, patient.pod, "metadata.deletionTimestamp");
  prove(one, patient.pod, "metadata.finalizers");
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    if (container.now) {
      prove(one, patient.pod, container.status_path + ".state.terminated.exitCode");
    }
  }
  one.fixes.push_back(change(patient, patient.pod,
                             "patch pod " + shell_word(name_of(patient.pod)) +
                                 " --type=json -p '[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]'",
                             finding::Safety::manual));
  one.supersedes = {"application-error", "crash-without-logs", "one-shot-in-deployment", "failed-pod-not-restarted"};
  out.push_back(std::move(one));
}

// Its deletion is seen only by what it left behind.
void held_unseen(Patient& patient, std::vector<Candidate>& out) {
  Candidate one = candidate_for(patient, "stuck-finalizer", Stage::deletion, Confidence::likely, 60);
  one.variant = "unseen";
  auto events = events_of(patient.cluster, patient.pod);
  const EventFacts* stopped = newest(events, "Killing", "Stopping container ");
  set(one, "finalizers", "");
  set(one, "status", status_column(patient.pod));
  set(one, "age", age_since(patient, stopped->time));
  one.evidence.push_back(event_evidence(*stopped));
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    prove(one, patient.pod, container.status_path + ".state.terminated.finishedAt");
  }
  one.fixes.push_back(command_fix("",
                                  kubectl(patient, "get pod " + shell_word(name_of(patient.pod)) +
                                                       " -o jsonpath='{.metadata.deletionTimestamp} "
                                                       "{.metadata.finalizers}'"),
                                  "", finding::Safety::safe));
  one.supersedes = {"application-error", "crash-without-logs", "one-shot-in-deployment", "failed-pod-not-restarted",
                    "killed-by-signal"};
  out.push_back(std::move(one));
}

void slow(Patient& patient, const std::vector<ContainerFacts>& containers, const std::vector<EventFacts>& events,
          std::vector<Candidate>& out) {
  Node pod = patient.pod;
  auto ends = time_at(pod["metadata"]["deletionTimestamp"]);  // when the grace period is over
  std::int64_t grace =
      pod["metadata"]["deletionGracePeriodSeconds"].integer().value_or(kube::grace_seconds(pod["spec"]));
  std::int64_t left = ends ? (*ends - patient.cluster.now()).count() : 0;
  Candidate one = candidate_for(patient, "slow-termination", Stage::deletion, Confidence::confirmed, 60);
  std::string names;
  bool hooked = false;
  for (const ContainerFacts& container : containers) {
    if (container.running) {
      names += (names.empty() ? "" : ", ") + std::string(container.name);
      one.container = one.container.empty() ? std::string(container.name) : one.container;
      hooked = hooked || container.spec.node["lifecycle"].has("preStop");
      prove(one, pod, container.spec_path + ".lifecycle.preStop");
      prove(one, pod, container.spec_path + ".command");
      prove(one, pod, container.spec_path + ".args");
      const auto& log = patient.cluster.log(patient.namespace_, name_of(pod), container.name, false);
      auto lines = lines_of(log.text);
      if (!lines.empty()) {
        one.evidence.push_back(log_evidence(container.name, false, shown(lines.back(), 200)));
      }
    }
  }
  set(one, "container", names);
  set(one, "grace", std::to_string(grace));
  set(one, "left", std::to_string(left > 0 ? left : 0));
  set(one, "age", age_since(patient, ends ? std::optional(*ends - std::chrono::seconds(grace)) : std::nullopt));
  set(one, "detail", "");
  prove(one, pod, "metadata.deletionTimestamp");
  prove(one, pod, "metadata.deletionGracePeriodSeconds");
  prove(one, pod, "spec.terminationGracePeriodSeconds");
  const EventFacts* hook = newest(events, "FailedPreStopHook");
  const EventFacts* failed = newest_of(events, {"FailedKillPod", "ExceededGracePeriod"});
  if (hook != nullptr) {
    one.cause = "prestop-hook-failed";
    set(one, "detail", shown(hook->message, 200));
    one.evidence.push_back(event_evidence(*hook));
  } else if (left <= 0 && failed != nullptr) {
    one.cause = "runtime-cannot-kill";
    set(one, "detail", shown(failed->message, 300));
    one.evidence.push_back(event_evidence(*failed));
  } else if (left <= 0) {
    one.cause = "runtime-cannot-kill";
    one.variant = "no-word";
    one.confidence = Confidence::likely;
  } else {
    one.variant = hooked ? "prestop" : "";
  }
  if (const EventFacts* killing = newest(events, "Killing")) {
    one.evidence.push_back(event_evidence(*killing));
  }
  out.push_back(std::move(one));
}

// Everything has ended and the kubelet still does not let go: volumes that do not come off.
void held_by_volume(Patient& patient, std::vector<Candidate>& out) {
  std::string_view node = patient.pod["spec"]["nodeName"].string();
  for (Node attachment : patient.cluster.list("volumeattachments").items) {
    std::string error(attachment["status"]["detachError"]["message"].string());
    if (attachment["spec"]["nodeName"].string() != node ||
        (error.empty() && !attachment["metadata"].has("deletionTimestamp"))) {
      continue;
    }
    Candidate one = candidate_for(patient, "volume-detach-stuck", Stage::deletion, Confidence::likely, 70);
    set(one, "volume", std::string(attachment["spec"]["source"]["persistentVolumeName"].string()));
    set(one, "detail", shown(error, 300));
    prove(one, attachment, "status.detachError");
    prove(one, attachment, "metadata.deletionTimestamp");
    out.push_back(std::move(one));
    return;
  }
}

}  // namespace

void diagnose_termination(Patient& patient, std::vector<Candidate>& out) {
  Node pod = patient.pod;
  if (pod && !pod["metadata"].has("deletionTimestamp") && is_stopped_and_held(patient.cluster, pod)) {
    held_unseen(patient, out);
    return;
  }
  if (!pod || !pod["metadata"].has("deletionTimestamp")) {
    return;
  }
  auto containers = containers_of(pod);
  std::string names = finalizers_of(pod);
  if (!runs(containers) && !names.empty()) {
    by_finalizer(patient, names, out);
    return;
  }
  if (runs(containers)) {
    slow(patient, containers, events_of(patient.cluster, pod), out);
    return;
  }
  std::size_t before = out.size();
  held_by_volume(patient, out);
  auto events = events_of(patient.cluster, pod);
  const EventFacts* failed = newest_of(events, {"FailedKillPod", "ExceededGracePeriod"});
  if (out.size() == before && failed != nullptr) {
    Candidate one = candidate_for(patient, "runtime-cannot-kill", Stage::deletion, Confidence::confirmed, 60);
    for (const char* name : {"container", "grace", "left", "age"}) {
      set(one, name, "");
    }
    set(one, "detail", shown(failed->message, 300));
    one.evidence.push_back(event_evidence(*failed));
    out.push_back(std::move(one));
  }
}

}  // namespace podcheck::live
