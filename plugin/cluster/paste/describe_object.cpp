#include "cluster/paste/describe_object.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "cluster/paste/describe_pod.hpp"
#include "cluster/resource.hpp"

namespace podcheck::cluster::paste {

namespace {

struct Mark {
  std::string_view key;
  std::string_view kind;
};

// In order: the first key that is there decides.
constexpr auto marks = std::to_array<Mark>({
    {"QoS Class", "Pod"},
    {"QoS Tier", "Pod"},
    {"StrategyType", "Deployment"},
    {"OldReplicaSets", "Deployment"},
    {"NewReplicaSet", "Deployment"},
    {"Desired Number of Nodes Scheduled", "DaemonSet"},
    {"Number of Nodes Misscheduled", "DaemonSet"},
    {"Schedule", "CronJob"},
    {"Concurrency Policy", "CronJob"},
    {"Parallelism", "Job"},
    {"Pods Statuses", "Job"},
    {"Update Strategy", "StatefulSet"},
    {"Volume Claims", "StatefulSet"},
    {"Claim", "PersistentVolume"},
    {"Reclaim Policy", "PersistentVolume"},
    {"Provisioner", "StorageClass"},
    {"Access Modes", "PersistentVolumeClaim"},
    {"TargetPort", "Service"},
    {"Session Affinity", "Service"},
    {"System Info", "Node"},
    {"Allocatable", "Node"},
    {"Taints", "Node"},
    {"Non-terminated Pods", "Node"},
    {"Pods Status", "ReplicaSet"},
    {"Init Containers", "Pod"},
    {"Service Account", "Pod"},
    {"Node-Selectors", "Pod"},
    {"Restart Count", "Pod"},
    {"Containers", "Pod"},
    {"Start Time", "Pod"},
    {"Last State", "Pod"},
    {"State", "Pod"},
    {"Exit Code", "Pod"},
    {"Controlled By", "Pod"},
    {"Node", "Pod"},
});

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The number before a word: "1 desired | 1 updated | 0 available".
std::optional<std::int64_t> count_of(std::string_view text, std::string_view word) {
  std::size_t at = text.find(" " + std::string(word));
  while (at != std::string_view::npos) {
    std::size_t start = at;
    while (start > 0 && text[start - 1] >= '0' && text[start - 1] <= '9') {
      --start;
    }
    if (start < at) {
      return number(text.substr(start, at - start));
    }
    at = text.find(" " + std::string(word), at + 1);
  }
  return std::nullopt;
}

class ObjectReader {
 public:
  ObjectReader(std::string_view kind, Draft& object, std::vector<Draft>& others)
      : kind_(kind), object_(object), others_(others) {}

  void read(std::span<const Line> lines) {
    std::size_t base = static_cast<std::size_t>(-1);
    for (std::size_t i = 1; i < lines.size(); ++i) {
      if (!lines[i].text.empty()) {
        base = std::min(base, lines[i].indent);
      }
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const Line& line = lines[i];
      std::optional<KeyValue> pair = key_value(line.text);
      bool top = i == 0 || line.indent <= base;
      if (top && pair && pair->key == "Pod Template") {
        std::size_t end = i + 1;
        while (end < lines.size() && (lines[end].indent > base || lines[end].text.empty())) {
          ++end;
        }
        Draft& spec = object_["spec"];
        Draft& pod_template = kind_ == "CronJob" ? spec["jobTemplate"]["spec"]["template"] : spec["template"];
        read_pod_template(lines.subspan(i + 1, end - i - 1), pod_template);
        i = end - 1;
        section_.clear();
        continue;
      }
      if (top && pair) {
        section_ = pair->key;
        key(pair->key, pair->value);
      } else if (!line.text.empty()) {
        below(line, pair);
      }
    }
  }

 private:
  void key(std::string_view name, std::string_view value) {
    Draft& metadata = object_["metadata"];
    if (name == "Name") {
      metadata["name"].set(value);
    } else if (name == "Namespace" && !is_none(value)) {
      metadata["namespace"].set(value);
    } else if (name == "Labels") {
      label(metadata["labels"], value);
    } else if (name == "Annotations") {
      annotation(value);
    } else if (name == "CreationTimestamp" || name == "Created On") {
      std::string time = rfc3339_of(value);
      if (!time.empty()) {
        metadata["creationTimestamp"].set(time);
      }
    } else if (name == "Controlled By") {
      std::size_t slash = value.find('/');
      if (slash != std::string_view::npos) {
        Draft& owner = metadata["ownerReferences"].append();
        owner["kind"].set(value.substr(0, slash));
        owner["name"].set(value.substr(slash + 1));
        owner["controller"].set(true);
      }
    } else if (name == "Finalizers" && value.size() > 2 && value.front() == '[') {
      for (std::string_view word : words(value.substr(1, value.size() - 2))) {
        metadata["finalizers"].append().set(word);
      }
    } else if (kind_ == "Node") {
      node(name, value);
    } else if (kind_ == "PersistentVolumeClaim" || kind_ == "PersistentVolume") {
      volume(name, value);
    } else if (kind_ == "StorageClass") {
      storage_class(name, value);
    } else if (kind_ == "Service") {
      service(name, value);
    } else {
      workload(name, value);
    }
  }

  void below(const Line& line, const std::optional<KeyValue>& pair) {
    if (section_ == "Labels") {
      label(object_["metadata"]["labels"], line.text);
    } else if (section_ == "Annotations") {
      annotation(line.text);
    } else if (section_ == "Selector" && kind_ == "Service") {
      label(object_["spec"]["selector"], line.text);
    } else if (section_ == "Conditions") {
      condition(line.text);
    } else if (section_ == "Mounted By" || section_ == "Used By") {
      user(line.text);
    } else if (section_ == "Taints") {
      taint(line.text);
    } else if ((section_ == "Capacity" || section_ == "Allocatable") && pair && kind_ == "Node") {
      object_["status"][section_ == "Capacity" ? "capacity" : "allocatable"][pair->key].set(pair->value);
    } else if (section_ == "System Info" && pair) {
      system_info(pair->key, pair->value);
    } else if (section_ == "Addresses" && pair) {
      Draft& address = object_["status"]["addresses"].append();
      address["type"].set(pair->key);
      address["address"].set(pair->value);
    } else if (section_ == "Non-terminated Pods") {
      pod_of_node(line.text);
    } else if (section_ == "Required Terms" || section_ == "Node Affinity") {
      affinity_term(line.text);
    } else if (section_ == "Source" && pair && kind_ == "PersistentVolume") {
      source(pair->key, pair->value);
    }
  }

  // Older versions wrote all of them on one line with commas.
  static void label(Draft& into, std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), ',', ' ');
    for (std::string_view word : words(spaced)) {
      std::size_t equals = word.find('=');
      if (equals != std::string_view::npos && equals > 0) {
        into[word.substr(0, equals)].set(word.substr(equals + 1));
      }
    }
  }

  void annotation(std::string_view text) {
    std::size_t cut = std::min(text.find(": "), text.find('='));
    if (cut != std::string_view::npos && cut > 0 && text.substr(0, cut).find(' ') == std::string_view::npos) {
      object_["metadata"]["annotations"][text.substr(0, cut)].set(trim(text.substr(cut + 1)));
    }
  }

  void condition(std::string_view text) {
    std::vector<std::string_view> parts = cells(text);
    if (parts.size() < 2) {
      parts = words(text);
    }
    if (parts.size() < 2 || (parts[1] != "True" && parts[1] != "False" && parts[1] != "Unknown")) {
      return;
    }
    Draft& entry = object_["status"]["conditions"].append();
    entry["type"].set(parts[0]);
    entry["status"].set(parts[1]);
    std::size_t next = 2;
    for (const char* field : {"lastHeartbeatTime", "lastTransitionTime"}) {
      if (next < parts.size()) {
        std::string time = rfc3339_of(parts[next]);
        if (!time.empty()) {
          entry[field].set(time);
          ++next;
        }
      }
    }
    if (next < parts.size()) {
      entry["reason"].set(parts[next++]);
    }
    std::string message;
    for (; next < parts.size(); ++next) {
      message += (message.empty() ? "" : " ") + std::string(parts[next]);
    }
    if (!message.empty()) {
      entry["message"].set(message);
    }
  }

  void taint(std::string_view text) {
    for (std::string_view word : words(text)) {
      std::size_t colon = word.rfind(':');
      if (colon == std::string_view::npos) {
        continue;
      }
      Draft& entry = object_["spec"]["taints"].append();
      std::size_t equals = word.find('=');
      bool valued = equals != std::string_view::npos && equals < colon;
      entry["key"].set(word.substr(0, valued ? equals : colon));
      if (valued) {
        entry["value"].set(word.substr(equals + 1, colon - equals - 1));
      }
      std::string_view effect = word.substr(colon + 1);
      entry["effect"].set(effect.ends_with(',') ? effect.substr(0, effect.size() - 1) : effect);
    }
  }

  void node(std::string_view name, std::string_view value) {
    if (name == "Taints" && !is_none(value)) {
      taint(value);
    } else if (name == "Unschedulable" && value == "true") {
      object_["spec"]["unschedulable"].set(true);
    } else if (name == "ProviderID") {
      object_["spec"]["providerID"].set(value);
    }
  }

  void system_info(std::string_view name, std::string_view value) {
    constexpr std::pair<std::string_view, const char*> fields[] = {
        {"Kernel Version", "kernelVersion"},
        {"OS Image", "osImage"},
        {"Operating System", "operatingSystem"},
        {"Architecture", "architecture"},
        {"Container Runtime Version", "containerRuntimeVersion"},
        {"Kubelet Version", "kubeletVersion"},
        {"Boot ID", "bootID"},
        {"Machine ID", "machineID"}};
    for (const auto& [key, field] : fields) {
      if (key == name) {
        object_["status"]["nodeInfo"][field].set(value);
      }
    }
  }

  // "shop  web-1  100m (5%)  0 (0%)  128Mi (1%)  256Mi (2%)  3d"
  void pod_of_node(std::string_view text) {
    std::vector<std::string_view> parts = words(text);
    if (parts.size() < 10 || !is_name(parts[0]) || !is_name(parts[1]) || !parts[3].starts_with('(')) {
      return;
    }
    Draft pod;
    pod["apiVersion"].set("v1");
    pod["kind"].set("Pod");
    pod["metadata"]["name"].set(parts[1]);
    pod["metadata"]["namespace"].set(parts[0]);
    pod["metadata"]["annotations"]["podcheck.dev/partial"].set("node");
    Draft& spec = pod["spec"];
    spec["nodeName"].set(object_["metadata"]["name"].text());
    Draft& resources = spec["containers"].append()["resources"];
    const std::pair<const char*, const char*> columns[] = {
        {"requests", "cpu"}, {"limits", "cpu"}, {"requests", "memory"}, {"limits", "memory"}};
    for (std::size_t i = 0; i < 4; ++i) {
      std::string_view amount = parts[2 + 2 * i];
      if (amount != "0") {
        resources[columns[i].first][columns[i].second].set(amount);
      }
    }
    pod["status"]["phase"].set("Running");
    others_.push_back(std::move(pod));
  }

  void volume(std::string_view name, std::string_view value) {
    if (is_none(value)) {
      return;
    }
    Draft& spec = object_["spec"];
    if (name == "StorageClass") {
      spec["storageClassName"].set(value);
    } else if (name == "Status") {
      std::string_view phase = value.substr(0, value.find(' '));
      if (phase == "Terminating") {
        object_["metadata"]["annotations"]["podcheck.dev/terminating-for"].set("0s");
        std::size_t open = value.find("(lasts ");
        if (open != std::string_view::npos) {
          object_["metadata"]["annotations"]["podcheck.dev/terminating-for"].set(
              value.substr(open + 7, value.find(')', open) - open - 7));
        }
      } else {
        object_["status"]["phase"].set(phase);
      }
    } else if (name == "Volume") {
      spec["volumeName"].set(value);
    } else if (name == "Capacity") {
      (kind_ == "PersistentVolume" ? spec : object_["status"])["capacity"]["storage"].set(value);
    } else if (name == "Access Modes") {
      std::string_view rest = value;
      while (!rest.empty()) {
        std::string_view mode = trim(rest.substr(0, rest.find(',')));
        spec["accessModes"].append().set(mode == "RWO"    ? std::string_view("ReadWriteOnce")
                                         : mode == "RWX"  ? std::string_view("ReadWriteMany")
                                         : mode == "ROX"  ? std::string_view("ReadOnlyMany")
                                         : mode == "RWOP" ? std::string_view("ReadWriteOncePod")
                                                          : mode);
        rest.remove_prefix(std::min(rest.find(','), rest.size() - 1) + 1);
      }
    } else if (name == "VolumeMode") {
      spec["volumeMode"].set(value);
    } else if (name == "Mounted By" || name == "Used By") {
      user(value);
    } else if (name == "Reclaim Policy") {
      spec["persistentVolumeReclaimPolicy"].set(value);
    } else if (name == "Claim") {
      std::size_t slash = value.find('/');
      if (slash != std::string_view::npos) {
        spec["claimRef"]["namespace"].set(value.substr(0, slash));
        spec["claimRef"]["name"].set(value.substr(slash + 1));
      }
    }
  }

  // A pod that uses the claim.
  void user(std::string_view name) {
    if (!is_name(name) || kind_ != "PersistentVolumeClaim") {
      return;
    }
    Draft pod;
    pod["apiVersion"].set("v1");
    pod["kind"].set("Pod");
    pod["metadata"]["name"].set(name);
    pod["metadata"]["namespace"].set(object_["metadata"]["namespace"].text());
    pod["metadata"]["annotations"]["podcheck.dev/partial"].set("user");
    Draft& volume = pod["spec"]["volumes"].append();
    volume["name"].set("claim");
    volume["persistentVolumeClaim"]["claimName"].set(object_["metadata"]["name"].text());
    others_.push_back(std::move(pod));
  }

  // "Term 0:  topology.kubernetes.io/zone in [zone-a]"
  void affinity_term(std::string_view text) {
    std::size_t open = text.find(" in [");
    if (open == std::string_view::npos || text.back() != ']') {
      return;
    }
    std::string_view key = text.substr(0, open);
    key = key.substr(key.rfind(' ') == std::string_view::npos ? 0 : key.rfind(' ') + 1);
    Draft& terms = object_["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"];
    Draft& expression = terms.append()["matchExpressions"].append();
    expression["key"].set(key);
    expression["operator"].set("In");
    std::string_view values = text.substr(open + 5, text.size() - open - 6);
    while (!values.empty()) {
      expression["values"].append().set(trim(values.substr(0, values.find(','))));
      values.remove_prefix(std::min(values.find(','), values.size() - 1) + 1);
    }
  }

  void source(std::string_view name, std::string_view value) {
    if (name == "Type") {
      std::string_view word = value.substr(0, value.find(' '));
      source_ = word == "LocalVolume" ? "local"
                : word == "HostPath"  ? "hostPath"
                : word == "NFS"       ? "nfs"
                : word == "CSI"       ? "csi"
                                      : "";
      if (!source_.empty()) {
        object_["spec"][source_].make_mapping();
      }
    } else if (!source_.empty() && !is_none(value)) {
      const char* field = name == "Path" ? "path" : name == "Server" ? "server" : name == "Driver" ? "driver" : nullptr;
      if (field != nullptr) {
        object_["spec"][source_][field].set(value);
      }
    }
  }

  void storage_class(std::string_view name, std::string_view value) {
    if (name == "Provisioner") {
      object_["provisioner"].set(value);
    } else if (name == "ReclaimPolicy") {
      object_["reclaimPolicy"].set(value);
    } else if (name == "VolumeBindingMode") {
      object_["volumeBindingMode"].set(value);
    } else if (name == "AllowVolumeExpansion" && !is_none(value)) {
      object_["allowVolumeExpansion"].set(value == "True");
    } else if (name == "IsDefaultClass" && value == "Yes") {
      object_["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"].set("true");
    }
  }

  void service(std::string_view name, std::string_view value) {
    Draft& spec = object_["spec"];
    if (name == "Selector" && !is_none(value)) {
      label(spec["selector"], value);
    } else if (name == "Type") {
      spec["type"].set(value);
    } else if (name == "IP" && !is_none(value)) {
      spec["clusterIP"].set(value);
    } else if (name == "Port") {
      std::vector<std::string_view> parts = words(value);
      if (!parts.empty()) {
        Draft& port = spec["ports"].append();
        if (parts.size() > 1 && !is_none(parts[0])) {
          port["name"].set(parts[0]);
        }
        port["port"].set(number(parts.back()));
        std::size_t slash = parts.back().find('/');
        if (slash != std::string_view::npos) {
          port["protocol"].set(parts.back().substr(slash + 1));
        }
      }
    } else if (name == "TargetPort" && !spec["ports"].items().empty()) {
      std::string_view target = value.substr(0, value.find('/'));
      if (std::int64_t port = number(target); port > 0) {
        spec["ports"].items().back()["targetPort"].set(port);
      } else {
        spec["ports"].items().back()["targetPort"].set(target);
      }
    } else if (name == "Endpoints") {
      Draft endpoints;
      endpoints["apiVersion"].set("v1");
      endpoints["kind"].set("Endpoints");
      endpoints["metadata"]["name"].set(object_["metadata"]["name"].text());
      endpoints["metadata"]["namespace"].set(object_["metadata"]["namespace"].text());
      std::string_view rest = is_none(value) ? std::string_view() : value;
      while (!rest.empty()) {
        std::string_view address = trim(rest.substr(0, rest.find(',')));
        endpoints["subsets"].append()["addresses"].append()["ip"].set(address.substr(0, address.rfind(':')));
        rest.remove_prefix(std::min(rest.find(','), rest.size() - 1) + 1);
      }
      others_.push_back(std::move(endpoints));
    }
  }

  void workload(std::string_view name, std::string_view value) {
    Draft& spec = object_["spec"];
    Draft& status = object_["status"];
    if (name == "Selector" && !is_none(value)) {
      label(spec["selector"]["matchLabels"], value);
    } else if (name == "Replicas") {
      replicas(spec, status, value);
    } else if (name == "StrategyType") {
      spec["strategy"]["type"].set(value);
    } else if (name == "Update Strategy") {
      spec["updateStrategy"]["type"].set(value);
    } else if (name == "MinReadySeconds") {
      spec["minReadySeconds"].set(number(value));
    } else if (name == "Desired Number of Nodes Scheduled") {
      status["desiredNumberScheduled"].set(number(value));
    } else if (name == "Current Number of Nodes Scheduled") {
      status["currentNumberScheduled"].set(number(value));
    } else if (name == "Number of Nodes Scheduled with Available Pods") {
      status["numberAvailable"].set(number(value));
      status["numberReady"].set(number(value));
    } else if (name == "Number of Nodes Scheduled with Up-to-date Pods") {
      status["updatedNumberScheduled"].set(number(value));
    } else if (name == "Number of Nodes Misscheduled") {
      status["numberMisscheduled"].set(number(value));
    } else if (name == "Parallelism" && !is_none(value)) {
      spec["parallelism"].set(number(value));
    } else if (name == "Completions" && !is_none(value)) {
      spec["completions"].set(number(value));
    } else if (name == "Backoff Limit" && !is_none(value)) {
      spec["backoffLimit"].set(number(value));
    } else if (name == "Active Deadline Seconds" && !is_none(value)) {
      spec["activeDeadlineSeconds"].set(number(value));
    } else if (name == "Suspend") {
      spec["suspend"].set(value == "true" || value == "True");
    } else if (name == "Schedule") {
      spec["schedule"].set(value);
    } else if (name == "Concurrency Policy") {
      spec["concurrencyPolicy"].set(value);
    } else if (name == "Time Zone" && !is_none(value)) {
      spec["timeZone"].set(value);
    } else if (name == "Starting Deadline Seconds" && !is_none(value)) {
      spec["startingDeadlineSeconds"].set(number(value));
    } else if (name == "Start Time") {
      std::string time = rfc3339_of(value);
      if (!time.empty()) {
        status["startTime"].set(time);
        object_["metadata"]["creationTimestamp"].set(time);
      }
    } else if (name == "Pods Statuses") {
      job_status(status, value);
    } else if (name == "Last Schedule Time" && !is_none(value)) {
      std::string time = rfc3339_of(value);
      if (!time.empty()) {
        status["lastScheduleTime"].set(time);
      }
    } else if (name == "Active Jobs" && !is_none(value)) {
      status["active"].append()["name"].set(value);
    }
  }

  // "3 desired | 3 updated | 3 total | 0 available | 3 unavailable"; "1 current / 1 desired"
  static void replicas(Draft& spec, Draft& status, std::string_view value) {
    if (auto count = count_of(value, "desired")) {
      spec["replicas"].set(*count);
    }
    if (auto count = count_of(value, "updated")) {
      status["updatedReplicas"].set(*count);
    }
    if (auto count = count_of(value, "total")) {
      status["replicas"].set(*count);
    }
    if (auto count = count_of(value, "current")) {
      status["replicas"].set(*count);
    }
    if (auto count = count_of(value, "available")) {
      status["availableReplicas"].set(*count);
      status["readyReplicas"].set(*count);
    }
    if (auto count = count_of(value, "unavailable")) {
      status["unavailableReplicas"].set(*count);
    }
  }

  // "1 Active (0 Ready) / 0 Succeeded / 2 Failed"; "1 Running / 0 Succeeded / 0 Failed" in older versions
  static void job_status(Draft& status, std::string_view value) {
    for (const auto& [word, field] :
         {std::pair{"Active", "active"}, std::pair{"Running", "active"}, std::pair{"Ready", "ready"},
          std::pair{"Succeeded", "succeeded"}, std::pair{"Failed", "failed"}}) {
      std::string spaced = " " + std::string(value);
      std::replace(spaced.begin(), spaced.end(), '(', ' ');
      if (auto count = count_of(spaced, word)) {
        status[field].set(*count);
      }
    }
  }

  std::string_view kind_;
  Draft& object_;
  std::vector<Draft>& others_;
  std::string section_;
  std::string source_;
};

}  // namespace

std::string_view described_kind(std::span<const Line> lines) {
  std::size_t best = marks.size();
  bool owned_by_replica_controller = false;
  for (const Line& line : lines) {
    std::optional<KeyValue> pair = key_value(line.text);
    if (!pair) {
      continue;
    }
    for (std::size_t i = 0; i < best; ++i) {
      if (marks[i].key == pair->key) {
        best = i;
      }
    }
    if (pair->key == "Replicas" && pair->value.find("current") != std::string_view::npos) {
      owned_by_replica_controller = true;
    }
  }
  if (best == marks.size()) {
    return {};
  }
  std::string_view kind = marks[best].kind;
  return owned_by_replica_controller && kind != "Deployment" ? std::string_view("ReplicaSet") : kind;
}

void read_described(std::string_view kind, std::span<const Line> lines, Draft& object, std::vector<Draft>& others) {
  const Resource* resource = resource_of_kind(kind);
  object["apiVersion"].set(resource == nullptr ? std::string_view("v1") : resource->api_version);
  object["kind"].set(kind);
  object["metadata"].make_mapping();
  ObjectReader(kind, object, others).read(lines);
}

}  // namespace podcheck::cluster::paste
