#include "cluster/paste/describe_pod.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "cluster/paste/describe_volume.hpp"

namespace podcheck::cluster::paste {

namespace {

enum class Section : std::uint8_t {
  top,
  labels,
  annotations,
  init,
  containers,
  ephemeral,
  conditions,
  volumes,
  selectors,
  tolerations,
  spread,
  ips,
  other
};

enum class Part : std::uint8_t {
  none,
  state,
  last_state,
  command,
  args,
  limits,
  requests,
  environment,
  environment_from,
  mounts,
  other
};

struct TopKey {
  std::string_view key;
  Section section;
};

// k8s.io/kubectl/pkg/describe/describe.go describePod, with the keys that older versions printed.
constexpr auto top_keys = std::to_array<TopKey>({
    {"Name", Section::top},
    {"Namespace", Section::top},
    {"Priority", Section::top},
    {"Priority Class Name", Section::top},
    {"PriorityClassName", Section::top},
    {"Runtime Class Name", Section::top},
    {"Service Account", Section::top},
    {"Node", Section::top},
    {"Start Time", Section::top},
    {"Labels", Section::labels},
    {"Annotations", Section::annotations},
    {"Status", Section::top},
    {"Reason", Section::top},
    {"Message", Section::top},
    {"Termination Grace Period", Section::top},
    {"SeccompProfile", Section::top},
    {"IP", Section::top},
    {"IPs", Section::ips},
    {"Controllers", Section::top},
    {"Controlled By", Section::top},
    {"Created By", Section::top},
    {"NominatedNodeName", Section::top},
    {"Resources", Section::other},
    {"Init Containers", Section::init},
    {"Containers", Section::containers},
    {"Ephemeral Containers", Section::ephemeral},
    {"Readiness Gates", Section::other},
    {"Conditions", Section::conditions},
    {"Volumes", Section::volumes},
    {"QoS Class", Section::top},
    {"QoS Tier", Section::other},
    {"Node-Selectors", Section::selectors},
    {"Node-Selector", Section::selectors},
    {"Tolerations", Section::tolerations},
    {"Topology Spread Constraints", Section::spread},
    {"Security Policy", Section::top},
    {"Image(s)", Section::top},
});

constexpr std::string_view container_keys[] = {"Container ID",
                                               "Image",
                                               "Image ID",
                                               "Port",
                                               "Ports",
                                               "Host Port",
                                               "Host Ports",
                                               "SeccompProfile",
                                               "Command",
                                               "Args",
                                               "State",
                                               "Last State",
                                               "Last Termination State",
                                               "Ready",
                                               "Restart Count",
                                               "Limits",
                                               "Requests",
                                               "Liveness",
                                               "Readiness",
                                               "Startup",
                                               "Environment",
                                               "Environment Variables",
                                               "Environment Variables from",
                                               "Mounts",
                                               "Devices",
                                               "Resources",
                                               "Restart Policy"};

constexpr std::string_view state_keys[] = {"Reason", "Message", "Signal", "Exit Code", "Started", "Finished"};

template <typename List>
bool among(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Seconds of "5s", "1m30s".
std::int64_t seconds(std::string_view text);

bool is_container_line(const Line& line) {
  return line.text.size() > 1 && line.text.back() == ':' &&
         is_name(std::string_view(line.text).substr(0, line.text.size() - 1)) &&
         line.text.find('.') == std::string::npos;
}

class PodReader {
 public:
  PodReader(Draft& metadata, Draft& spec, Draft* status, bool flat)
      : metadata_(metadata), spec_(spec), status_(status), flat_(flat) {}

  void feed(const Line& line, std::size_t base) {
    std::optional<KeyValue> pair = key_value(line.text);
    if (pair && (line.indent <= base || flat_)) {
      for (const TopKey& top : top_keys) {
        if (top.key == pair->key && may_be_top(pair->key)) {
          enter(top.section, line, *pair);
          return;
        }
      }
    }
    if (begins_container(line, pair)) {
      section_ = Section::containers;
      container_ = nullptr;
      part_ = Part::none;
    }
    switch (section_) {
      case Section::labels:
        label(line.text);
        break;
      case Section::annotations:
        annotation(line.text);
        break;
      case Section::init:
      case Section::containers:
      case Section::ephemeral:
        container_line(line, pair);
        break;
      case Section::conditions:
        condition(line.text);
        break;
      case Section::volumes:
        volumes_.feed(line, spec_["volumes"]);
        break;
      case Section::selectors:
        selector(line.text);
        break;
      case Section::tolerations:
        toleration(line.text);
        break;
      case Section::top:
        if (!last_key_.empty() && last_key_ == "Message" && status_ != nullptr) {
          append_text((*status_)["message"], line.text);
        }
        break;
      default:
        break;
    }
  }

 private:
  // A text that has lost its indentation has these keys both at the top and inside of containers and volumes.
  bool may_be_top(std::string_view key) const {
    bool inside = section_ == Section::init || section_ == Section::containers || section_ == Section::volumes ||
                  section_ == Section::ephemeral;
    if (!flat_ || !inside) {
      return true;
    }
    return !(key == "Name" || key == "Reason" || key == "Message" || key == "SeccompProfile" || key == "Resources" ||
             key == "Path");
  }

  // In a text whose "Containers:" was cut off, a container begins with its name or with one of its keys.
  bool begins_container(const Line& line, const std::optional<KeyValue>& pair) const {
    bool open = section_ == Section::init || section_ == Section::containers || section_ == Section::ephemeral ||
                section_ == Section::volumes;
    if (open || spec_.has("containers") || !pair) {
      return false;
    }
    bool key = among(container_keys, pair->key) && pair->key != "Resources" && pair->key != "SeccompProfile";
    return key || (section_ == Section::top && last_key_.empty() && is_container_line(line));
  }

  void enter(Section section, const Line& line, const KeyValue& pair) {
    section_ = section;
    last_key_ = pair.key;
    container_ = nullptr;
    switch (section) {
      case Section::top:
        top(pair.key, pair.value);
        break;
      case Section::labels:
        label(pair.value);
        break;
      case Section::annotations:
        annotation(pair.value);
        break;
      case Section::selectors:
        selector(pair.value);
        break;
      case Section::tolerations:
        toleration(pair.value);
        break;
      case Section::volumes:
        volumes_ = VolumeReader(flat_);
        if (!is_none(pair.value)) {
          volumes_.feed(line, spec_["volumes"]);
        }
        break;
      default:
        break;
    }
  }

  void top(std::string_view key, std::string_view value) {
    if (is_none(value)) {
      return;
    }
    if (key == "Name") {
      metadata_["name"].set(value);
    } else if (key == "Namespace") {
      metadata_["namespace"].set(value);
    } else if (key == "Service Account") {
      spec_["serviceAccountName"].set(value);
    } else if (key == "Priority") {
      spec_["priority"].set(number(value));
    } else if (key == "Priority Class Name" || key == "PriorityClassName") {
      spec_["priorityClassName"].set(value);
    } else if (key == "Runtime Class Name") {
      spec_["runtimeClassName"].set(value);
    } else if (key == "Node") {
      std::string_view name = value.substr(0, value.find('/'));
      if (!is_none(name)) {
        spec_["nodeName"].set(name);
      }
    } else if (key == "Termination Grace Period") {
      metadata_["deletionGracePeriodSeconds"].set(seconds(value));
    } else if (key == "Controlled By" || key == "Created By" || key == "Controllers") {
      owner(value);
    }
    if (status_ != nullptr) {
      top_status(key, value);
    }
  }

  void top_status(std::string_view key, std::string_view value) {
    Draft& status = *status_;
    if (key == "Status") {
      bool terminating = value.starts_with("Terminating");
      if (terminating) {
        deleted_ = true;
        // "Terminating (lasts 5m)"; "(expires Mon, 02 Jan …)" in older versions.
        std::size_t open = value.find("(lasts ");
        metadata_["deletionTimestamp"].set("0001-01-01T00:00:00Z");
        if (open != std::string_view::npos) {
          metadata_["annotations"]["podcheck.dev/terminating-for"].set(
              value.substr(open + 7, value.find(')', open) - open - 7));
        }
      } else {
        status["phase"].set(value.substr(0, value.find(' ')));
      }
    } else if (key == "Start Time") {
      std::string time = rfc3339_of(value);
      if (!time.empty()) {
        status["startTime"].set(time);
        metadata_["creationTimestamp"].set(time);
      }
    } else if (key == "Reason") {
      status["reason"].set(value);
    } else if (key == "Message") {
      status["message"].set(value);
    } else if (key == "IP") {
      status["podIP"].set(value);
    } else if (key == "QoS Class") {
      status["qosClass"].set(value);
    } else if (key == "NominatedNodeName") {
      status["nominatedNodeName"].set(value);
    }
  }

  void owner(std::string_view value) {
    std::size_t slash = value.find('/');
    if (slash == std::string_view::npos) {
      return;
    }
    std::string_view kind = value.substr(0, slash);
    std::string_view name = value.substr(slash + 1);
    Draft& reference = metadata_["ownerReferences"].append();
    reference["apiVersion"].set(kind == "Job" || kind == "CronJob"                  ? "batch/v1"
                                : kind == "ReplicationController" || kind == "Node" ? "v1"
                                                                                    : "apps/v1");
    reference["kind"].set(kind);
    reference["name"].set(name.substr(0, name.find_first_of(" ,")));
    reference["controller"].set(true);
  }

  // Versions up to 1.8 wrote all labels on one line, with commas, which no label can contain.
  static void pairs(Draft& into, std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), ',', ' ');
    for (std::string_view word : words(spaced)) {
      std::size_t equals = word.find('=');
      if (equals != std::string_view::npos && equals > 0) {
        into[word.substr(0, equals)].set(word.substr(equals + 1));
      }
    }
  }

  void label(std::string_view text) { pairs(metadata_["labels"], text); }

  void annotation(std::string_view text) {
    std::size_t colon = text.find(": ");
    std::size_t equals = text.find('=');
    std::size_t cut = std::min(colon, equals);
    if (cut != std::string_view::npos && cut > 0 && text.substr(0, cut).find(' ') == std::string_view::npos) {
      metadata_["annotations"][text.substr(0, cut)].set(trim(text.substr(cut + 1)));
    } else if (std::size_t end = text.size();
               end > 1 && text.back() == ':' && text.find(' ') == std::string_view::npos) {
      metadata_["annotations"][text.substr(0, end - 1)].set("");
    }
  }

  void selector(std::string_view text) { pairs(spec_["nodeSelector"], text); }

  // "key=value:NoExecute op=Exists for 300s", ":NoSchedule op=Exists", "op=Exists", "key:NoSchedule"
  void toleration(std::string_view text) {
    std::vector<std::string_view> parts = words(text);
    if (parts.empty() || is_none(text)) {
      return;
    }
    Draft& entry = spec_["tolerations"].append();
    std::string_view subject = parts[0].starts_with("op=") ? std::string_view() : parts[0];
    if (subject.ends_with(',')) {
      subject.remove_suffix(1);
    }
    std::size_t colon = subject.rfind(':');
    if (colon != std::string_view::npos) {
      entry["effect"].set(subject.substr(colon + 1));
      subject = subject.substr(0, colon);
    }
    std::size_t equals = subject.find('=');
    bool has_value = equals != std::string_view::npos && equals + 1 < subject.size();
    std::string_view value = has_value ? subject.substr(equals + 1) : std::string_view();
    if (!subject.substr(0, equals).empty()) {
      entry["key"].set(subject.substr(0, equals));
    }
    bool exists = text.find("op=Exists") != std::string_view::npos || value == "Exists" || !has_value;
    entry["operator"].set(exists ? "Exists" : "Equal");
    if (!exists) {
      entry["value"].set(value);
    }
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      if (parts[i] == "for") {
        entry["tolerationSeconds"].set(seconds(parts[i + 1]));
      }
    }
  }

  void condition(std::string_view text) {
    std::vector<std::string_view> parts = words(text);
    if (status_ == nullptr || parts.size() < 2 || parts[0] == "Type" || parts[0].starts_with("--")) {
      return;
    }
    if (parts[1] == "True" || parts[1] == "False" || parts[1] == "Unknown") {
      Draft& entry = (*status_)["conditions"].append();
      entry["type"].set(parts[0]);
      entry["status"].set(parts[1]);
    }
  }

  const char* list_name() const {
    return section_ == Section::init        ? "initContainers"
           : section_ == Section::ephemeral ? "ephemeralContainers"
                                            : "containers";
  }
  const char* status_list_name() const {
    return section_ == Section::init        ? "initContainerStatuses"
           : section_ == Section::ephemeral ? "ephemeralContainerStatuses"
                                            : "containerStatuses";
  }

  Draft& container() {
    if (container_ == nullptr) {
      spec_[list_name()].append()["name"].set("");
    }
    container_ = &spec_[list_name()].items().back();
    return *container_;
  }

  Draft* container_status() {
    if (status_ == nullptr) {
      return nullptr;
    }
    std::string name = container()["name"].text();
    Draft& list = (*status_)[status_list_name()];
    for (Draft& entry : list.items()) {
      if (entry["name"].text() == name) {
        return &entry;
      }
    }
    Draft& entry = list.append();
    entry["name"].set(name);
    return &entry;
  }

  void container_line(const Line& line, const std::optional<KeyValue>& pair) {
    bool inside_map = part_ == Part::environment || part_ == Part::limits || part_ == Part::requests;
    bool shallow = !flat_ && line.indent <= name_indent_;
    if (is_container_line(line) && (!inside_map || shallow || container_ == nullptr) &&
        (flat_ || container_ == nullptr || line.indent <= name_indent_)) {
      name_indent_ = line.indent;
      key_indent_ = static_cast<std::size_t>(-1);
      Draft& added = spec_[list_name()].append();
      added["name"].set(std::string_view(line.text).substr(0, line.text.size() - 1));
      container_ = &added;
      part_ = Part::none;
      return;
    }
    bool is_key = pair && among(container_keys, pair->key);
    if (is_key && !flat_ && key_indent_ != static_cast<std::size_t>(-1) && line.indent > key_indent_) {
      is_key = false;
    }
    if (is_key) {
      key_indent_ = std::min(key_indent_, line.indent);
      container_key(pair->key, pair->value);
      return;
    }
    if ((part_ == Part::state || part_ == Part::last_state) && state_line(line, pair)) {
      return;
    }
    part_line(line, pair);
  }

  void container_key(std::string_view key, std::string_view value) {
    part_ = Part::other;
    Draft& it = container();
    Draft* status = nullptr;
    auto of_status = [&]() -> Draft* { return status = container_status(); };
    if (key == "Image") {
      it["image"].set(value);
      if (status_ != nullptr && (*status_).has(status_list_name())) {
        of_status();
        (*status)["image"].set(value);
      }
    } else if (key == "Image ID" && !is_none(value) && of_status() != nullptr) {
      (*status)["imageID"].set(value);
    } else if (key == "Container ID" && of_status() != nullptr) {
      (*status)["containerID"].set(is_none(value) ? std::string_view() : value);
    } else if (key == "Port" || key == "Ports") {
      ports(it, value);
    } else if (key == "Host Port" || key == "Host Ports") {
      host_ports(it, value);
    } else if (key == "Ready" && of_status() != nullptr) {
      (*status)["ready"].set(value.starts_with("True"));
    } else if (key == "Restart Count" && of_status() != nullptr) {
      (*status)["restartCount"].set(number(value));
    } else if (key == "State" && of_status() != nullptr) {
      part_ = Part::state;
      begin_state((*status)["state"], value);
    } else if ((key == "Last State" || key == "Last Termination State") && of_status() != nullptr) {
      part_ = Part::last_state;
      begin_state((*status)["lastState"], value);
    } else if (key == "Command") {
      part_ = Part::command;
    } else if (key == "Args") {
      part_ = Part::args;
    } else if (key == "Limits") {
      part_ = Part::limits;
    } else if (key == "Requests") {
      part_ = Part::requests;
    } else if (key == "Liveness") {
      read_probe(value, it["livenessProbe"]);
    } else if (key == "Readiness") {
      read_probe(value, it["readinessProbe"]);
    } else if (key == "Startup") {
      read_probe(value, it["startupProbe"]);
    } else if (key == "Restart Policy") {
      it["restartPolicy"].set(value);
    } else if (key == "Environment" || key == "Environment Variables") {
      part_ = Part::environment;
    } else if (key == "Environment Variables from") {
      part_ = Part::environment_from;
    } else if (key == "Mounts") {
      part_ = Part::mounts;
    }
  }

  void begin_state(Draft& state, std::string_view value) {
    state.make_mapping();
    std::string_view word = value.substr(0, value.find(' '));
    const char* name = word == "Waiting"      ? "waiting"
                       : word == "Running"    ? "running"
                       : word == "Terminated" ? "terminated"
                                              : nullptr;
    if (name != nullptr) {
      state[name].make_mapping();
      state_ = name;
    } else {
      state_.clear();
    }
    message_open_ = false;
  }

  bool state_line(const Line& line, const std::optional<KeyValue>& pair) {
    if (state_.empty()) {
      return false;
    }
    Draft& detail = (*container_status())[part_ == Part::state ? "state" : "lastState"][state_];
    if (pair && among(state_keys, pair->key)) {
      message_open_ = pair->key == "Message";
      if (pair->key == "Exit Code") {
        detail["exitCode"].set(number(pair->value));
      } else if (pair->key == "Signal") {
        detail["signal"].set(number(pair->value));
      } else if (pair->key == "Started" || pair->key == "Finished") {
        std::string time = rfc3339_of(pair->value);
        if (!time.empty()) {
          detail[pair->key == "Started" ? "startedAt" : "finishedAt"].set(time);
        }
      } else {
        detail[pair->key == "Reason" ? "reason" : "message"].set(pair->value);
      }
      return true;
    }
    if (message_open_ && !line.text.empty()) {
      append_text(detail["message"], line.text);
    }
    return message_open_;
  }

  static void append_text(Draft& into, std::string_view more) {
    if (!more.empty() && into.text().size() < 16384) {
      into.set(into.text() + (into.text().empty() ? "" : "\n") + std::string(more));
    }
  }

  void part_line(const Line& line, const std::optional<KeyValue>& pair) {
    Draft& it = container();
    switch (part_) {
      case Part::command:
      case Part::args:
        if (!line.text.empty()) {
          it[part_ == Part::command ? "command" : "args"].append().set(line.text);
        }
        break;
      case Part::limits:
      case Part::requests:
        if (pair && !pair->value.empty()) {
          it["resources"][part_ == Part::limits ? "limits" : "requests"][pair->key].set(pair->value);
        }
        break;
      case Part::environment:
        if (pair) {
          environment(it["env"].append(), pair->key, pair->value);
        }
        break;
      case Part::environment_from:
        environment_from(it, line.text);
        break;
      case Part::mounts:
        mount(it, line.text);
        break;
      default:
        break;
    }
  }

  static void port(Draft& it, std::string_view text) {
    std::size_t slash = text.find('/');
    std::int64_t value = number(text);
    if (value <= 0) {
      return;
    }
    Draft& entry = it["ports"].append();
    entry["containerPort"].set(value);
    if (slash != std::string_view::npos) {
      std::size_t end = text.find(' ', slash);
      entry["protocol"].set(text.substr(slash + 1, end == std::string_view::npos ? end : end - slash - 1));
    }
    std::size_t open = text.find('(');
    if (open != std::string_view::npos && text.back() == ')') {
      entry["name"].set(text.substr(open + 1, text.size() - open - 2));
    }
  }

  template <typename Each>
  static void each_item(std::string_view list, Each each) {
    while (!list.empty()) {
      std::size_t comma = list.find(',');
      if (std::string_view item = trim(list.substr(0, comma)); !item.empty()) {
        each(item);
      }
      list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
  }

  static void ports(Draft& it, std::string_view value) {
    each_item(value, [&](std::string_view item) { port(it, item); });
  }

  static void host_ports(Draft& it, std::string_view value) {
    Draft* list = it.find("ports");
    if (list == nullptr) {
      return;
    }
    auto port = list->items().begin();
    each_item(value, [&](std::string_view item) {
      if (port != list->items().end()) {
        if (number(item) > 0) {
          (*port)["hostPort"].set(number(item));
        }
        ++port;
      }
    });
  }

  // "<set to the key 'password' in secret 'db'>  Optional: false"
  static void environment(Draft& entry, std::string_view name, std::string_view value) {
    entry["name"].set(name);
    auto quoted_after = [&](std::string_view marker) -> std::string_view {
      std::size_t at = value.find(marker);
      if (at == std::string_view::npos) {
        return {};
      }
      at += marker.size();
      return value.substr(at, std::min(value.find('\'', at), value.size()) - at);
    };
    if (value.starts_with("<set to the key")) {
      std::string_view secret = quoted_after("in secret '");
      std::string_view map = quoted_after("of config map '");
      Draft& reference = entry["valueFrom"][secret.empty() ? "configMapKeyRef" : "secretKeyRef"];
      reference["name"].set(secret.empty() ? map : secret);
      reference["key"].set(quoted_after("the key '"));
      if (value.find("Optional: true") != std::string_view::npos) {
        reference["optional"].set(true);
      }
    } else if (value.starts_with("(v1:") && value.ends_with(')')) {
      entry["valueFrom"]["fieldRef"]["fieldPath"].set(value.substr(4, value.size() - 5));
    } else if (!value.empty()) {
      entry["value"].set(value);
    }
  }

  // "settings  ConfigMap  Optional: false", with "with prefix 'X'" before Optional.
  static void environment_from(Draft& it, std::string_view text) {
    std::vector<std::string_view> parts = words(text);
    if (parts.size() < 2 || (parts[1] != "ConfigMap" && parts[1] != "Secret")) {
      return;
    }
    Draft& reference = it["envFrom"].append()[parts[1] == "Secret" ? "secretRef" : "configMapRef"];
    reference["name"].set(parts[0]);
    if (text.find("Optional: true") != std::string_view::npos) {
      reference["optional"].set(true);
    }
  }

  // "/data from data (rw,path=\"sub\")"
  static void mount(Draft& it, std::string_view text) {
    std::size_t from = text.find(" from ");
    if (from == std::string_view::npos || text.front() != '/') {
      return;
    }
    Draft& entry = it["volumeMounts"].append();
    entry["mountPath"].set(trim(text.substr(0, from)));
    std::string_view rest = text.substr(from + 6);
    std::size_t space = rest.find(' ');
    entry["name"].set(rest.substr(0, space));
    if (rest.find("(ro") != std::string_view::npos) {
      entry["readOnly"].set(true);
    }
    std::size_t path = rest.find("path=\"");
    if (path != std::string_view::npos) {
      entry["subPath"].set(rest.substr(path + 6, rest.find('"', path + 6) - path - 6));
    }
  }

  Draft& metadata_;
  Draft& spec_;
  Draft* status_;
  bool flat_;
  Section section_ = Section::top;
  std::string last_key_;
  Draft* container_ = nullptr;  // only whether one is open; looked up again before each use
  std::size_t name_indent_ = static_cast<std::size_t>(-1);
  std::size_t key_indent_ = static_cast<std::size_t>(-1);
  Part part_ = Part::none;
  std::string state_;
  bool message_open_ = false;
  bool deleted_ = false;
  VolumeReader volumes_{false};
};

std::int64_t seconds(std::string_view text) {
  std::int64_t total = 0;
  std::int64_t value = 0;
  for (char c : text) {
    if (c >= '0' && c <= '9') {
      value = value * 10 + (c - '0');
      continue;
    }
    total += value * (c == 'h' ? 3600 : c == 'm' ? 60 : 1);
    value = 0;
    if (c != 'h' && c != 'm' && c != 's') {
      break;
    }
  }
  return total + value;
}

// The column where the top-level keys stand. The first line is left out: a selection often begins in its middle.
std::size_t base_indent(std::span<const Line> lines, bool& flat) {
  std::size_t base = static_cast<std::size_t>(-1);
  std::size_t deepest = 0;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].text.empty()) {
      continue;
    }
    ++seen;
    deepest = std::max(deepest, lines[i].indent);
    std::optional<KeyValue> pair = key_value(lines[i].text);
    bool top =
        pair && std::any_of(top_keys.begin(), top_keys.end(), [&](const TopKey& t) { return t.key == pair->key; });
    if (i > 0 && top) {
      base = std::min(base, lines[i].indent);
    }
  }
  if (base == static_cast<std::size_t>(-1)) {
    base = lines.empty() ? 0 : lines[0].indent;
  }
  flat = seen > 4 && deepest <= base;
  return base;
}

void read(std::span<const Line> lines, Draft& metadata, Draft& spec, Draft* status) {
  bool flat = false;
  std::size_t base = base_indent(lines, flat);
  PodReader reader(metadata, spec, status, flat);
  for (const Line& line : lines) {
    reader.feed(line, base);
  }
}

}  // namespace

void read_pod(std::span<const Line> lines, Draft& pod) {
  Draft& metadata = pod["metadata"];
  metadata.make_mapping();
  Draft spec;
  Draft status;
  Draft meta = metadata;
  read(lines, meta, spec, &status);
  pod["metadata"] = std::move(meta);
  pod["spec"] = std::move(spec);
  pod["status"] = std::move(status);
}

void read_pod_template(std::span<const Line> lines, Draft& pod_template) {
  Draft metadata;
  Draft spec;
  read(lines, metadata, spec, nullptr);
  pod_template["metadata"] = std::move(metadata);
  pod_template["spec"] = std::move(spec);
}

void read_probe(std::string_view text, Draft& probe) {
  std::string_view action = text.substr(0, text.find(" delay="));
  std::vector<std::string_view> parts = words(action);
  auto port_value = [](Draft& port, std::string_view value) {
    bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
    if (digits) {
      port.set(number(value));
    } else {
      port.set(value);
    }
  };
  if (action.starts_with("exec [")) {
    std::string_view command = action.substr(6, action.rfind(']') - 6);
    for (std::string_view word : words(command)) {
      probe["exec"]["command"].append().set(word);
    }
  } else if (parts.size() > 1 && parts[0] == "http-get") {
    std::string_view url = parts[1];
    std::size_t scheme = url.find("://");
    if (scheme != std::string_view::npos) {
      std::string upper(url.substr(0, scheme));
      std::transform(upper.begin(), upper.end(), upper.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
      probe["httpGet"]["scheme"].set(upper);
      url.remove_prefix(scheme + 3);
    }
    std::size_t slash = std::min(url.find('/'), url.size());
    std::string_view authority = url.substr(0, slash);
    std::size_t colon = authority.rfind(':');
    probe["httpGet"]["path"].set(slash < url.size() ? url.substr(slash) : std::string_view("/"));
    if (colon != std::string_view::npos) {
      port_value(probe["httpGet"]["port"], authority.substr(colon + 1));
      if (colon > 0) {
        probe["httpGet"]["host"].set(authority.substr(0, colon));
      }
    }
  } else if (parts.size() > 1 && parts[0] == "tcp-socket") {
    port_value(probe["tcpSocket"]["port"], parts[1].substr(parts[1].rfind(':') + 1));
  } else if (parts.size() > 1 && parts[0] == "grpc") {
    port_value(probe["grpc"]["port"], parts[1].substr(parts[1].rfind(':') + 1));
    if (parts.size() > 2) {
      probe["grpc"]["service"].set(parts[2]);
    }
  }
  constexpr std::pair<std::string_view, const char*> fields[] = {{" delay=", "initialDelaySeconds"},
                                                                 {" timeout=", "timeoutSeconds"},
                                                                 {" period=", "periodSeconds"},
                                                                 {" #success=", "successThreshold"},
                                                                 {" #failure=", "failureThreshold"}};
  for (const auto& [marker, field] : fields) {
    std::size_t at = text.find(marker);
    if (at != std::string_view::npos) {
      std::string_view value = text.substr(at + marker.size());
      std::int64_t amount = seconds(value.substr(0, value.find(' ')));
      if (amount > 0) {
        probe[field].set(amount);
      }
    }
  }
}

}  // namespace podcheck::cluster::paste
