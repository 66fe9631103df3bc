#include "live/facts.hpp"

#include <algorithm>
#include <array>

#include "cluster/event.hpp"
#include "cluster/time.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using cluster::Time;
using document::Node;

std::optional<std::chrono::seconds> Termination::duration() const {
  if (!started || !finished || *finished < *started) {
    return std::nullopt;
  }
  return *finished - *started;
}

std::optional<Time> time_at(Node value) {
  return value ? cluster::parse_time(value.string()) : std::nullopt;
}

std::string_view name_of(Node object) {
  return object["metadata"]["name"].string();
}
std::string_view namespace_of(Node object) {
  return object["metadata"]["namespace"].string();
}

std::string label_of(Node object) {
  return std::string(object["kind"].string()) + "/" + std::string(name_of(object));
}

Node controller_reference(Node object) {
  for (Node owner : object["metadata"]["ownerReferences"].items()) {
    if (owner["controller"].boolean().value_or(false)) {
      return owner;
    }
  }
  return {};
}

std::string normalised(std::string_view message) {
  constexpr std::string_view combined = "(combined from similar events): ";
  constexpr std::string_view rpc = "rpc error: code = Unknown desc = ";
  if (message.starts_with(combined)) {
    message.remove_prefix(combined.size());
  }
  std::string text(message);
  for (std::size_t at = text.find(rpc); at != std::string::npos; at = text.find(rpc)) {
    text.erase(at, rpc.size());
  }
  constexpr std::string_view tail = ": unknown";
  if (std::string_view(text).ends_with(tail)) {
    text.resize(text.size() - tail.size());
  }
  return text;
}

namespace {

Termination termination(Node node) {
  std::string_view reason = node["reason"].string();
  bool well = reason == "Completed";
  return {node,
          reason,
          node["message"].string(),
          node["exitCode"].integer().value_or(well ? 0 : -1),
          time_at(node["startedAt"]),
          time_at(node["finishedAt"])};
}

Node status_named(Node statuses, std::string_view name, std::size_t& index) {
  index = 0;
  for (Node status : statuses.items()) {
    if (status["name"].string() == name) {
      return status;
    }
    ++index;
  }
  return {};
}

}  // namespace

std::vector<ContainerFacts> containers_of(Node pod) {
  std::vector<ContainerFacts> all;
  for (const kube::Container& container : kube::pod_template_at(pod["metadata"], pod["spec"]).containers) {
    if (container.role == kube::ContainerRole::ephemeral) {
      continue;
    }
    bool app = container.role == kube::ContainerRole::app;
    ContainerFacts facts;
    facts.spec = container;
    facts.name = container.name;
    facts.role = container.role;
    std::string list = app ? "containers" : "initContainers";
    std::string statuses = app ? "containerStatuses" : "initContainerStatuses";
    std::size_t index = 0;
    Node status = status_named(pod["status"][statuses], container.name, index);
    facts.status = status;
    facts.status_path = "status." + statuses + "[" + std::to_string(index) + "]";
    facts.spec_path = "spec." + list + "[" + std::to_string(container.index) + "]";
    facts.ready = status["ready"].boolean().value_or(false);
    facts.restarts = status["restartCount"].integer().value_or(0);
    Node state = status["state"];
    if (Node running = state["running"]) {
      facts.running = true;
      facts.running_since = time_at(running["startedAt"]);
    }
    facts.waiting_reason = state["waiting"]["reason"].string();
    facts.waiting_message = normalised(state["waiting"]["message"].string());
    if (Node terminated = state["terminated"]) {
      facts.now = termination(terminated);
    }
    if (Node terminated = status["lastState"]["terminated"]) {
      facts.last = termination(terminated);
    }
    all.push_back(std::move(facts));
  }
  return all;
}

std::vector<EventFacts> events_of(cluster::Snapshot& cluster, Node object) {
  std::vector<EventFacts> all;
  if (!object) {
    return all;
  }
  for (Node node : cluster.events_of(object)) {
    EventFacts event;
    event.node = node;
    event.warning = node["type"].string() == "Warning";
    event.reason = node["reason"].string();
    event.message = normalised(cluster::event_message(node));
    event.component = node["source"]["component"].string(node["reportingComponent"].string());
    event.time = cluster::event_time(node);
    event.count = cluster::event_count(node);
    std::string_view field = cluster::event_object(node)["fieldPath"].string();
    std::size_t open = field.find('{');
    if (open != std::string_view::npos && field.ends_with("}")) {
      event.container = field.substr(open + 1, field.size() - open - 2);
    }
    all.push_back(std::move(event));
  }
  return all;
}

const EventFacts* newest(const std::vector<EventFacts>& events, std::string_view reason, std::string_view part,
                         std::string_view container) {
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (event->reason == reason && (part.empty() || event->message.find(part) != std::string::npos) &&
        (container.empty() || event->container.empty() || event->container == container)) {
      return &*event;
    }
  }
  return nullptr;
}

Node condition(Node object, std::string_view type) {
  for (Node one : object["status"]["conditions"].items()) {
    if (one["type"].string() == type) {
      return one;
    }
  }
  return {};
}

bool condition_is(Node object, std::string_view type, std::string_view status) {
  return condition(object, type)["status"].string() == status;
}

bool is_placed(Node pod) {
  return !pod["spec"]["nodeName"].string().empty() || condition_is(pod, "PodScheduled", "True");
}

// k8s.io/kubernetes pkg/printers/internalversion/printers.go printPod
std::string status_column(Node pod) {
  std::string reason(pod["status"]["phase"].string());
  if (std::string_view own = pod["status"]["reason"].string(); !own.empty()) {
    reason = own;
  }
  if (Node scheduled = condition(pod, "PodScheduled"); scheduled["reason"].string() == "SchedulingGated") {
    reason = "SchedulingGated";
  }
  auto all = containers_of(pod);
  std::size_t init_count = 0;
  for (const auto& container : all) {
    init_count += container.role != kube::ContainerRole::app ? 1 : 0;
  }
  bool initializing = false;
  std::size_t index = 0;
  for (const auto& container : all) {
    if (container.role == kube::ContainerRole::app) {
      break;
    }
    std::size_t place = index++;
    if (container.now && container.now->exit_code == 0) {
      continue;
    }
    if (container.is_sidecar() && container.status["started"].boolean().value_or(false)) {
      continue;
    }
    if (!container.status) {
      continue;
    }
    if (container.now) {
      reason = "Init:" + (container.now->reason.empty() ? "ExitCode:" + std::to_string(container.now->exit_code)
                                                        : std::string(container.now->reason));
    } else if (!container.waiting_reason.empty() && container.waiting_reason != "PodInitializing") {
      reason = "Init:" + std::string(container.waiting_reason);
    } else {
      reason = "Init:" + std::to_string(place) + "/" + std::to_string(init_count);
    }
    initializing = true;
    break;
  }
  if (!initializing || condition_is(pod, "Initialized", "True")) {
    bool running = false;
    for (auto container = all.rbegin(); container != all.rend() && container->role == kube::ContainerRole::app;
         ++container) {
      if (!container->waiting_reason.empty()) {
        reason = container->waiting_reason;
      } else if (container->now) {
        reason = container->now->reason.empty() ? "ExitCode:" + std::to_string(container->now->exit_code)
                                                : std::string(container->now->reason);
      } else if (container->ready && container->running) {
        running = true;
      }
    }
    if (reason == "Completed" && running) {
      reason = condition_is(pod, "Ready", "True") ? "Running" : "NotReady";
    }
  }
  if (pod["metadata"].has("deletionTimestamp")) {
    std::string_view phase = pod["status"]["phase"].string();
    if (pod["status"]["reason"].string() == "NodeLost") {
      reason = "Unknown";
    } else if (phase != "Succeeded" && phase != "Failed") {
      reason = "Terminating";
    }
  }
  return reason;
}

finding::Evidence event_evidence(const EventFacts& event) {
  finding::Evidence proof;
  proof.kind = "event";
  proof.source = event.reason;
  proof.time = event.time ? cluster::format_time(*event.time) : "";
  proof.count = event.count;
  proof.text = shown(event.message, 1200);
  return proof;
}

finding::Evidence field_evidence(Node object, std::string_view path, std::string text) {
  finding::Evidence proof;
  proof.kind = "field";
  proof.source = label_of(object);
  if (!path.empty()) {
    proof.source += " ." + std::string(path);
  }
  proof.text = shown(trim(text), 1200);
  return proof;
}

namespace {

// Defaults that say nothing about a fault.
bool is_filler(const document::Member& member) {
  std::string_view value = member.value.string();
  return (member.key == "scheme" && value == "HTTP") || (member.key == "protocol" && value == "TCP") ||
         (member.key == "successThreshold" && member.value.integer() == 1) ||
         member.key.starts_with("terminationMessage") ||
         ((member.key == "resources" || member.key == "securityContext") && member.value.empty());
}

void write_brief(Node value, bool inner, std::string& out) {
  constexpr std::size_t longest = 2000;
  if (out.size() > longest) {
    return;
  }
  if (value.is_mapping()) {
    std::string text;
    for (const document::Member& member : value.members()) {
      if (!is_filler(member)) {
        text += (text.empty() ? "" : ", ") + std::string(member.key) + ": ";
        write_brief(member.value, true, text);
      }
    }
    out += inner ? "{" + text + "}" : text;
  } else if (value.is_sequence()) {
    bool maps = value.size() > 0 && value[0].is_mapping();
    std::string text;
    for (Node item : value.items()) {
      text += text.empty() ? "" : ", ";
      write_brief(item, maps, text);
    }
    out += maps && !inner ? text : "[" + text + "]";
  } else {
    out += value.is_string() && value.string().empty() ? "\"\"" : value.text();
  }
}

}  // namespace

std::string brief(Node value) {
  std::string out;
  if (value) {
    write_brief(value, false, out);
  }
  return out;
}

finding::Evidence log_evidence(std::string_view container, bool previous, std::string text) {
  finding::Evidence proof;
  proof.kind = "log";
  proof.source = std::string(container) + (previous ? " (previous)" : "");
  proof.text = shown(text, 1200);
  return proof;
}

finding::Evidence computed_evidence(std::string text) {
  finding::Evidence proof;
  proof.kind = "computed";
  proof.text = visible(text);
  return proof;
}

std::string_view resource_of_kind(std::string_view kind) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 18> table = {{
      {"Pod", "pods"},
      {"Deployment", "deployments"},
      {"ReplicaSet", "replicasets"},
      {"StatefulSet", "statefulsets"},
      {"DaemonSet", "daemonsets"},
      {"Job", "jobs"},
      {"CronJob", "cronjobs"},
      {"ReplicationController", "replicationcontrollers"},
      {"PersistentVolumeClaim", "persistentvolumeclaims"},
      {"PersistentVolume", "persistentvolumes"},
      {"Service", "services"},
      {"Node", "nodes"},
      {"ConfigMap", "configmaps"},
      {"Secret", "secrets"},
      {"ServiceAccount", "serviceaccounts"},
      {"StorageClass", "storageclasses"},
      {"Namespace", "namespaces"},
      {"HorizontalPodAutoscaler", "horizontalpodautoscalers"},
  }};
  for (const auto& [name, resource] : table) {
    if (name == kind) {
      return resource;
    }
  }
  return {};
}

}  // namespace podcheck::live
