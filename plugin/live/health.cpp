#include "live/health.hpp"

#include <algorithm>

#include "kube/effective.hpp"
#include "live/facts.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using std::chrono::seconds;

namespace {

// The kubelet forgets a crash loop once a container has run for ten minutes (MaxContainerBackOff's reset).
constexpr seconds crash_memory{600};
// What the scheduler, the kubelet and a small image need before slowness means anything.
constexpr seconds settling{60};

// A container that ran before and runs now: is the trouble over?
bool outlived(cluster::Snapshot& cluster, Node pod, const ContainerFacts& container,
              const std::vector<EventFacts>& events) {
  if (!container.last || !container.running_since) {
    return container.restarts == 0;
  }
  seconds run = cluster.now() - *container.running_since;
  if (run >= crash_memory) {
    return true;
  }
  seconds earlier = container.last->duration().value_or(seconds(0));
  // Only a probe that has killed before gives the next kill a date.
  bool killed = newest(events, "Killing", "failed liveness", container.name) != nullptr ||
                newest(events, "Killing", "failed startup", container.name) != nullptr;
  seconds budget{killed ? kill_budget(container.spec.node, pod["spec"]) : 0};
  // A start that failed within seconds each time and has held for several times as long is no longer failing.
  bool clearly = run >= seconds(10) && run > 4 * earlier;
  return run > 2 * earlier && run > budget && (run >= seconds(20) || clearly);
}

bool fails_probes_now(const std::vector<EventFacts>& events, const ContainerFacts& container) {
  const EventFacts* unhealthy = newest(events, "Unhealthy", "", container.name);
  return unhealthy != nullptr && unhealthy->time && container.running_since &&
         *unhealthy->time > *container.running_since;
}

bool within_start_budget(cluster::Snapshot& cluster, const ContainerFacts& container,
                         const std::vector<EventFacts>& events) {
  if (!container.running || container.restarts > 0 || !container.running_since) {
    return false;
  }
  seconds age = cluster.now() - *container.running_since;
  auto startup = kube::probe(container.spec, "startupProbe");
  if (startup && !container.status["started"].boolean().value_or(false)) {
    return age <= seconds(startup->budget());
  }
  auto readiness = kube::probe(container.spec, "readinessProbe");
  if (!readiness) {
    return age <= settling;
  }
  // A readiness probe has no budget of its own: the first delay, a few tries, and no refusal that cannot mend itself.
  seconds allowed{readiness->initial_delay + readiness->period * (readiness->failure_threshold + 1)};
  return age <= std::max(allowed, fails_probes_now(events, container) ? seconds(20) : settling);
}

bool node_is_lost(cluster::Snapshot& cluster, Node pod) {
  Node node = cluster.get("nodes", "", pod["spec"]["nodeName"].string());
  return condition_is(node, "Ready", "Unknown");
}

// Ten seconds after SIGTERM a process that neither has a preStop hook to wait for nor says that it is stopping has most
// likely not heard the signal.
bool ignores_the_signal(cluster::Snapshot& cluster, Node pod, cluster::Time ends) {
  seconds grace{pod["metadata"]["deletionGracePeriodSeconds"].integer().value_or(kube::grace_seconds(pod["spec"]))};
  if (cluster.now() - (ends - grace) <= seconds(10)) {
    return false;
  }
  for (const auto& container : containers_of(pod)) {
    if (!container.running || container.spec.node["lifecycle"].has("preStop")) {
      continue;
    }
    const cluster::Log& log = cluster.log(namespace_of(pod), name_of(pod), container.name, false);
    std::string tail =
        lower(std::string_view(log.text).substr(log.text.size() - std::min<std::size_t>(log.text.size(), 4000)));
    bool stopping =
        contains_any(tail, {"sigterm", "drain", "shutting down", "shutdown", "stopping", "graceful", "in-flight"});
    bool deaf = contains_any(tail, {"ignor"});
    if ((!stopping || deaf) && !log.failure) {
      return true;
    }
  }
  return false;
}

bool warned(const std::vector<EventFacts>& events) {
  return std::any_of(events.begin(), events.end(), [](const EventFacts& event) { return event.warning; });
}

}  // namespace

bool is_stopped_and_held(cluster::Snapshot& cluster, Node pod) {
  std::string_view phase = pod["status"]["phase"].string();
  if (pod["metadata"].has("uid") || (phase != "Succeeded" && phase != "Failed") ||
      !pod["status"]["reason"].string().empty()) {
    return false;
  }
  auto events = events_of(cluster, pod);
  bool other_reason = newest(events, "Evicted") != nullptr || newest(events, "Preempting") != nullptr ||
                      newest(events, "DeadlineExceeded") != nullptr || newest(events, "NodeShutdown") != nullptr;
  bool stopped = false;
  for (const auto& container : containers_of(pod)) {
    if (container.role != kube::ContainerRole::app) {
      continue;
    }
    bool word = newest(events, "Killing", "Stopping container " + std::string(container.name)) != nullptr;
    if (!container.now || !word) {
      return false;
    }
    stopped = true;
  }
  return stopped && !other_reason;
}

bool is_rolling_out(Node owner, Node pod) {
  if (owner["kind"].string() != "Deployment" || !condition_is(owner, "Progressing", "True") ||
      pod["status"]["phase"].string() != "Running") {
    return false;
  }
  auto all = containers_of(pod);
  return std::all_of(all.begin(), all.end(), [](const ContainerFacts& container) {
    return container.restarts == 0 && (container.running || (container.now && container.now->exit_code == 0));
  });
}

bool is_settling(cluster::Snapshot& cluster, Node pod) {
  auto created = time_at(pod["metadata"]["creationTimestamp"]);
  if (!created || cluster.now() - *created > settling || pod["status"]["phase"].string() == "Failed") {
    return false;
  }
  auto all = containers_of(pod);
  return std::all_of(all.begin(), all.end(), [](const ContainerFacts& container) {
    return container.restarts == 0 && (!container.now || container.now->exit_code == 0);
  });
}

std::int64_t kill_budget(Node container, Node pod_spec) {
  kube::Container spec;
  spec.node = container;
  spec.pod_spec = pod_spec;
  std::int64_t budget = 0;
  for (const char* name : {"startupProbe", "livenessProbe"}) {
    if (auto probe = kube::probe(spec, name)) {
      budget += probe->budget() + probe->period + probe->grace.value_or(kube::grace_seconds(pod_spec));
    }
  }
  return budget;
}

Health health_of(cluster::Snapshot& cluster, Node pod) {
  std::string_view phase = pod["status"]["phase"].string();
  if (pod["metadata"].has("deletionTimestamp") && !time_at(pod["metadata"]["deletionTimestamp"])) {
    return Health::unhealthy;  // since when is not told
  }
  if (auto deleted = time_at(pod["metadata"]["deletionTimestamp"])) {
    // deletionTimestamp is when the grace period ends.
    bool held = pod["metadata"]["finalizers"].size() > 0 && (phase == "Succeeded" || phase == "Failed");
    bool drains = !held && cluster.now() <= *deleted + seconds(10) && !node_is_lost(cluster, pod);
    return drains && !ignores_the_signal(cluster, pod, *deleted) ? Health::draining : Health::unhealthy;
  }
  if (is_stopped_and_held(cluster, pod)) {
    return Health::unhealthy;
  }
  if (phase == "Succeeded") {
    // An application that ends well when it is evicted leaves no other trace than the event.
    bool evicted = newest(events_of(cluster, pod), "Evicted") != nullptr && !controller_reference(pod);
    return evicted ? Health::unhealthy : Health::completed;
  }
  if (phase == "Failed" || phase == "Unknown") {
    // A try of a Job that has succeeded since.
    Node reference = controller_reference(pod);
    bool retried = reference["kind"].string() == "Job" &&
                   condition_is(cluster.get("jobs", namespace_of(pod), reference["name"].string()), "Complete", "True");
    return retried ? Health::completed : Health::unhealthy;
  }
  auto all = containers_of(pod);
  auto events = events_of(cluster, pod);
  if (phase == "Pending") {
    auto created = time_at(pod["metadata"]["creationTimestamp"]);
    // Once a node has been found, volumes, the sandbox and a first pull are all still to come.
    seconds allowed = pod["spec"]["nodeName"].string().empty() ? seconds(10) : settling;
    bool young = created && cluster.now() - *created <= allowed;
    bool quiet = !warned(events) && !condition_is(pod, "PodScheduled", "False");
    for (const auto& container : all) {
      quiet = quiet && container.restarts == 0 && !container.now &&
              (container.waiting_reason.empty() || container.waiting_reason == "ContainerCreating" ||
               container.waiting_reason == "PodInitializing");
    }
    return young && quiet ? Health::starting : Health::unhealthy;
  }
  if (condition(pod, "PodResizePending")["reason"].string() == "Infeasible" ||
      pod["status"]["resize"].string() == "Infeasible") {
    return Health::unhealthy;
  }
  bool recovered = false;
  bool starting = false;
  for (const auto& container : all) {
    if (container.is_init()) {
      continue;
    }
    if (container.running && container.ready) {
      if (container.restarts > 0) {
        if (!outlived(cluster, pod, container, events)) {
          return Health::unhealthy;
        }
        recovered = true;
      }
      continue;
    }
    if (container.now && container.now->exit_code == 0 && pod["spec"]["restartPolicy"].string() != "Always") {
      continue;
    }
    if (!within_start_budget(cluster, container, events)) {
      return Health::unhealthy;
    }
    starting = true;
  }
  if (!starting && !condition_is(pod, "Ready", "True") && condition(pod, "Ready")) {
    return Health::unhealthy;  // a readiness gate, or a kubelet that has stopped reporting
  }
  if (all.empty()) {
    return phase == "Running" ? Health::healthy : Health::unhealthy;
  }
  return starting ? Health::starting : recovered ? Health::recovered : Health::healthy;
}

}  // namespace podcheck::live
