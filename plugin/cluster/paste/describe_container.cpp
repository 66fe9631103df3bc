#include "cluster/paste/describe_container.hpp"

#include <algorithm>
#include <string>

#include "cluster/paste/describe_fields.hpp"

namespace podcheck::cluster::paste {

namespace {

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

}  // namespace

bool is_container_line(const Line& line) {
  return line.text.size() > 1 && line.text.back() == ':' &&
         is_name(std::string_view(line.text).substr(0, line.text.size() - 1)) &&
         line.text.find('.') == std::string::npos;
}

bool is_container_key(std::string_view key) {
  return among(container_keys, key);
}

const char* ContainerReader::list_name() const {
  return list_ == List::init ? "initContainers" : list_ == List::ephemeral ? "ephemeralContainers" : "containers";
}
const char* ContainerReader::status_list_name() const {
  return list_ == List::init        ? "initContainerStatuses"
         : list_ == List::ephemeral ? "ephemeralContainerStatuses"
                                    : "containerStatuses";
}

Draft& ContainerReader::container() {
  if (container_ == nullptr) {
    spec_[list_name()].append()["name"].set("");
  }
  container_ = &spec_[list_name()].items().back();
  return *container_;
}

Draft* ContainerReader::container_status() {
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

void ContainerReader::feed(const Line& line, const std::optional<KeyValue>& pair) {
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

void ContainerReader::container_key(std::string_view key, std::string_view value) {
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
    read_ports(it, value);
  } else if (key == "Host Port" || key == "Host Ports") {
    read_host_ports(it, value);
  } else if (key == "Ready" && of_status() != nullptr) {
    (*status)["ready"].set(value.starts_with("True"));
  } else if (key == "Restart Count" && of_status() != nullptr) {
    (*status)["restartCount"].set(number_of(value));
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
  } else if (key == "Liveness" || key == "Readiness" || key == "Startup") {
    read_probe(value, it[key == "Liveness" ? "livenessProbe" : key == "Readiness" ? "readinessProbe" : "startupProbe"]);
    if (list_ == List::init) {
      it["restartPolicy"].set("Always");  // describe does not print it; only such init containers may have probes
    }
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

void ContainerReader::begin_state(Draft& state, std::string_view value) {
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

bool ContainerReader::state_line(const Line& line, const std::optional<KeyValue>& pair) {
  if (state_.empty()) {
    return false;
  }
  Draft& detail = (*container_status())[part_ == Part::state ? "state" : "lastState"][state_];
  if (pair && among(state_keys, pair->key)) {
    message_open_ = pair->key == "Message";
    if (pair->key == "Exit Code") {
      detail["exitCode"].set(number_of(pair->value));
    } else if (pair->key == "Signal") {
      detail["signal"].set(number_of(pair->value));
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
    append_line(detail["message"], line.text);
  }
  return message_open_;
}

void ContainerReader::part_line(const Line& line, const std::optional<KeyValue>& pair) {
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
        read_environment(it["env"].append(), pair->key, pair->value);
      }
      break;
    case Part::environment_from:
      read_environment_from(it, line.text);
      break;
    case Part::mounts:
      read_mount(it, line.text);
      break;
    default:
      break;
  }
}

}  // namespace podcheck::cluster::paste
