#include <algorithm>
#include <map>

#include "kube/effective.hpp"
#include "live/causes/exit.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/services.hpp"
#include "live/settings_of.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

struct Context {
  Patient& patient;
  const ContainerFacts& container;
  const RunLog& log;
  const Decisive& line;
  Candidate& candidate;

  std::string get(std::string_view name) const {
    for (const auto& [key, value] : line.captures) {
      if (key == name) {
        return value;
      }
    }
    return {};
  }
  void set(std::string_view name, std::string value) const {
    for (auto& [key, old] : candidate.values) {
      if (key == name) {
        old = std::move(value);
        return;
      }
    }
    candidate.values.emplace_back(name, std::move(value));
  }
  std::string say(const char* key, const finding::Values& values) const { return patient.catalogue.say(key, values); }
};

std::string base_name(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string folder_of(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : slash == 0 ? "/" : std::string(path.substr(0, slash));
}

// "$(NAME)" that Kubernetes leaves as it is: NAME is defined later in env, or not at all.
bool unexpanded_reference(const Context& at) {
  std::vector<Variable> variables = variables_of(at.patient, at.container);
  std::size_t index = 0;
  for (const Variable& variable : variables) {
    ++index;
    auto hit = variable.known ? match(variable.value, "$({name:p})") : std::nullopt;
    std::string name = hit ? (*hit)["name"] : "";
    if (std::size_t close = name.find(')'); close != std::string::npos) {
      name.resize(close);
    }
    if (name.empty() || variable.value.find("$$(" + name) != std::string::npos) {
      continue;
    }
    bool before = false;
    bool after = false;
    for (std::size_t k = 0; k < variables.size(); ++k) {
      bool same = variables[k].name == name;
      before = before || (same && k + 1 < index);
      after = after || (same && k + 1 > index);
    }
    if (before) {
      continue;
    }
    at.candidate.cause = "env-reference-unexpanded";
    at.candidate.variant = after ? "" : "undefined";
    at.candidate.specificity = 100;
    at.candidate.confidence = Confidence::confirmed;
    at.candidate.path = variable.path;
    at.set("variable", variable.name);
    at.set("reference", name);
    at.set("value", shown(variable.value, 120));
    at.candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + ".env"));
    return true;
  }
  return false;
}

// A Secret's or ConfigMap's value with a line break at its end that the container uses.
bool trailing_newline(const Context& at, bool certain) {
  for (const Variable& variable : variables_of(at.patient, at.container)) {
    if (variable.trailing_newline && !variable.source.empty()) {
      at.candidate.cause = "secret-trailing-newline";
      at.candidate.variant.clear();
      at.candidate.specificity = 98;
      at.candidate.confidence = certain ? Confidence::confirmed : Confidence::likely;
      at.candidate.path = variable.path;
      at.set("variable", variable.name);
      at.set("source", variable.source);
      at.set("object", variable.object);
      at.candidate.evidence.push_back(
          computed_evidence(at.say("live.log.trailing_newline", {{"source", variable.source}})));
      at.candidate.evidence.push_back(pod_field(at.patient, variable.path));
      return true;
    }
  }
  return false;
}

bool env_missing(const Context& at) {
  std::string variable = at.get("variable");
  if (contains(lower(at.line.line), "superuser password is not specified")) {
    variable = "POSTGRES_PASSWORD";
  } else if (contains(lower(at.line.line), "password option is not specified")) {
    variable =
        contains(lower(at.candidate.evidence.empty() ? "" : std::string(at.container.spec.node["image"].string())),
                 "mariadb")
            ? "MARIADB_ROOT_PASSWORD"
            : "MYSQL_ROOT_PASSWORD";
  }
  if (variable.empty()) {
    return false;
  }
  std::vector<std::string> names;
  std::map<std::string, std::string> sources;
  for (const Variable& one : variables_of(at.patient, at.container)) {
    if (one.name == variable) {
      // It is set: the application means something else (an empty value, another name).
      at.candidate.confidence = Confidence::possible;
      if (one.known && !one.value.empty()) {
        return false;
      }
    }
    names.push_back(one.name);
    sources[one.name] = one.source;
  }
  std::string near = catalogue::nearest(variable, names);
  if (near.empty()) {
    for (const std::string& name : names) {
      if (name.size() >= 5 && name != variable && (variable.starts_with(name) || name.starts_with(variable))) {
        near = name;
      }
    }
  }
  at.set("variable", variable);
  at.set("hint", near.empty() || near == variable
                     ? ""
                     : " " + at.say(sources[near].empty() ? "live.hint.variable" : "live.hint.variable_from",
                                    {{"name", near}, {"source", sources[near]}}));
  at.candidate.path = at.container.spec_path + ".env";
  if (!near.empty() && !sources[near].empty()) {
    at.candidate.evidence.push_back(computed_evidence(sources[near] + " → " + near));
  } else {
    at.candidate.evidence.push_back(
        computed_evidence(at.say("live.log.variables", {{"container", std::string(at.container.name)},
                                                        {"names", names.empty() ? "-" : join(names, ", ")}})));
  }
  std::string kind = lower(at.patient.owner["kind"].string());
  if ((kind == "deployment" || kind == "statefulset" || kind == "daemonset" || kind == "cronjob") && near.empty()) {
    at.candidate.fixes.push_back(
        command_fix("",
                    kubectl(at.patient, "set env " + kind + "/" + shell_word(name_of(at.patient.owner)) + " -c " +
                                            shell_word(at.container.name) + " " + variable + "=VALUE"),
                    at.say("live.changes", {{"object", label_of(at.patient.owner)}}), finding::Safety::unsafe));
  }
  return true;
}

bool config_value(const Context& at) {
  std::string setting = at.get("setting");
  std::string value = at.get("value");
  while (!setting.empty() && std::string_view("-([{'\"").find(setting.front()) != std::string_view::npos &&
         !setting.starts_with("--")) {
    setting.erase(0, 1);
  }
  // "invalid configuration: PAYOUT_MODE='x' …": the pair may stand anywhere in the line.
  const Variable* found = nullptr;
  std::vector<Variable> variables = variables_of(at.patient, at.container);
  for (const Variable& one : variables) {
    bool named = !setting.empty() && one.name == setting;
    bool valued = found == nullptr && !value.empty() && value.size() > 1 && one.known && one.value == value;
    bool mentioned = found == nullptr && setting.empty() && one.name.size() > 3 && contains(at.line.line, one.name);
    if (named || valued || mentioned) {
      found = &one;
      if (named) {
        break;
      }
    }
  }
  if (found == nullptr) {
    for (const char* field : {"args", "command"}) {
      std::size_t index = 0;
      for (Node word : at.container.spec.node[field].items()) {
        std::string text = word.text();
        if ((!value.empty() && value.size() > 1 && contains(text, value)) ||
            (!setting.empty() && setting.size() > 3 && contains(text, setting))) {
          at.candidate.path = at.container.spec_path + "." + field + "[" + std::to_string(index) + "]";
          at.candidate.evidence.push_back(pod_field(at.patient, at.candidate.path));
          at.set("setting", setting.empty() ? text : setting);
          at.set("source", "");
          at.candidate.variant = "argument";
          return true;
        }
        ++index;
      }
    }
    if (setting.empty()) {
      return false;
    }
  }
  at.set("setting", found != nullptr ? found->name : setting);
  at.set("value", shown(found != nullptr && found->known ? found->value : value, 120));
  at.set("source", found != nullptr && !found->source.empty() ? " (" + found->source + ")" : "");
  at.candidate.variant = "";
  if (found != nullptr) {
    at.candidate.path = found->path;
    at.candidate.evidence.push_back(pod_field(at.patient, found->path));
  }
  return true;
}

bool config_file(const Context& at) {
  std::string file = at.get("file");
  std::string number = at.get("line");
  std::string what = at.get("what");
  std::string low = lower(at.line.line);
  if (contains(low, "fatal config file error")) {
    // redis: the line number, the directive and the reason follow on lines of their own.
    for (std::size_t i = at.line.index; i < at.log.lines.size(); ++i) {
      if (auto hit = match(at.log.lines[i], "at line {line:d}")) {
        number = (*hit)["line"];
      } else if (at.log.lines[i].starts_with(">>>")) {
        what = std::string(trim(std::string_view(at.log.lines[i]).substr(3)));
        if (i + 1 < at.log.lines.size()) {
          what += " (" + at.log.lines[i + 1] + ")";
        }
      }
    }
  }
  if (file.empty()) {
    for (const char* field : {"command", "args"}) {
      for (Node word : at.container.spec.node[field].items()) {
        std::string text = word.text();
        if (std::size_t equals = text.find('='); equals != std::string::npos) {
          text = text.substr(equals + 1);
        }
        if (text.starts_with("/") && mounted_at(at.patient, at.container, text).mount &&
            contains(base_name(text), ".")) {
          file = text;
        }
      }
    }
  }
  Mounted mounted = mounted_at(at.patient, at.container, file);
  if (file.empty()) {
    for (const Mounted& one : mounts_of(at.patient, at.container)) {
      if (one.kind == "configMap" && !contains(one.object, "kube-root-ca")) {
        mounted = one;
        file = one.files.size() == 1 ? one.mount_path + "/" + one.files.front() : one.mount_path;
      }
    }
  }
  at.set("file", file);
  at.set("line_number", number);
  at.set("what", shown(what.empty() ? at.line.line : what, 240));
  at.set("object", mounted.object);
  at.candidate.variant = mounted.object.empty() ? "image" : "";
  at.candidate.path = mounted.path.empty() ? at.container.spec_path : mounted.path;
  if (!mounted.object.empty()) {
    at.candidate.evidence.push_back(pod_field(at.patient, mounted.path));
    at.candidate.evidence.push_back(computed_evidence(file + " ← " + mounted.object));
    std::string name = mounted.object.substr(mounted.object.find('/') + 1);
    if (mounted.kind == "configMap") {
      at.candidate.fixes.push_back(command_fix("", kubectl(at.patient, "edit configmap " + shell_word(name)),
                                               at.say("live.changes", {{"object", mounted.object}}),
                                               finding::Safety::unsafe));
    }
  }
  return true;
}

bool file_missing(const Context& at) {
  std::string file = at.get("file");
  if (file.empty()) {
    return false;
  }
  std::string directory(at.container.spec.node["workingDir"].string());
  if (!file.starts_with("/") && !directory.empty()) {
    file = directory + "/" + file;
  }
  if (contains(file, "/var/run/secrets/kubernetes.io/serviceaccount")) {
    at.candidate.cause = "serviceaccount-token-not-mounted";
    return enrich(at.patient, at.container, at.log,
                  Decisive{"serviceaccount-token-not-mounted", at.line.line, 99, {}, at.line.index}, at.candidate);
  }
  at.set("file", file);
  Mounted mounted = mounted_at(at.patient, at.container, file);
  if (!directory.empty() && file.starts_with(directory + "/") && !mounted.mount) {
    at.candidate.cause = "wrong-working-directory";
    at.candidate.variant = "file";
    at.candidate.specificity = 98;
    at.candidate.confidence = Confidence::confirmed;
    at.set("directory", directory);
    at.candidate.path = at.container.spec_path + ".workingDir";
    at.candidate.evidence.push_back(pod_field(at.patient, at.candidate.path));
    at.candidate.fixes.push_back(patch_owner(at.patient, {{"remove", pointer_of(at.candidate.path), ""}}));
    return true;
  }
  at.set("object", mounted.object);
  at.set("mount", mounted.mount_path);
  at.set("files", join(mounted.files, ", "));
  if (!mounted.files.empty()) {
    std::string wanted = file.substr(std::min(file.size(), mounted.mount_path.size() + 1));
    std::string near = catalogue::nearest(wanted, mounted.files);
    auto stem = [](const std::string& name) { return name.substr(0, name.find('.')); };
    for (const std::string& name : mounted.files) {
      if (near.empty() && (lower(stem(name)) == lower(stem(wanted)) || mounted.files.size() == 1)) {
        near = name;
      }
    }
    bool there = std::find(mounted.files.begin(), mounted.files.end(), wanted) != mounted.files.end();
    if (!near.empty() && !there) {
      at.candidate.cause = "config-file-wrong-name";
      at.candidate.specificity = 98;
      at.candidate.confidence = Confidence::confirmed;
      at.set("near", near);
      at.set("wanted", wanted);
      at.candidate.path = mounted.path;
      at.candidate.evidence.push_back(computed_evidence(mounted.object + ": " + join(mounted.files, ", ")));
      at.candidate.evidence.push_back(pod_field(at.patient, mounted.path));
      return true;
    }
  }
  at.candidate.variant = mounted.mount ? "mount" : "";
  return true;
}

bool module_missing(const Context& at) {
  std::string module = at.get("module");
  std::string directory(at.container.spec.node["workingDir"].string());
  if (!directory.empty() && module.starts_with(directory + "/")) {
    Decisive file = at.line;
    file.captures.emplace_back("file", module);
    return file_missing({at.patient, at.container, at.log, file, at.candidate});
  }
  at.candidate.path = at.container.spec_path + ".image";
  at.candidate.evidence.push_back(pod_field(at.patient, at.candidate.path));
  return true;
}

bool wrong_arguments(const Context& at) {
  std::string argument = at.get("argument");
  std::string word = argument.substr(0, argument.find_first_of(" ="));
  std::vector<std::string> options;
  for (const std::string& line : at.log.lines) {
    for (std::size_t i = line.find("--"); i != std::string::npos; i = line.find("--", i + 2)) {
      std::size_t end = i + 2;
      while (end < line.size() && (std::isalnum(static_cast<unsigned char>(line[end])) != 0 || line[end] == '-')) {
        ++end;
      }
      std::string option = line.substr(i, end - i);
      if (option != word && option.size() > 3) {
        options.push_back(option);
      }
    }
  }
  std::string near = catalogue::nearest(word, options);
  std::size_t longest = 5;
  for (const std::string& option : options) {
    std::size_t common = 0;
    while (common < option.size() && common < word.size() && option[common] == word[common]) {
      ++common;
    }
    if (near.empty() && common > longest) {
      longest = common;
      near = option;
    }
  }
  at.set("argument", word.starts_with("-") ? word : argument);
  at.set("hint", near.empty() ? "" : " " + at.say("live.hint.option", {{"name", near}}));
  for (const char* field : {"args", "command"}) {
    std::size_t index = 0;
    for (Node text : at.container.spec.node[field].items()) {
      if (contains(text.text(), word) && !word.empty()) {
        at.candidate.path = at.container.spec_path + "." + field + "[" + std::to_string(index) + "]";
        at.candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + "." + field));
        if (!near.empty()) {
          at.candidate.fixes.push_back(patch_owner(
              at.patient, {{"replace", pointer_of(at.candidate.path),
                            json_string(near + text.text().substr(std::min(text.text().size(), word.size())))}}));
        }
        return true;
      }
      ++index;
    }
  }
  return true;
}

bool port_taken(const Context& at) {
  std::string port = at.get("port");
  at.set("port", port);
  std::string other;
  for (const ContainerFacts& one : containers_of(at.patient.pod)) {
    if (one.name == at.container.name) {
      continue;
    }
    Listening listening = listening_in(current_log(at.patient, one));
    bool declares = false;
    for (const kube::Port& declared : kube::ports(one.spec)) {
      declares = declares || std::to_string(declared.number) == port;
    }
    if (declares || (listening.port > 0 && std::to_string(listening.port) == port)) {
      other = one.name;
      if (listening.port > 0) {
        at.candidate.evidence.push_back(log_evidence(one.name, false, listening.line));
      } else {
        at.candidate.evidence.push_back(pod_field(at.patient, one.spec_path + ".ports"));
      }
      break;
    }
  }
  bool host = at.patient.pod["spec"]["hostNetwork"].boolean().value_or(false);
  at.candidate.variant = port.empty() ? "unnamed" : !other.empty() ? "" : host ? "host" : "unknown";
  at.set("other", other);
  at.set("node", std::string(at.patient.pod["spec"]["nodeName"].string()));
  return true;
}

bool privileged_port(const Context& at) {
  std::string port = at.get("port");
  if (port.empty() || std::atoi(port.substr(0, 6).c_str()) >= 1024) {
    return false;
  }
  kube::SecurityContext context = kube::security_context(at.container.spec);
  std::string user = run_as_user(at.patient, at.container);
  at.set("user", user);
  at.candidate.variant = user.empty() ? "image-user" : "";
  at.candidate.path = at.container.spec_path + ".securityContext";
  at.candidate.evidence.push_back(pod_field(at.patient, user.empty() ? at.container.spec_path + ".ports"
                                                        : at.container.spec.node["securityContext"].has("runAsUser")
                                                            ? at.candidate.path
                                                            : "spec.securityContext"));
  (void)context;
  return true;
}

bool read_only(const Context& at) {
  std::string path = at.get("path");
  Mounted mounted = path.empty() ? Mounted() : mounted_at(at.patient, at.container, path);
  at.set("path", path);
  at.set("directory", folder_of(path).empty() ? path : folder_of(path));
  if (mounted.mount) {
    at.candidate.cause = "read-only-volume";
    at.candidate.path = mounted.path;
    at.set("volume", mounted.volume_name);
    at.set("mount", mounted.mount_path);
    at.candidate.variant = mounted.kind == "configMap" || mounted.kind == "secret" || mounted.kind == "projected" ||
                                   mounted.kind == "downwardAPI"
                               ? "object"
                           : mounted.read_only ? ""
                                               : "backend";
    at.set("kind", mounted.kind);
    at.candidate.evidence.push_back(pod_field(at.patient, mounted.path));
    if (at.candidate.variant.empty() && mounted.mount["readOnly"].boolean().value_or(false)) {
      at.candidate.fixes.push_back(
          patch_owner(at.patient, {{"replace", pointer_of(mounted.path) + "/readOnly", "false"}}));
    }
    return true;
  }
  bool root = kube::security_context(at.container.spec).read_only_root_filesystem;
  at.candidate.variant = path.empty() ? "unnamed" : "";
  if (!root) {
    at.candidate.confidence = Confidence::likely;
  }
  at.candidate.path = at.container.spec_path + ".securityContext.readOnlyRootFilesystem";
  at.candidate.evidence.push_back(field_evidence(at.patient.pod, at.candidate.path, root ? "true" : "-"));
  std::string directory = folder_of(path);
  if (root && directory.size() > 1) {
    bool volumes = at.patient.pod["spec"]["volumes"].size() > 0;
    bool mounts = at.container.spec.node["volumeMounts"].size() > 0;
    at.candidate.fixes.push_back(patch_owner(
        at.patient,
        {{"add", volumes ? "volumes/-" : "volumes",
          volumes ? "{\"name\":\"writable\",\"emptyDir\":{}}" : "[{\"name\":\"writable\",\"emptyDir\":{}}]"},
         {"add", pointer_of(at.container.spec_path) + (mounts ? "/volumeMounts/-" : "/volumeMounts"),
          (mounts ? "" : "[") + std::string("{\"name\":\"writable\",\"mountPath\":") + json_string(directory) + "}" +
              (mounts ? "" : "]")}}));
  }
  return true;
}

bool permission(const Context& at) {
  std::string path = at.get("path");
  Mounted mounted;
  if (path.starts_with("/")) {
    mounted = mounted_at(at.patient, at.container, path);
  } else {
    // A relative path: below workingDir, or, when a single volume can be written, there.
    std::string directory(at.container.spec.node["workingDir"].string());
    if (!directory.empty()) {
      mounted = mounted_at(at.patient, at.container, directory + "/" + path);
    }
    if (!mounted.mount) {
      int writable = 0;
      for (const Mounted& one : mounts_of(at.patient, at.container)) {
        if (!one.read_only) {
          ++writable;
          mounted = one;
        }
      }
      if (writable != 1) {
        mounted = Mounted();
      }
    }
  }
  std::string user = run_as_user(at.patient, at.container);
  at.set("path", path);
  at.set("user", user);
  at.set("mount", mounted.mount_path);
  at.set("volume", mounted.volume_name);
  if (!mounted.mount) {
    at.candidate.cause = "file-permission-denied";
    at.candidate.variant = user.empty() ? "" : "user";
    at.candidate.confidence = Confidence::likely;
    return true;
  }
  Node group = at.patient.pod["spec"]["securityContext"]["fsGroup"];
  at.set("group", group ? group.text() : user.empty() ? "GID" : user);
  at.candidate.path = "spec.securityContext.fsGroup";
  at.candidate.variant = group ? "group-set" : user.empty() ? "image-user" : "";
  at.candidate.evidence.push_back(pod_field(at.patient, mounted.path));
  at.candidate.evidence.push_back(
      field_evidence(at.patient.pod, "spec.securityContext",
                     "runAsUser: " + (user.empty() ? "-" : user) + ", fsGroup: " + (group ? group.text() : "-")));
  if (!group && !user.empty()) {
    bool has = at.patient.pod["spec"]["securityContext"].is_mapping();
    at.candidate.fixes.push_back(patch_owner(at.patient, {{"add", has ? "securityContext/fsGroup" : "securityContext",
                                                           has ? user : "{\"fsGroup\":" + user + "}"}}));
  }
  return true;
}

bool checksum(const Context& at) {
  auto sum = match(at.line.line, "expected sha256 {sum:w}");
  std::string expected = sum ? (*sum)["sum"] : "";
  at.set("variable", "");
  while (!expected.empty() && expected.back() == ',') {
    expected.pop_back();
  }
  for (const Variable& one : variables_of(at.patient, at.container)) {
    bool equal = !expected.empty() && one.known && contains(one.value, expected);
    bool named = expected.empty() && contains_any(one.name, {"SHA256", "CHECKSUM", "SHA_256", "DIGEST"});
    if (equal || named) {
      at.set("variable", one.name);
      at.candidate.path = one.path;
      at.candidate.evidence.push_back(pod_field(at.patient, one.path));
    }
  }
  Mounted mounted = mounted_at(at.patient, at.container, at.get("file"));
  at.set("object", mounted.object);
  std::string variable;
  for (const auto& [key, value] : at.candidate.values) {
    variable = key == "variable" ? value : variable;
  }
  at.candidate.variant = variable.empty() ? "plain" : "";
  return true;
}

bool dependency(const Context& at) {
  if (contains(at.line.line, "$(") && unexpanded_reference(at)) {
    return true;
  }
  std::string host = at.get("host");
  std::string port = at.get("port");
  Dependency found = look_up(at.patient, host, port);
  if (!found.service) {
    for (std::size_t i = at.line.index + 1; i-- > 0 && i + 3 > at.line.index && (host.empty() || found.is_external);) {
      Dependency other = mentioned_in(at.patient, at.log.lines[i]);
      if (other.service) {
        found = other;
        break;
      }
    }
  }
  if (found.host.empty()) {
    return false;
  }
  judge_dependency(at.patient, found, at.candidate);
  if (at.candidate.cause == "dependency-unreachable" && found.is_local) {
    at.candidate.specificity = 52;
  }
  return true;
}

bool unknown_name(const Context& at) {
  if (contains(at.line.line, "$(") && unexpanded_reference(at)) {
    return true;
  }
  std::string host = at.get("host");
  if (host.empty()) {
    Dependency other = mentioned_in(at.patient, at.line.line);
    if (!other.service) {
      return false;
    }
    host = other.host;
  }
  Dependency found = look_up(at.patient, host, "");
  at.set("host", found.host);
  at.set("service", found.name);
  if (found.service) {
    // The Service is there, yet its name does not resolve.
    at.candidate.cause = "cluster-dns-down";
    at.candidate.confidence = Confidence::likely;
    return enrich(at.patient, at.container, at.log,
                  Decisive{"cluster-dns-down", at.line.line, 90, at.line.captures, at.line.index}, at.candidate);
  }
  at.candidate.variant = found.is_external ? "external" : "";
  at.set("hint", found.is_external ? "" : hint_for(at.patient, "services", found.name));
  at.set("service_namespace", found.namespace_);
  if (!found.known) {
    at.candidate.confidence = Confidence::likely;
  } else if (!found.is_external) {
    at.candidate.evidence.push_back(computed_evidence(
        at.say("live.service.absent", {{"service", found.name},
                                       {"namespace", found.namespace_},
                                       {"names", join(names_in(at.patient, "services", found.namespace_), ", ")}})));
  }
  return true;
}

bool dns_down(const Context& at) {
  std::string host = at.get("host");
  Dependency found = look_up(at.patient, host, "");
  at.set("host", found.host.empty() ? host : found.host);
  std::string state;
  std::string detail = at.get("dns");
  at.set("dns", detail);
  for (Node pod : at.patient.cluster.list("pods", "kube-system").items) {
    std::string_view app = pod["metadata"]["labels"]["k8s-app"].string();
    if (app == "kube-dns" || app == "coredns") {
      state += (state.empty() ? "" : ", ") + std::string(name_of(pod)) + " " + status_column(pod);
    }
  }
  at.candidate.evidence.push_back(
      computed_evidence(at.say("live.service.dns", {{"host", host}, {"state", state.empty() ? "-" : state}})));
  if (found.service) {
    at.candidate.evidence.push_back(
        computed_evidence(at.say("live.service.exists", {{"service", found.name}, {"namespace", found.namespace_}})));
  } else if (found.known && !found.is_external && !found.host.empty() && at.line.cause != "cluster-dns-down") {
    return false;
  }
  at.candidate.confidence = Confidence::likely;
  return true;
}

bool auth_failed(const Context& at) {
  if (trailing_newline(at, false)) {
    return true;
  }
  at.set("user", at.get("user"));
  Dependency found = mentioned_in(at.patient, at.line.line);
  if (!found.service) {
    for (const Variable& one : variables_of(at.patient, at.container)) {
      Dependency named = one.known ? mentioned_in(at.patient, one.value) : Dependency();
      if (named.service) {
        found = named;
      }
    }
  }
  at.set("service", found.name);
  std::string secrets;
  for (const Variable& one : variables_of(at.patient, at.container)) {
    if (one.object.starts_with("Secret/")) {
      secrets += (secrets.empty() ? "" : ", ") + one.name + " ← " + one.source;
    }
  }
  at.set("secrets", secrets);
  at.candidate.variant = at.get("user").empty() ? "unnamed" : "";
  if (!secrets.empty()) {
    at.candidate.evidence.push_back(computed_evidence(secrets));
  }
  return true;
}

bool forbidden(const Context& at) {
  std::string account = at.get("account");
  std::size_t colon = account.find(':');
  std::string space = account.substr(0, colon);
  std::string name = colon == std::string::npos ? account : account.substr(colon + 1);
  std::string verb = at.get("verb");
  std::string resource = at.get("resource");
  std::string text = replace_all(at.line.line, "\\\"", "\"");
  if (resource.empty()) {
    auto hit = match(text, "cannot {verb:w} resource \"{resource:q}\"");
    resource = hit ? (*hit)["resource"] : "";
  }
  auto in_group = match(text, "in API group \"{group:q}\"");
  std::string group = in_group ? (*in_group)["group"] : "";
  if (std::size_t dot = resource.find('.'); !in_group && dot != std::string::npos) {
    group = resource.substr(dot + 1);  // "deployments.extensions"
    resource.resize(dot);
  }
  auto in_space = match(text, "in the namespace \"{namespace:q}\"");
  bool cluster_wide = !in_space;
  std::string target = in_space ? (*in_space)["namespace"] : "";
  at.set("account", name);
  at.set("verb", verb);
  at.set("resource", resource);
  at.set("group", group.empty() ? "\"\"" : group);
  at.set("where",
         cluster_wide ? at.say("live.rbac.cluster", {}) : at.say("live.rbac.namespace", {{"namespace", target}}));
  std::string kind = cluster_wide ? "clusterrole" : "role";
  std::string rule = "{\"apiGroups\":[" + json_string(group) + "],\"resources\":[" + json_string(resource) +
                     "],\"verbs\":[" + json_string(verb) + "]}";
  std::string bound;
  for (Node binding : at.patient.cluster.list(cluster_wide ? "clusterrolebindings" : "rolebindings", target).items) {
    for (Node subject : binding["subjects"].items()) {
      if (subject["kind"].string() == "ServiceAccount" && subject["name"].string() == name &&
          subject["namespace"].string(space) == space && lower(binding["roleRef"]["kind"].string()) == kind) {
        bound = binding["roleRef"]["name"].string();
        at.candidate.evidence.push_back(
            field_evidence(binding, "roleRef", std::string(binding["roleRef"]["kind"].string()) + "/" + bound));
      }
    }
  }
  at.set("role", bound);
  at.set("rule", rule);
  std::string command;
  std::string scope = cluster_wide ? "" : " -n " + shell_word(target);
  std::string base = at.patient.cluster.kubectl() + scope;
  if (!bound.empty()) {
    at.candidate.variant = "role";
    command = base + " patch " + kind + " " + shell_word(bound) + " --type=json -p " +
              shell_word("[{\"op\":\"add\",\"path\":\"/rules/-\",\"value\":" + rule + "}]");
    Node role = at.patient.cluster.get(cluster_wide ? "clusterroles" : "roles", target, bound);
    std::string rules;
    for (Node one : role["rules"].items()) {
      std::string names;
      for (Node item : one["resources"].items()) {
        names += (names.empty() ? "" : ",") + item.text();
      }
      std::string verbs;
      for (Node item : one["verbs"].items()) {
        verbs += (verbs.empty() ? "" : ",") + item.text();
      }
      rules += (rules.empty() ? "" : "; ") + names + " [" + verbs + "]";
    }
    if (role) {
      at.candidate.evidence.push_back(field_evidence(role, "rules", rules));
    }
  } else {
    std::string full = resource + (group.empty() ? "" : "." + group);
    std::string made = name + "-" + verb + "-" + base_name(resource);
    command = base + " create " + kind + " " + shell_word(made) + " --verb=" + verb +
              " --resource=" + shell_word(full) + "\n" + base + " create " + kind + "binding " + shell_word(made) +
              " --" + kind + "=" + shell_word(made) + " --serviceaccount=" + shell_word(space + ":" + name);
  }
  at.candidate.fixes.push_back(command_fix(
      "", command,
      at.say("live.changes", {{"object", (cluster_wide ? "ClusterRole/" : "Role/") + (bound.empty() ? name : bound)}}),
      finding::Safety::unsafe));
  return true;
}

bool no_token(const Context& at) {
  Node own = at.patient.pod["spec"]["automountServiceAccountToken"];
  std::string account(at.patient.pod["spec"]["serviceAccountName"].string("default"));
  Node service_account = at.patient.cluster.get("serviceaccounts", at.patient.namespace_, account);
  Node inherited = service_account["automountServiceAccountToken"];
  bool off = own ? !own.boolean().value_or(true) : inherited && !inherited.boolean().value_or(true);
  bool mounted = false;
  for (const Mounted& one : mounts_of(at.patient, at.container)) {
    mounted = mounted || one.mount_path == "/var/run/secrets/kubernetes.io/serviceaccount";
  }
  if (mounted || (!off && at.line.specificity < 95)) {
    return false;
  }
  at.set("account", account);
  at.candidate.variant = own ? "" : off ? "account" : "unset";
  at.candidate.confidence = off ? Confidence::confirmed : Confidence::likely;
  at.candidate.path = "spec.automountServiceAccountToken";
  if (own) {
    at.candidate.evidence.push_back(field_evidence(at.patient.pod, "spec.automountServiceAccountToken", own.text()));
    at.candidate.fixes.push_back(patch_owner(at.patient, {{"replace", "automountServiceAccountToken", "true"}}));
  } else if (off) {
    at.candidate.evidence.push_back(field_evidence(service_account, "automountServiceAccountToken", "false"));
    at.candidate.fixes.push_back(patch_owner(at.patient, {{"add", "automountServiceAccountToken", "true"}}));
  }
  return true;
}

bool newline(const Context& at) {
  if (trailing_newline(at, true)) {
    return true;
  }
  if (!contains(at.line.line, "\\n") && !contains(at.line.line, "control character")) {
    return false;
  }
  at.candidate.variant = "unread";
  at.candidate.confidence = Confidence::likely;
  // The values were not read; the variables that come from a Secret are those to look at.
  for (const Variable& variable : variables_of(at.patient, at.container)) {
    if (variable.path.find(".env[") != std::string::npos && !variable.known && at.candidate.evidence.size() < 8) {
      at.candidate.evidence.push_back(pod_field(at.patient, variable.path));
    }
  }
  return true;
}

bool heap(const Context& at) {
  std::string flags;
  for (const Variable& one : variables_of(at.patient, at.container)) {
    if (one.known && contains_any(one.value, {"-Xmx", "MaxRAMPercentage", "max-old-space-size", "GOMEMLIMIT"})) {
      flags = one.name + "=" + one.value;
      at.candidate.path = one.path;
    }
  }
  for (const char* field : {"command", "args"}) {
    for (Node word : at.container.spec.node[field].items()) {
      std::string text = word.text();
      if (contains_any(text, {"-Xmx", "MaxRAMPercentage", "max-old-space-size", "memory_limit"})) {
        flags = text;
        at.candidate.path = at.container.spec_path + "." + field;
      }
    }
  }
  at.set("flags", flags);
  at.set("limit", at.container.spec.node["resources"]["limits"]["memory"].text());
  at.candidate.variant = flags.empty() ? "default" : "";
  if (!flags.empty()) {
    at.candidate.evidence.push_back(field_evidence(at.patient.pod, at.candidate.path, flags));
  }
  at.candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + ".resources"));
  return true;
}

}  // namespace

bool enrich(Patient& patient, const ContainerFacts& container, const RunLog& log, const Decisive& line,
            Candidate& candidate) {
  using Handler = bool (*)(const Context&);
  static const std::map<std::string_view, Handler> handlers = {
      {"env-var-missing", env_missing},
      {"bad-config-value", config_value},
      {"bad-config-file", config_file},
      {"config-checksum-mismatch", checksum},
      {"file-missing", file_missing},
      {"module-missing", module_missing},
      {"wrong-arguments", wrong_arguments},
      {"port-already-in-use", port_taken},
      {"privileged-port", privileged_port},
      {"read-only-root-filesystem", read_only},
      {"volume-permission-denied", permission},
      {"dependency-refused", dependency},
      {"dependency-name-unknown", unknown_name},
      {"cluster-dns-down", dns_down},
      {"dependency-auth-failed", auth_failed},
      {"rbac-forbidden", forbidden},
      {"serviceaccount-token-not-mounted", no_token},
      {"secret-trailing-newline", newline},
      {"heap-exhausted", heap},
  };
  Context at{patient, container, log, line, candidate};
  if (contains(line.line, "$(") && unexpanded_reference(at)) {
    return true;
  }
  if (line.cause == "command-not-found" || line.cause == "entrypoint-not-executable") {
    at.set("hint", "");
    at.set("message", line.line);
    candidate.variant = line.cause == "command-not-found" ? "shell" : "";
  }
  auto handler = handlers.find(line.cause);
  return handler == handlers.end() || handler->second(at);
}

}  // namespace podcheck::live
