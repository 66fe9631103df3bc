#include "cluster/paste/table.hpp"

#include <algorithm>
#include <charconv>

#include "cluster/resource.hpp"
#include "cluster/time.hpp"

namespace podcheck::cluster::paste {

namespace {

using Words = std::vector<std::string_view>;

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_fraction(std::string_view word) {
  std::size_t slash = word.find('/');
  return slash != std::string_view::npos && is_number(word.substr(0, slash)) && is_number(word.substr(slash + 1));
}

bool is_age(std::string_view word) {
  return parse_age(word).has_value() || word == "<unknown>" || word == "<invalid>";
}

void identify(Draft& object, std::string_view kind, std::string_view namespace_, std::string_view name) {
  const Resource* resource = resource_of_kind(kind);
  object["apiVersion"].set(resource == nullptr ? std::string_view("v1") : resource->api_version);
  object["kind"].set(kind);
  std::size_t slash = name.find('/');
  object["metadata"]["name"].set(slash == std::string_view::npos ? name : name.substr(slash + 1));
  if (!namespace_.empty()) {
    object["metadata"]["namespace"].set(namespace_);
  }
  object["metadata"]["annotations"]["podcheck.dev/partial"].set("table");
}

void age(Draft& object, std::string_view word) {
  if (is_age(word)) {
    object["metadata"]["annotations"]["podcheck.dev/age"].set(word);
  }
}

// NAME READY STATUS RESTARTS AGE [IP NODE …], from `at`.
bool pod_row(const Words& parts, std::size_t at, Draft& pod) {
  if (at + 3 >= parts.size() || !is_fraction(parts[at + 1]) || !is_number(parts[at + 3])) {
    return false;
  }
  std::size_t next = at + 4;
  if (next + 1 < parts.size() && parts[next].starts_with('(')) {
    next += 2;  // "(3m ago)"
  }
  identify(pod, "Pod", at == 1 ? parts[0] : std::string_view(), parts[at]);
  read_pod_status(parts[at + 2], parts[at + 1], number(parts[at + 3]), pod);
  if (next < parts.size()) {
    age(pod, parts[next]);
  }
  if (next + 2 < parts.size() && !is_none(parts[next + 2]) && is_age(parts[next])) {
    pod["spec"]["nodeName"].set(parts[next + 2]);
  }
  return true;
}

bool node_row(const Words& parts, Draft& node) {
  if (parts.size() < 3 ||
      (!parts[1].starts_with("Ready") && !parts[1].starts_with("NotReady") && !parts[1].starts_with("Unknown"))) {
    return false;
  }
  identify(node, "Node", {}, parts[0]);
  Draft& condition = node["status"]["conditions"].append();
  condition["type"].set("Ready");
  condition["status"].set(parts[1].starts_with("Ready")      ? "True"
                          : parts[1].starts_with("NotReady") ? "False"
                                                             : "Unknown");
  if (parts[1].find("SchedulingDisabled") != std::string_view::npos) {
    node["spec"]["unschedulable"].set(true);
  }
  for (std::string_view word : parts) {
    if (word.size() > 2 && word[0] == 'v' && is_number(word.substr(1, 1)) && word.find('.') != std::string_view::npos) {
      node["status"]["nodeInfo"]["kubeletVersion"].set(word);
      break;
    }
  }
  for (std::size_t i = 2; i < parts.size() && i < 5; ++i) {
    age(node, parts[i]);
  }
  return true;
}

// NAME STATUS VOLUME CAPACITY ACCESS-MODES STORAGECLASS AGE; three of them are empty while it is Pending.
bool claim_row(const Words& parts, std::size_t at, Draft& claim) {
  if (at + 1 >= parts.size()) {
    return false;
  }
  std::string_view phase = parts[at + 1];
  if (phase != "Pending" && phase != "Bound" && phase != "Lost" && phase != "Terminating") {
    return false;
  }
  identify(claim, "PersistentVolumeClaim", at == 1 ? parts[0] : std::string_view(), parts[at]);
  claim["status"]["phase"].set(phase);
  std::size_t next = at + 2;
  if (phase != "Pending" && next + 2 < parts.size()) {
    claim["spec"]["volumeName"].set(parts[next]);
    claim["status"]["capacity"]["storage"].set(parts[next + 1]);
    next += 3;
  }
  if (next < parts.size() && !is_age(parts[next]) && !is_none(parts[next])) {
    claim["spec"]["storageClassName"].set(parts[next]);
  }
  if (!parts.empty()) {
    age(claim, parts.back());
  }
  return true;
}

// Counts of a workload's replicas, by the header's words.
bool workload_row(std::string_view kind, const Words& header, const Words& parts, std::size_t at, Draft& object) {
  if (parts.size() < at + 3) {
    return false;
  }
  Draft& spec = object["spec"];
  Draft& status = object["status"];
  for (std::size_t i = 0; i < header.size() && i < parts.size(); ++i) {
    std::string_view value = parts[i];
    if (header[i] == "READY" && is_fraction(value)) {
      status["readyReplicas"].set(number(value));
      spec["replicas"].set(number(value.substr(value.find('/') + 1)));
    } else if (!is_number(value)) {
      continue;
    } else if (header[i] == "DESIRED") {
      (kind == "DaemonSet" ? status["desiredNumberScheduled"] : spec["replicas"]).set(number(value));
    } else if (header[i] == "CURRENT") {
      status[kind == "DaemonSet" ? "currentNumberScheduled" : "replicas"].set(number(value));
    } else if (header[i] == "READY") {
      status[kind == "DaemonSet" ? "numberReady" : "readyReplicas"].set(number(value));
    } else if (header[i] == "UP-TO-DATE") {
      status[kind == "DaemonSet" ? "updatedNumberScheduled" : "updatedReplicas"].set(number(value));
    } else if (header[i] == "AVAILABLE") {
      status[kind == "DaemonSet" ? "numberAvailable" : "availableReplicas"].set(number(value));
    }
  }
  identify(object, kind, at == 1 ? parts[0] : std::string_view(), parts[at]);
  return true;
}

bool class_row(const Words& parts, Draft& object) {
  if (parts.size() < 2) {
    return false;
  }
  bool is_default = parts[1] == "(default)";
  std::size_t at = is_default ? 2 : 1;
  if (at >= parts.size()) {
    return false;
  }
  identify(object, "StorageClass", {}, parts[0]);
  object["provisioner"].set(parts[at]);
  if (is_default) {
    object["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"].set("true");
  }
  for (std::string_view word : parts) {
    if (word == "WaitForFirstConsumer" || word == "Immediate") {
      object["volumeBindingMode"].set(word);
    }
  }
  return true;
}

}  // namespace

std::string_view table_kind(std::string_view header) {
  Words parts = words(header);
  auto has = [&](std::string_view word) { return std::find(parts.begin(), parts.end(), word) != parts.end(); };
  if (!has("NAME") || parts.size() < 2) {
    return {};
  }
  if (has("RESTARTS") && has("STATUS")) {
    return "Pod";
  }
  if (has("STATUS") && (has("VERSION") || has("ROLES")) && !has("NAMESPACE")) {
    return "Node";
  }
  if (has("VOLUME") && has("STATUS") && has("CAPACITY")) {
    return "PersistentVolumeClaim";
  }
  if (has("PROVISIONER")) {
    return "StorageClass";
  }
  if (has("UP-TO-DATE")) {
    return has("NODE") || has("NODE-SELECTOR") ? "DaemonSet" : "Deployment";
  }
  if (has("DESIRED") && has("CURRENT") && has("READY")) {
    return "ReplicaSet";
  }
  if (has("READY") && has("AGE")) {
    return "StatefulSet";
  }
  return {};
}

bool is_pod_row(std::string_view text) {
  Words parts = words(text);
  Draft ignored;
  for (std::size_t at : {std::size_t{0}, std::size_t{1}}) {
    if (at + 2 < parts.size() && is_name(parts[at].substr(parts[at].find('/') + 1)) && is_fraction(parts[at + 1]) &&
        parts[at + 2].front() >= 'A' && parts[at + 2].front() <= 'Z' && pod_row(parts, at, ignored)) {
      return true;
    }
  }
  return false;
}

std::size_t read_table(std::string_view header, std::span<const Line> lines, std::vector<Draft>& objects) {
  std::string_view kind = header.empty() ? std::string_view("Pod") : table_kind(header);
  Words columns = words(header);
  std::size_t taken = 0;
  for (const Line& line : lines) {
    Words parts = words(line.text);
    if (parts.empty() || line.fence || !is_name(parts[0].substr(parts[0].find('/') + 1))) {
      break;
    }
    bool namespaced = !columns.empty() && columns[0] == "NAMESPACE";
    if (header.empty()) {
      namespaced = parts.size() > 1 && !is_fraction(parts[1]);
    }
    std::size_t at = namespaced ? 1 : 0;
    Draft object;
    bool read = kind == "Pod"                     ? pod_row(parts, at, object)
                : kind == "Node"                  ? node_row(parts, object)
                : kind == "PersistentVolumeClaim" ? claim_row(parts, at, object)
                : kind == "StorageClass"          ? class_row(parts, object)
                                                  : workload_row(kind, columns, parts, at, object);
    if (!read) {
      break;
    }
    objects.push_back(std::move(object));
    ++taken;
  }
  return taken;
}

void read_pod_status(std::string_view shown, std::string_view ready, std::int64_t restarts, Draft& pod) {
  pod["metadata"]["annotations"]["podcheck.dev/status"].set(shown);
  Draft& status = pod["status"];
  std::int64_t ready_count = number(ready);
  std::int64_t total = number(ready.substr(std::min(ready.find('/'), ready.size() - 1) + 1));
  bool init = shown.starts_with("Init:");
  std::string_view reason = init ? shown.substr(5) : shown;
  if (shown == "Terminating") {
    pod["metadata"]["annotations"]["podcheck.dev/terminating-for"].set("?");  // a row does not tell since when
    status["phase"].set("Running");
    return;
  }
  if (shown == "Evicted" || shown == "DeadlineExceeded" || shown == "NodeLost" || shown == "UnexpectedAdmissionError" ||
      shown == "NodeAffinity" || shown.starts_with("OutOf") || shown == "Shutdown" || shown == "Terminated" ||
      shown == "Preempting") {
    status["phase"].set(shown == "NodeLost" ? "Running" : "Failed");
    status["reason"].set(shown);
    return;
  }
  if (shown == "SchedulingGated") {
    status["phase"].set("Pending");
    return;
  }
  if (shown == "Unknown") {
    status["phase"].set("Unknown");
    return;
  }
  if (shown == "Pending" || shown == "Failed" || shown == "Succeeded") {
    status["phase"].set(shown);
    return;
  }
  // Beyond Pending it is the kubelet who speaks.
  Draft& scheduled = status["conditions"].append();
  scheduled["type"].set("PodScheduled");
  scheduled["status"].set("True");
  bool finished = shown == "Completed";
  bool ran = shown == "Running" || shown == "CrashLoopBackOff" || shown == "Error" || shown == "OOMKilled" ||
             shown == "RunContainerError" || shown.starts_with("ExitCode:") || shown.starts_with("Signal:") ||
             shown == "ContainerCannotRun" || shown == "StartError";
  status["phase"].set(finished ? "Succeeded" : ran ? "Running" : "Pending");
  Draft& list = status[init ? "initContainerStatuses" : "containerStatuses"];
  list.make_sequence();
  std::int64_t count = init ? 1 : std::clamp<std::int64_t>(total, 1, 32);
  for (std::int64_t i = 0; i < count; ++i) {
    Draft& entry = list.append();
    bool is_ready = !init && i < ready_count;
    // Which of several containers it is, the row does not tell; the ready ones are taken to be the first.
    entry["name"].set("");
    entry["ready"].set(is_ready);
    entry["restartCount"].set(is_ready ? 0 : restarts);
    Draft& state = entry["state"];
    if (is_ready || shown == "Running") {
      state["running"].make_mapping();
    } else if (finished || reason == "Error" || reason == "OOMKilled" || reason.starts_with("ExitCode:") ||
               reason.starts_with("Signal:") || reason == "ContainerCannotRun" || reason == "StartError") {
      Draft& ended = state["terminated"];
      ended["reason"].set(reason.starts_with("ExitCode:") || reason.starts_with("Signal:") ? std::string_view("Error")
                                                                                           : reason);
      if (finished) {
        ended["exitCode"].set(0);
      } else if (reason == "OOMKilled") {
        ended["exitCode"].set(137);
      } else if (reason.starts_with("ExitCode:")) {
        ended["exitCode"].set(number(reason.substr(9)));
      }
    } else if (!is_fraction(reason)) {
      state["waiting"]["reason"].set(reason);
    } else {
      state["waiting"]["reason"].set("PodInitializing");
    }
  }
}

}  // namespace podcheck::cluster::paste
