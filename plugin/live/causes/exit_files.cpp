// Files and modules that a program does not find, or whose contents it refuses.
#include <algorithm>

#include "live/causes/exit_context.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

bool config_file(const ExitContext& at) {
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

bool file_missing(const ExitContext& at) {
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

bool module_missing(const ExitContext& at) {
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

bool checksum(const ExitContext& at) {
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
  bool unnamed = at.get("file").empty();
  at.candidate.variant = variable.empty() ? (unnamed ? "unnamed" : "plain") : (unnamed ? "variable" : "");
  return true;
}

}  // namespace podcheck::live
