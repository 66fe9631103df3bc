// Ended by somebody else: evicted by the kubelet, preempted, drained, tainted away, or out of its time.
// (pkg/kubelet/eviction/helpers.go, nodeshutdown, active_deadline.go, the eviction API)
#include <algorithm>

#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/target.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

constexpr Wording wordings[] = {
    {"usage of emptydir volume \"{volume:q}\" exceeds the limit \"{limit:q}\"", "emptydir-size-limit", "", 100},
    {"container {container:w} exceeded its local ephemeral storage limit \"{limit:q}\"", "ephemeral-storage-limit", "",
     100},
    {"ephemeral local storage usage exceeds the total limit of containers {limit:w}", "ephemeral-storage-limit", "pod",
     100},
    {"node was low on resource: memory", "evicted-node-memory", "", 100},
    {"node was low on resource: ephemeral-storage", "evicted-node-disk", "", 100},
    {"node was low on resource: inodes", "evicted-node-disk", "inodes", 100},
    {"node was low on resource: pids", "evicted-node-processes", "", 100},
    {"node was low on resource: nodefs", "evicted-node-disk", "", 95},
    {"node was low on resource: {resource:w}", "evicted", "", 60},
    {"node had condition: [memorypressure]", "evicted-node-memory", "refused", 95},
    {"node had condition: [diskpressure]", "evicted-node-disk", "refused", 95},
    {"node had condition: [pidpressure]", "evicted-node-processes", "refused", 95},
};

// "Container app was using 300Mi, request is 64Mi, has larger consumption of memory."
void usage(Candidate& out, const std::string& message) {
  std::string text;
  std::size_t from = 0;
  while (from < message.size() && text.size() < 400) {
    std::string_view rest = std::string_view(message).substr(from);
    auto hit = match(rest, "container {name:w} was using {used:w} request is {request:w} has larger");
    hit = hit ? hit : match(rest, "container {name:w} was using {used:w} which exceeds its request of {request:w}");
    if (!hit) {
      break;
    }
    auto clean = [](std::string word) {
      while (!word.empty() && (word.back() == ',' || word.back() == '.')) {
        word.pop_back();
      }
      return word;
    };
    text +=
        (text.empty() ? "" : "; ") + (*hit)["name"] + " " + clean((*hit)["used"]) + " / " + clean((*hit)["request"]);
    if (out.container.empty()) {
      out.container = (*hit)["name"];
      set(out, "container", out.container);
    }
    std::size_t at = message.find("was using", from);
    from = at == std::string::npos ? message.size() : at + 9;
  }
  set(out, "usage", text);
}

// When an ended pod was ended: by its event, its condition, or its last container.
std::optional<cluster::Time> end_of(Patient& patient, Node pod) {
  auto events = events_of(patient.cluster, pod);
  const EventFacts* event = newest(events, "Evicted");
  std::optional<cluster::Time> end = event != nullptr ? event->time : std::nullopt;
  end = end ? end : time_at(condition(pod, "DisruptionTarget")["lastTransitionTime"]);
  for (const ContainerFacts& container : containers_of(pod)) {
    if (!end && container.now) {
      end = container.now->finished;
    }
  }
  return end;
}

// An ended pod is history once another one serves in its place: one of another revision, or one that has by now lived
// well past the age at which this one was ended. A successor that is younger may be on the same way.
bool is_history(Patient& patient, Node ended) {
  if (!patient.owner) {
    return false;
  }
  auto start = time_at(ended["status"]["startTime"]);
  start = start ? start : time_at(ended["metadata"]["creationTimestamp"]);
  auto end = end_of(patient, ended);
  std::string hash = ended["metadata"]["labels"]["pod-template-hash"].text();
  for (Node pod : pods_of(patient.cluster, patient.owner)) {
    if (name_of(pod) == name_of(ended) || !condition_is(pod, "Ready", "True")) {
      continue;
    }
    auto began = time_at(pod["status"]["startTime"]);
    bool other_revision = pod["metadata"]["labels"]["pod-template-hash"].text() != hash;
    if (other_revision || !began || !start || !end) {
      return true;
    }
    if (*began >= *start && patient.cluster.now() - *began > 2 * (*end - *start)) {
      return true;
    }
    if (*began < *start) {
      return true;  // it was there before and has outlived it
    }
  }
  return false;
}

void defaults(Candidate& one) {
  for (const char* name : {"volume", "limit", "container", "resource", "usage", "by", "detail", "seconds", "taints"}) {
    if (value_of(one, name).empty()) {
      set(one, name, "");
    }
  }
}

void evicted(Patient& patient, const std::string& message, const EventFacts* event, std::vector<Candidate>& out) {
  auto known = recognise(patient, wordings, message, Stage::kill, Confidence::confirmed);
  Candidate one = known ? std::move(*known) : candidate_for(patient, "evicted", Stage::kill, Confidence::confirmed, 60);
  set(one, "detail", shown(message, 400));
  usage(one, message);
  std::string limit = value_of(one, "limit");
  if (limit.ends_with('.')) {
    limit.pop_back();
    set(one, "limit", limit);
  }
  one.container = value_of(one, "container");
  defaults(one);
  if (event != nullptr) {
    one.evidence.push_back(event_evidence(*event));
  }
  prove(one, patient.pod, "status.reason");
  prove(one, patient.pod, "status.message");
  std::size_t index = 0;
  for (Node volume : patient.pod["spec"]["volumes"].items()) {
    std::string path = "spec.volumes[" + std::to_string(index++) + "]";
    if (one.cause == "emptydir-size-limit" && volume["name"].string() == value_of(one, "volume")) {
      prove(one, patient.pod, path + ".emptyDir.sizeLimit");
      one.path = path + ".emptyDir.sizeLimit";
      for (const ContainerFacts& container : containers_of(patient.pod)) {
        for (Node mount : container.spec.node["volumeMounts"].items()) {
          if (mount["name"].string() == volume["name"].string()) {
            one.evidence.push_back(
                field_evidence(patient.pod, container.spec_path + ".volumeMounts",
                               std::string(container.name) + ": " + std::string(mount["mountPath"].string())));
          }
        }
      }
    }
  }
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    if (one.cause.starts_with("evicted-node") || one.cause == "ephemeral-storage-limit") {
      prove(one, patient.pod, container.spec_path + ".resources");
    }
  }
  one.supersedes = {"application-error",      "crash-without-logs", "failed-pod-not-restarted",
                    "killed-by-signal",       "oom-killed",         "container-status-unknown",
                    "one-shot-in-deployment", "node-pressure",      "undetermined"};
  if (is_history(patient, patient.pod)) {
    one.supersedes.push_back(one.cause);
    Candidate leftover = candidate_for(patient, "evicted-leftover", Stage::deletion, Confidence::confirmed, 100);
    set(leftover, "detail", shown(message, 300));
    leftover.evidence = one.evidence;
    set(leftover, "count", "1");
    one.role = finding::Role::contributing;
    out.push_back(std::move(leftover));
  }
  out.push_back(std::move(one));
}

struct Ending {
  std::string_view reason;
  std::string_view cause;
};
constexpr Ending endings[] = {
    {"Preempting", "preempted-for-critical-pod"},
    {"Shutdown", "node-shutdown"},
    {"Terminated", "node-shutdown"},
    {"NodeShutdown", "node-shutdown"},
    {"DeadlineExceeded", "pod-deadline-exceeded"},
    {"PreemptionByScheduler", "preempted"},
    {"PreemptionByKubeScheduler", "preempted"},
    {"EvictionByEvictionAPI", "evicted-by-api"},
    {"DeletionByTaintManager", "evicted-by-taint"},
    {"DeletionByPodGC", "node-lost"},
};

void ended(Patient& patient, std::string_view reason, const std::string& message, std::vector<Candidate>& out) {
  for (const Ending& ending : endings) {
    if (ending.reason != reason) {
      continue;
    }
    Candidate one = candidate_for(patient, std::string(ending.cause), Stage::kill, Confidence::confirmed, 90);
    set(one, "detail", shown(message, 300));
    for (const char* name : {"victim", "by", "verdict", "age"}) {
      set(one, name, "");
    }
    defaults(one);
    if (ending.cause == "preempted") {
      one.variant = "victim";
      set(one, "victim", std::string(name_of(patient.pod)));
    } else if (ending.cause == "node-lost") {
      one.variant = "deleted";
    } else if (ending.cause == "pod-deadline-exceeded") {
      set(one, "seconds", patient.pod["spec"]["activeDeadlineSeconds"].text());
      prove(one, patient.pod, "spec.activeDeadlineSeconds");
      prove(one, patient.pod, "status.startTime");
    } else if (ending.cause == "evicted-by-taint") {
      prove(one, patient.cluster.get("nodes", "", value_of(one, "node")), "spec.taints");
    }
    one.supersedes = {"application-error", "crash-without-logs", "killed-by-signal", "failed-pod-not-restarted"};
    prove(one, patient.pod, "status.reason");
    prove(one, patient.pod, "status.message");
    prove(one, patient.pod, "status.conditions[DisruptionTarget]");
    if (is_history(patient, patient.pod)) {
      one.role = finding::Role::contributing;
    }
    out.push_back(std::move(one));
    return;
  }
}

bool was_evicted(Patient& patient, Node pod) {
  std::string_view phase = pod["status"]["phase"].string();
  if (phase != "Failed" && phase != "Succeeded") {
    return false;
  }
  // An application that ended well on its way out leaves no reason in the status.
  return pod["status"]["reason"].string() == "Evicted" ||
         (phase == "Succeeded" && newest(events_of(patient.cluster, pod), "Evicted") != nullptr);
}

// A workload whose pods are evicted one after the other, or one that is well again with the records beside it.
void of_workload(Patient& patient, std::vector<Candidate>& out) {
  std::string_view kind = patient.owner["kind"].string();
  if (kind != "Deployment" && kind != "ReplicaSet" && kind != "StatefulSet") {
    return;
  }
  std::size_t count = 0;
  std::size_t ready = 0;
  std::size_t others = 0;
  Node last;
  Candidate one = candidate_for(patient, "evicted-leftover", Stage::job, Confidence::confirmed, 30);
  for (Node pod : pods_of(patient.cluster, patient.owner)) {
    if (was_evicted(patient, pod)) {
      ++count;
      if (count <= 3) {
        prove(one, pod, "status.message");
      }
      auto end = end_of(patient, pod);
      if (!last || (end && end > end_of(patient, last))) {
        last = pod;
      }
    } else {
      ++(condition_is(pod, "Ready", "True") ? ready : others);
    }
  }
  if (!last) {
    return;
  }
  if (!is_history(patient, last)) {
    Patient victim{patient.cluster, patient.catalogue, last, patient.owner, patient.namespace_,
                   patient.depth,   patient.requested};
    diagnose_eviction(victim, out);
  } else if (patient.requested && ready > 0 && others == 0) {
    set(one, "pod", std::string(name_of(last)));
    set(one, "detail", shown(last["status"]["message"].string(), 300));
    set(one, "count", std::to_string(count));
    out.push_back(std::move(one));
  }
}

}  // namespace

void diagnose_eviction(Patient& patient, std::vector<Candidate>& out) {
  Node pod = patient.pod;
  if (!pod) {
    of_workload(patient, out);
    return;
  }
  std::string_view phase = pod["status"]["phase"].string();
  std::string reason(pod["status"]["reason"].string());
  std::string message(pod["status"]["message"].string());
  auto events = events_of(patient.cluster, pod);
  const EventFacts* event = newest(events, "Evicted");
  bool over = phase == "Failed" || phase == "Succeeded";
  if (reason == "Evicted" || (event != nullptr && over)) {
    evicted(patient, message.empty() && event != nullptr ? event->message : message, event, out);
    return;
  }
  if (over || pod["metadata"].has("deletionTimestamp")) {
    std::size_t before = out.size();
    ended(patient, reason, message, out);
    Node target = condition(pod, "DisruptionTarget");
    if (out.size() == before && phase == "Failed" && target["status"].string() == "True") {
      ended(patient, target["reason"].string(), std::string(target["message"].string()), out);
    }
  }
}

}  // namespace podcheck::live
