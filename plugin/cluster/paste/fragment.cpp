#include "cluster/paste/fragment.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "cluster/paste/command_line.hpp"
#include "document/document.hpp"

namespace podcheck::cluster::paste {

using document::Node;

namespace {

// Members at the top of an object, of a pod's spec, or of its status, with which a cut-out may begin.
constexpr auto first_keys = std::to_array<std::string_view>(
    {"apiVersion", "kind", "metadata", "spec", "status", "containerStatuses", "initContainerStatuses", "containers",
     "initContainers", "conditions", "state", "lastState", "items"});

std::string joined(std::span<const Line> lines, std::size_t base) {
  std::string text;
  for (const Line& line : lines) {
    text.append(line.indent > base ? line.indent - base : 0, ' ');
    text += line.text;
    text += '\n';
  }
  return text;
}

// A fragment that is no whole object, as far as it is one of a pod: its status, or its spec, or parts of them.
bool wrap(Node root, Draft& pod) {
  pod["apiVersion"].set("v1");
  pod["kind"].set("Pod");
  bool any = false;
  for (const char* member : {"metadata", "spec", "status"}) {
    if (root[member].is_mapping()) {
      pod[member] = Draft::from(root[member]);
      any = true;
    }
  }
  for (const char* member : {"containerStatuses", "initContainerStatuses"}) {
    if (root[member].is_sequence()) {
      pod["status"][member] = Draft::from(root[member]);
      any = true;
    }
  }
  if (root["conditions"].is_sequence() && root["conditions"][0].has("type")) {
    pod["status"]["conditions"] = Draft::from(root["conditions"]);
    if (root["phase"].is_string()) {
      pod["status"]["phase"] = Draft::from(root["phase"]);
    }
    any = true;
  }
  for (const char* member : {"containers", "initContainers", "volumes"}) {
    if (root[member].is_sequence()) {
      pod["spec"][member] = Draft::from(root[member]);
      any = true;
    }
  }
  for (const char* member : {"state", "lastState"}) {
    if (root[member].is_mapping()) {
      Draft& statuses = pod["status"]["containerStatuses"];
      Draft& status = statuses.items().empty() ? statuses.append() : statuses.items().front();
      status["name"].set(root["name"].string());
      status["ready"].set(false);
      status["restartCount"].set(root["restartCount"].integer().value_or(0));
      status[member] = Draft::from(root[member]);
      any = true;
    }
  }
  return any;
}

bool add_objects(Node root, Assembly& assembly, bool fragments) {
  if (!root.is_mapping()) {
    return false;
  }
  if (root["items"].is_sequence()) {
    bool any = false;
    for (Node item : root["items"].items()) {
      any = add_objects(item, assembly, false) || any;
    }
    return any;
  }
  bool whole = root["kind"].is_string() && root["metadata"].is_mapping();
  if (whole) {
    assembly.add(Draft::from(root));
    return true;
  }
  Draft pod;
  if (fragments && wrap(root, pod)) {
    assembly.add(std::move(pod));
    return true;
  }
  return false;
}

bool yaml_line(const Line& line, std::size_t base) {
  if (line.text.empty() || line.text.front() == '#' || line.indent > base) {
    return true;
  }
  if (line.indent < base) {
    return false;
  }
  if (line.text.starts_with("- ") || line.text == "-") {
    return true;
  }
  std::size_t colon = line.text.find(':');
  return colon != std::string::npos && colon > 0 && line.text.substr(0, colon).find(' ') == std::string::npos &&
         (colon + 1 == line.text.size() || line.text[colon + 1] == ' ');
}

// Closes what a cut text has left open, from its last complete value on.
std::string close_json(std::string_view text) {
  std::string open;
  std::string best_open;
  std::size_t best = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      }
      continue;
    }
    if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      open += c == '{' ? '}' : ']';
    } else if ((c == '}' || c == ']') && !open.empty()) {
      open.pop_back();
    } else if (c == ',') {
      best = i;
      best_open = open;
      continue;
    }
    if (c == '}' || c == ']') {
      best = i + 1;
      best_open = open;
    }
  }
  std::string closed(text.substr(0, best));
  closed.append(best_open.rbegin(), best_open.rend());
  return closed;
}

}  // namespace

bool begins_yaml(std::span<const Line> lines) {
  const Line& line = lines.front();
  std::size_t colon = line.text.find(':');
  if (colon == std::string::npos || (colon + 1 < line.text.size() && line.text[colon + 1] != ' ')) {
    return false;
  }
  std::string_view key = std::string_view(line.text).substr(0, colon);
  if (std::find(first_keys.begin(), first_keys.end(), key) == first_keys.end()) {
    return false;
  }
  if (key == "apiVersion" || key == "kind") {
    return true;
  }
  return line.text.size() == colon + 1 && lines.size() > 1 && yaml_line(lines[1], line.indent);
}

std::size_t read_yaml_fragment(std::span<const Line> lines, Assembly& assembly) {
  std::size_t base = lines.front().indent;
  std::size_t end = 0;
  while (end < lines.size() && !lines[end].fence && lines[end].text != "---" && yaml_line(lines[end], base) &&
         !typed_command(lines[end].text)) {
    ++end;
  }
  std::string_view first = lines.front().text;
  bool statuses = first.starts_with("containerStatuses:") || first.starts_with("initContainerStatuses:");
  for (std::size_t i = 1; statuses && i < end; ++i) {
    if (lines[i].indent == base && (lines[i].text.starts_with("state:") || lines[i].text.starts_with("lastState:"))) {
      return read_loose_status(lines, assembly);  // these stand deeper wherever the indentation is still there
    }
  }
  std::size_t taken = end < lines.size() && lines[end].text == "---" ? end + 1 : end;
  // What was cut or has been wrapped does not parse to its end: lines are left off until the rest does.
  for (int attempt = 0; attempt < 12 && end > 1; ++attempt) {
    document::File file = document::parse("-", joined(lines.subspan(0, end), base));
    bool any = false;
    std::size_t bad_line = 0;
    for (const document::Document& part : file.documents) {
      any = add_objects(part.root, assembly, true) || any;
      for (const document::Problem& problem : part.problems) {
        if (problem.fatal) {
          bad_line = file.text.position(problem.range.begin).line;
        }
      }
    }
    if (any) {
      return taken;
    }
    if (bad_line == 0) {
      break;
    }
    end = std::min(end - 1, std::max<std::size_t>(bad_line - 1, 1));
  }
  return 0;
}

std::size_t read_json_fragment(std::span<const Line> lines, Assembly& assembly) {
  int depth = 0;
  bool in_string = false;
  std::size_t end = 0;
  for (; end < lines.size() && !lines[end].fence; ++end) {
    const std::string& text = lines[end].text;
    for (std::size_t i = 0; i < text.size(); ++i) {
      char c = text[i];
      if (in_string) {
        if (c == '\\') {
          ++i;
        } else if (c == '"') {
          in_string = false;
        }
      } else if (c == '"') {
        in_string = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        --depth;
      }
    }
    in_string = false;  // JSON strings do not go over lines
    if (depth <= 0) {
      ++end;
      break;
    }
  }
  std::string text = joined(lines.subspan(0, end), 0);
  for (const std::string& candidate : {text, close_json(text)}) {
    document::Tree tree;
    std::string error;
    if (document::parse_json(candidate, tree, error) && add_objects(tree.root(), assembly, true)) {
      return end;
    }
  }
  return 0;
}

bool read_cut_statuses(std::string_view text, Assembly& assembly) {
  std::size_t end = 0;
  int depth = 0;
  bool in_string = false;
  for (; end < text.size(); ++end) {
    char c = text[end];
    if (c == '\\' && in_string) {
      ++end;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '[' || c == '{')) {
      ++depth;
    } else if (!in_string && (c == ']' || c == '}') && --depth == 0) {
      break;
    }
  }
  bool whole = end < text.size();
  std::string json = "{" + std::string(text.substr(0, whole ? end + 1 : end)) + (whole ? "}" : "");
  document::Tree tree;
  std::string error;
  return document::parse_json(whole ? json : close_json(json), tree, error) && add_objects(tree.root(), assembly, true);
}

std::size_t read_loose_status(std::span<const Line> lines, Assembly& assembly) {
  auto key_of = [](const Line& line) {
    std::string_view text = line.text;
    text.remove_prefix(text.starts_with("- ") ? 2 : 0);
    return key_value(text);
  };
  std::optional<KeyValue> first = key_of(lines.front());
  if (!first || (first->key != "containerStatuses" && first->key != "initContainerStatuses")) {
    return 0;
  }
  Draft pod;
  pod["apiVersion"].set("v1");
  pod["kind"].set("Pod");
  Draft& statuses = pod["status"][first->key];
  Draft* status = nullptr;
  std::string state = "state";
  std::string kind;
  std::size_t taken = 1;
  for (; taken < lines.size() && !lines[taken].fence; ++taken) {
    const Line& line = lines[taken];
    std::optional<KeyValue> pair = key_of(line);
    if (!pair || pair->key.find(' ') != std::string_view::npos) {
      break;
    }
    std::string_view value = pair->value;
    if (value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) {
      value = value.substr(1, value.size() - 2);
    }
    std::string key(pair->key);
    if (status == nullptr || line.text.starts_with("- ")) {
      status = &statuses.append();
      kind.clear();
    }
    if (key == "state" || key == "lastState") {
      state = key;
      kind.clear();
      (*status)[state].make_mapping();
    } else if (key == "waiting" || key == "running" || key == "terminated") {
      kind = key;
      (*status)[state][kind].make_mapping();
    } else if (key == "exitCode" || key == "restartCount") {
      std::int64_t number = 0;
      std::from_chars(value.data(), value.data() + value.size(), number);
      (key == "exitCode" && !kind.empty() ? (*status)[state][kind][key] : (*status)[key]).set(number);
    } else if (key == "reason" || key == "message" || key == "startedAt" || key == "finishedAt") {
      if (!kind.empty()) {
        (*status)[state][kind][key].set(value);
      }
    } else if (key == "ready") {
      (*status)[key].set(value == "true");
    } else if (key == "name" || key == "image" || key == "imageID") {
      (*status)[key].set(value);
    } else if (key != "containerID" && key != "started") {
      break;
    }
  }
  if (statuses.items().empty()) {
    return 0;
  }
  assembly.add(std::move(pod));
  return taken;
}

}  // namespace podcheck::cluster::paste
