#include "live/causes/start_details.hpp"

#include <algorithm>
#include <map>

#include "document/document.hpp"
#include "kube/effective.hpp"
#include "live/causes/parts.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/settings_of.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;

namespace {

// Programs that images commonly start, for slips of the pen.
constexpr std::string_view programs[] = {
    "bash",  "bundle",  "celery",   "curl",  "daphne",       "deno",    "django-admin", "dotnet",
    "flask", "go",      "gunicorn", "httpd", "hypercorn",    "java",    "mongod",       "mysqld",
    "nginx", "node",    "npm",      "npx",   "php",          "php-fpm", "pip",          "postgres",
    "puma",  "python",  "python3",  "rails", "redis-server", "ruby",    "sh",           "supervisord",
    "tini",  "uvicorn", "uwsgi",    "wget",  "yarn"};

std::string what_of(const StartFailure& at) {
  return value_of(at.candidate, "what");
}

std::string node_of(const StartFailure& at) {
  return std::string(at.patient.pod["spec"]["nodeName"].string());
}

// Paths of crun are relative to the root of the container.
Mounted mount_of(const StartFailure& at, const std::string& path) {
  return mounted_at(at.patient, at.container, path.starts_with("/") ? path : std::string("/").append(path));
}

void not_split(const StartFailure& at) {
  at.candidate.cause = "command-not-split";
  at.candidate.variant.clear();
  std::string words;
  std::string word;
  for (char c : what_of(at) + " ") {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words += (words.empty() ? "" : ", ") + json_string(word);
      word.clear();
    }
  }
  set(at.candidate, "words", "[" + words + "]");
  bool own_command = at.container.spec.node["command"].size() > 0;
  at.candidate.path = at.container.spec_path + (own_command ? ".command" : ".args");
  // Further elements of the list stay behind the words.
  Node list = at.container.spec.node[own_command ? "command" : "args"];
  std::string all = words;
  for (std::size_t i = 1; i < list.size(); ++i) {
    all += ", " + json_string(list[i].text());
  }
  at.candidate.evidence.push_back(pod_field(at.patient, at.candidate.path));
  at.candidate.fixes.push_back(patch_owner(at.patient, {{"replace", pointer_of(at.candidate.path), "[" + all + "]"}}));
}

void program_missing(const StartFailure& at) {
  std::string what = what_of(at);
  if (contains(what, " ") && !contains(what, "\n")) {
    not_split(at);
    return;
  }
  Node command = at.container.spec.node["command"];
  std::string base = what.substr(what.rfind('/') == std::string::npos ? 0 : what.rfind('/') + 1);
  bool real = std::find(std::begin(programs), std::end(programs), base) != std::end(programs);
  std::string near = real ? "" : catalogue::nearest(base, {std::begin(programs), std::end(programs)});
  set(at.candidate, "hint", near.empty() ? "" : " " + at.patient.catalogue.say("live.hint.typo", {{"name", near}}));
  Mounted mounted = mount_of(at, what);
  if (what.starts_with("-")) {
    at.candidate.variant = "flag";
    if (!at.container.spec.node.has("args")) {
      std::string pointer = pointer_of(at.container.spec_path);
      at.candidate.fixes.push_back(patch_owner(
          at.patient, {{"add", pointer + "/args", document::to_json(command)}, {"remove", pointer + "/command", ""}}));
    }
  } else if (mounted.mount && at.candidate.variant != "interpreter") {
    at.candidate.variant = "shadowed";
    set(at.candidate, "mount", mounted.mount_path);
  }
  at.candidate.evidence.push_back(
      command.size() > 0 ? pod_field(at.patient, at.container.spec_path + ".command")
                         : computed_evidence(at.patient.catalogue.say(
                               "live.start.image_command", {{"container", std::string(at.container.name)}})));
}

void not_executable(const StartFailure& at) {
  Mounted mounted = mount_of(at, what_of(at));
  if (mounted.kind != "configMap" && mounted.kind != "secret") {
    return;
  }
  at.candidate.variant = "configmap";
  set(at.candidate, "volume", mounted.volume_name);
  at.candidate.path = "spec.volumes";
  std::size_t index = 0;
  for (Node volume : at.patient.pod["spec"]["volumes"].items()) {
    if (volume["name"].string() == mounted.volume_name) {
      std::string pointer = "volumes/" + std::to_string(index) + "/" + mounted.kind + "/defaultMode";
      at.candidate.evidence.push_back(pod_field(at.patient, "spec.volumes[" + std::to_string(index) + "]"));
      at.candidate.fixes.push_back(patch_owner(at.patient, {{"add", pointer, "493"}}));  // 0755
    }
    ++index;
  }
}

void seccomp(const StartFailure& at) {
  Node own = at.container.spec.node["securityContext"]["seccompProfile"];
  std::string profile(own["localhostProfile"].string());
  std::string path = at.container.spec_path + ".securityContext.seccompProfile";
  if (!own) {
    path = "spec.securityContext.seccompProfile";
    profile = at.patient.pod["spec"]["securityContext"]["seccompProfile"]["localhostProfile"].string();
  }
  at.candidate.path = path;
  at.candidate.evidence.push_back(pod_field(at.patient, path));
  set(at.candidate, "profile", profile.empty() ? what_of(at) : profile);
  at.candidate.fixes.push_back(
      patch_owner(at.patient, {{"replace", pointer_of(path), "{\"type\":\"RuntimeDefault\"}"}}));
}

// A file where a directory is mounted, or a directory where a file is: a subPath that is no key, or none at all.
void mount_failed(const StartFailure& at) {
  std::string what = what_of(at);
  Mounted mounted = mount_of(at, what);
  set(at.candidate, "mount", mounted.mount ? mounted.mount_path : what);
  set(at.candidate, "volume", mounted.volume_name);
  if (!mounted.mount) {
    return;
  }
  at.candidate.path = mounted.path;
  at.candidate.evidence.push_back(pod_field(at.patient, mounted.path));
  if (!contains_any(lower(at.text), {"not a directory", "is a directory", "directory onto a file"})) {
    return;
  }
  std::string sub_path(mounted.mount["subPath"].string());
  bool exact = mounted.mount_path == what || mounted.mount_path == "/" + what;
  if (sub_path.empty() && !exact) {
    return;
  }
  at.candidate.cause = "subpath-mismatch";
  at.candidate.specificity = 100;
  set(at.candidate, "subpath", sub_path);
  set(at.candidate, "object", mounted.object);
  set(at.candidate, "keys", join(mounted.files, ", "));
  bool has_key = std::find(mounted.files.begin(), mounted.files.end(), sub_path) != mounted.files.end();
  if (sub_path.empty()) {
    at.candidate.variant = "whole";
    std::string file = mounted.mount_path.substr(mounted.mount_path.rfind('/') + 1);
    std::string near = catalogue::nearest(file, mounted.files);
    bool same = std::find(mounted.files.begin(), mounted.files.end(), file) != mounted.files.end();
    if (same || !near.empty()) {
      at.candidate.fixes.push_back(
          patch_owner(at.patient, {{"add", pointer_of(mounted.path) + "/subPath", json_string(same ? file : near)}}));
    }
  } else if (!mounted.files.empty() && !has_key) {
    at.candidate.variant = "key";
    at.candidate.evidence.push_back(computed_evidence(mounted.object + ": " + join(mounted.files, ", ")));
    std::string near = catalogue::nearest(sub_path, mounted.files);
    near = near.empty() && mounted.files.size() == 1 ? mounted.files.front() : near;
    if (!near.empty()) {
      at.candidate.fixes.push_back(
          patch_owner(at.patient, {{"replace", pointer_of(mounted.path) + "/subPath", json_string(near)}}));
    }
  }
}

void working_directory(const StartFailure& at) {
  set(at.candidate, "directory", what_of(at));
  set(at.candidate, "file", "");
  set(at.candidate, "user", run_as_user(at.patient, at.container));
  bool denied = contains(lower(at.text), "permission denied");
  at.candidate.variant = denied ? "denied" : "absent";
  at.candidate.path = at.container.spec_path + ".workingDir";
  at.candidate.evidence.push_back(pod_field(at.patient, at.candidate.path));
  if (!denied && at.container.spec.node.has("workingDir")) {
    at.candidate.fixes.push_back(patch_owner(at.patient, {{"remove", pointer_of(at.candidate.path), ""}}));
  }
}

void wrong_format(const StartFailure& at) {
  Node info = at.patient.cluster.get("nodes", "", node_of(at))["status"]["nodeInfo"];
  std::string arch(info["architecture"].string());
  at.candidate.variant = arch.empty() ? "unknown" : contains(what_of(at) + at.text, ".sh") ? "script" : "";
  set(at.candidate, "platform", "linux/" + arch);
  if (!arch.empty()) {
    at.candidate.evidence.push_back(computed_evidence("node/" + node_of(at) + ": " + arch));
  }
}

void too_little_memory(const StartFailure& at) {
  auto limit = kube::limit(at.container.spec, "memory");
  set(at.candidate, "limit", at.container.spec.node["resources"]["limits"]["memory"].text());
  if (limit && limit->units() < (1 << 20)) {
    at.candidate.cause = "memory-unit-mistake";
  }
  set(at.candidate, "resource", "memory");
  at.candidate.path = at.container.spec_path + ".resources.limits.memory";
  at.candidate.evidence.push_back(pod_field(at.patient, at.candidate.path));
}

void read_only_mount_point(const StartFailure& at) {
  set(at.candidate, "path", what_of(at));
  set(at.candidate, "directory", what_of(at));
  at.candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + ".securityContext"));
}

}  // namespace

void complete_start_failure(const StartFailure& at) {
  using Handler = void (*)(const StartFailure&);
  static const std::map<std::string_view, Handler> handlers = {
      {"command-not-found", program_missing},
      {"entrypoint-not-executable", not_executable},
      {"seccomp-profile-missing", seccomp},
      {"mount-failed-at-start", mount_failed},
      {"wrong-working-directory", working_directory},
      {"exec-format-error", wrong_format},
      {"memory-limit-below-runtime", too_little_memory},
      {"read-only-root-filesystem", read_only_mount_point},
  };
  set(at.candidate, "node", node_of(at));
  if (auto handler = handlers.find(at.candidate.cause); handler != handlers.end()) {
    handler->second(at);
  }
}

}  // namespace podcheck::live
