// Containers that the runtime cannot create or start: the texts of runc, crun, containerd, CRI-O and docker, from the
// waiting state, the termination message, the events, or the log (crun and wrappers write them there).
#include <algorithm>

#include "kube/effective.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/facts.hpp"
#include "live/logs.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

struct Signature {
  const char* pattern;
  const char* cause;
  const char* variant;
};

// Most specific first; {what} is the program, path or name at fault.
constexpr Signature signatures[] = {
    {"exec format error", "exec-format-error", ""},
    {"chdir to cwd (\"{what:q}\")", "wrong-working-directory", ""},
    {"chdir to `{what:q}`", "wrong-working-directory", ""},
    {"container init was oom-killed", "memory-limit-below-runtime", ""},
    {"possibly oom-killed", "memory-limit-below-runtime", ""},
    {"memory.limit_in_bytes: device or resource busy", "memory-limit-below-runtime", ""},
    {"apparmor profile \"{what:q}\"", "apparmor-profile-missing", ""},
    {"apparmor profile not found {what:w}", "apparmor-profile-missing", ""},
    {"unable to apply apparmor profile", "apparmor-profile-missing", ""},
    {"apparmor failed to apply profile", "apparmor-profile-missing", ""},
    {"cannot load seccomp profile \"{what:q}\"", "seccomp-profile-missing", ""},
    {"/seccomp/{what:p}: no such file or directory", "seccomp-profile-missing", ""},
    {"error loading seccomp filter", "seccomp-profile-missing", ""},
    {"seccomp profile", "seccomp-profile-missing", ""},
    {"unresolvable cdi devices {what:w}", "device-injection-failed", ""},
    {"nvidia-container-cli: {what}", "device-injection-failed", ""},
    {"error gathering device information while adding custom device \"{what:q}\"", "device-injection-failed", ""},
    {"could not select device driver", "device-injection-failed", ""},
    {"to rootfs at \"{what:q}\"", "mount-failed-at-start", ""},
    {"to rootfs \"{root:q}\" at \"{what:q}\"", "mount-failed-at-start", ""},
    {"mount `{source:q}` to `{what:q}`", "mount-failed-at-start", ""},
    {"exec: \"{what}\": executable file not found in $path", "command-not-found", ""},
    {"executable file `{what}` not found", "command-not-found", ""},
    {"exec: \"{program}\": stat {what}: no such file or directory", "command-not-found", "path"},
    {"exec: \"{what}\": no such file or directory", "command-not-found", "path"},
    {"exec {what}: no such file or directory", "command-not-found", "interpreter"},
    {"exec: \"{what}\": permission denied", "entrypoint-not-executable", ""},
    {"exec {what}: permission denied", "entrypoint-not-executable", ""},
    {"the path `{what}` exists but it is not executable", "entrypoint-not-executable", ""},
    {"exec: \"{what}\": is a directory", "entrypoint-not-executable", "directory"},
    {"open executable: no such file or directory", "command-not-found", "path"},
    {"open executable: permission denied", "entrypoint-not-executable", ""},
    {"unable to find user {what:w}", "user-not-in-image", ""},
    {"to unmapped {what} in user namespace", "user-not-in-image", ""},
    {"no command specified", "container-without-command", ""},
    {"mkdir {what:p}: read-only file system", "read-only-root-filesystem", "mountpoint"},
    {"open {what:p}: read-only file system", "read-only-root-filesystem", "mountpoint"},
    {"unable to apply cgroup configuration", "cgroup-setup-failed", ""},
    {"cpu.cfs_quota_us: invalid argument", "cgroup-setup-failed", ""},
    {"cgroup mountpoint does not exist", "cgroup-setup-failed", ""},
    {"resource temporarily unavailable", "node-out-of-processes", ""},
    {"ttrpc: closed", "container-runtime-unavailable", ""},
    {"transport: error while dialing", "container-runtime-unavailable", ""},
    {"containerd.sock", "container-runtime-unavailable", ""},
    {"context deadline exceeded", "container-runtime-unavailable", ""},
    {"is reserved for \"{what:q}\"", "container-runtime-unavailable", ""},
};

constexpr std::string_view programs[] = {
    "bash",  "bundle",  "celery",   "curl",  "daphne",       "deno",    "django-admin", "dotnet",
    "flask", "go",      "gunicorn", "httpd", "hypercorn",    "java",    "mongod",       "mysqld",
    "nginx", "node",    "npm",      "npx",   "php",          "php-fpm", "pip",          "postgres",
    "puma",  "python",  "python3",  "rails", "redis-server", "ruby",    "sh",           "supervisord",
    "tini",  "uvicorn", "uwsgi",    "wget",  "yarn"};

// runc before 1.0.0-rc93 quotes its errors in one another: exec: \\\"/run.sh\\\". Matched without those backslashes.
std::string without_escaped_quotes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t end = text.find_first_not_of('\\', i);
    if (text[i] == '\\' && end != std::string_view::npos && text[end] == '"') {
      i = end;
    }
    out += text[i];
  }
  return out;
}

std::string joined_command(const ContainerFacts& container) {
  std::string out;
  for (const char* field : {"command", "args"}) {
    for (Node word : container.spec.node[field].items()) {
      out += (out.empty() ? "" : " ") + word.text();
    }
  }
  return out;
}

// The mount whose path is `path` or lies above it.
Node mount_at(const ContainerFacts& container, std::string_view path, std::size_t* index = nullptr) {
  Node best;
  std::size_t at = 0;
  for (Node mount : container.spec.node["volumeMounts"].items()) {
    std::string_view where = mount["mountPath"].string();
    bool covers = path == where ||
                  (path.starts_with(where) && (where.ends_with("/") || path.substr(where.size()).starts_with("/")));
    if (covers && where.size() > best["mountPath"].string().size()) {
      best = mount;
      if (index != nullptr) {
        *index = at;
      }
    }
    ++at;
  }
  return best;
}

void finish(Patient& patient, const ContainerFacts& container, Candidate& candidate, const std::string& text) {
  std::string what;
  for (const auto& [key, value] : candidate.values) {
    what = key == "what" ? value : what;
  }
  std::string command = joined_command(container);
  bool own_command = container.spec.node["command"].size() > 0;
  if (candidate.cause == "command-not-found") {
    if (contains(what, " ") && !contains(what, "\n")) {
      candidate.cause = "command-not-split";
      candidate.variant.clear();
      std::string words;
      std::string word;
      for (char c : what + " ") {
        if (c != ' ') {
          word += c;
        } else if (!word.empty()) {
          words += (words.empty() ? "" : ", ") + json_string(word);
          word.clear();
        }
      }
      candidate.values.emplace_back("words", "[" + words + "]");
      std::string field = own_command ? "command" : "args";
      candidate.path = container.spec_path + "." + field;
      candidate.fixes.push_back(patch_owner(patient, {{"replace", pointer_of(candidate.path), "[" + words + "]"}}));
    } else {
      std::string_view base =
          std::string_view(what).substr(what.rfind('/') == std::string::npos ? 0 : what.rfind('/') + 1);
      bool real = std::find(std::begin(programs), std::end(programs), base) != std::end(programs);
      std::string near = real ? "" : catalogue::nearest(base, {std::begin(programs), std::end(programs)});
      candidate.values.emplace_back(
          "hint", near.empty() ? "" : " " + patient.catalogue.say("live.hint.typo", {{"name", near}}));
      Node mount = mount_at(container, what);
      if (mount && candidate.variant != "interpreter") {
        candidate.variant = "shadowed";
        candidate.values.emplace_back("mount", std::string(mount["mountPath"].string()));
      }
    }
    candidate.evidence.push_back(own_command
                                     ? pod_field(patient, container.spec_path + ".command")
                                     : computed_evidence(patient.catalogue.say(
                                           "live.start.image_command", {{"container", std::string(container.name)}})));
  } else if (candidate.cause == "entrypoint-not-executable") {
    if (Node mount = mount_at(container, what)) {
      for (Node volume : patient.pod["spec"]["volumes"].items()) {
        if (volume["name"].string() == mount["name"].string() && volume["configMap"]) {
          candidate.variant = "configmap";
          candidate.values.emplace_back("volume", std::string(volume["name"].string()));
        }
      }
    }
  } else if (candidate.cause == "seccomp-profile-missing") {
    Node own = container.spec.node["securityContext"]["seccompProfile"];
    std::string profile(own["localhostProfile"].string());
    std::string path = container.spec_path + ".securityContext.seccompProfile";
    if (!own) {
      path = "spec.securityContext.seccompProfile";
      profile = patient.pod["spec"]["securityContext"]["seccompProfile"]["localhostProfile"].string();
    }
    candidate.path = path;
    candidate.evidence.push_back(pod_field(patient, path));
    candidate.values.emplace_back("profile", profile.empty() ? what : profile);
    candidate.values.emplace_back("node", std::string(patient.pod["spec"]["nodeName"].string()));
    candidate.fixes.push_back(patch_owner(patient, {{"replace", pointer_of(path), "{\"type\":\"RuntimeDefault\"}"}}));
  } else if (candidate.cause == "mount-failed-at-start") {
    std::size_t index = 0;
    Node mount = mount_at(container, what, &index);
    bool shape = contains_any(lower(text), {"not a directory", "is a directory", "directory onto a file"});
    if (mount && mount.has("subPath") && shape) {
      candidate.cause = "subpath-mismatch";
      candidate.specificity = 100;
    }
    candidate.values.emplace_back("mount", std::string(mount["mountPath"].string(what)));
    candidate.values.emplace_back("volume", std::string(mount["name"].string()));
    candidate.values.emplace_back("subpath", std::string(mount["subPath"].string()));
    if (mount) {
      candidate.path = container.spec_path + ".volumeMounts[" + std::to_string(index) + "]";
      candidate.evidence.push_back(pod_field(patient, candidate.path));
    }
  } else if (candidate.cause == "wrong-working-directory") {
    candidate.values.emplace_back("directory", what);
    candidate.values.emplace_back("file", "");
    candidate.variant = contains(lower(text), "permission denied") ? "denied" : "absent";
    candidate.path = container.spec_path + ".workingDir";
    candidate.evidence.push_back(pod_field(patient, candidate.path));
  } else if (candidate.cause == "exec-format-error") {
    Node info = patient.cluster.get("nodes", "", patient.pod["spec"]["nodeName"].string())["status"]["nodeInfo"];
    std::string arch(info["architecture"].string());
    candidate.variant = arch.empty() ? "unknown" : contains(what + text, ".sh") ? "script" : "";
    candidate.values.emplace_back("platform", "linux/" + arch);
    candidate.values.emplace_back("node", std::string(patient.pod["spec"]["nodeName"].string()));
    if (!arch.empty()) {
      candidate.evidence.push_back(
          computed_evidence("node/" + std::string(patient.pod["spec"]["nodeName"].string()) + ": " + arch));
    }
  } else if (candidate.cause == "memory-limit-below-runtime") {
    auto limit = kube::limit(container.spec, "memory");
    candidate.values.emplace_back("limit", container.spec.node["resources"]["limits"]["memory"].text());
    if (limit && limit->units() < (1 << 20)) {
      candidate.cause = "memory-unit-mistake";
    }
    candidate.values.emplace_back("resource", "memory");
    candidate.path = container.spec_path + ".resources.limits.memory";
    candidate.evidence.push_back(pod_field(patient, candidate.path));
  } else if (candidate.cause == "read-only-root-filesystem") {
    candidate.values.emplace_back("path", what);
    candidate.values.emplace_back("directory", what);
    candidate.evidence.push_back(pod_field(patient, container.spec_path + ".securityContext"));
  }
}

}  // namespace

void diagnose_start(Patient& patient, std::vector<Candidate>& out) {
  if (!patient.pod) {
    return;
  }
  auto events = events_of(patient.cluster, patient.pod);
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    const Termination* ended = container.latest();
    bool start_failed = ended != nullptr && (ended->reason == "StartError" || ended->reason == "ContainerCannotRun");
    bool create_failed =
        container.waiting_reason == "RunContainerError" || container.waiting_reason == "CreateContainerError" ||
        container.waiting_reason == "PreStartHookError" || container.waiting_reason == "PreCreateHookError";
    std::string text;
    std::vector<finding::Evidence> evidence;
    if (start_failed || create_failed) {
      text = create_failed ? container.waiting_message : normalised(ended->message);
      const EventFacts* event = newest(events, "Failed", "Error: ", container.name);
      if (event != nullptr) {
        evidence.push_back(event_evidence(*event));
        text += text.empty() ? event->message : "";
      }
      if (start_failed) {
        text += "\n" + normalised(ended->message);
        evidence.push_back(termination_evidence(patient.pod, container));
      } else if (event == nullptr || evidence.empty()) {
        evidence.push_back(field_evidence(patient.pod, container.status_path + ".state.waiting",
                                          std::string(container.waiting_reason) + ": " + text));
      }
    } else if ((ended != nullptr ? ended->exit_code != 0 : container.waiting_reason == "CrashLoopBackOff") &&
               !container.ready) {
      // crun, older runc and docker's init write the error into the container's own log.
      RunLog log = last_run_log(patient, container);
      for (const std::string& line : log.lines) {
        std::string low = lower(line);
        if (contains(low, "exec format error") &&
            (low.starts_with("exec ") ||
             contains_any(low, {"exec user process", "exec container process", "standard_init"}))) {
          text = line;
          evidence.push_back(log_evidence(container.name, log.previous, line));
          if (ended != nullptr) {
            evidence.push_back(termination_evidence(patient.pod, container));
          }
        }
      }
    }
    if (text.empty()) {
      continue;
    }
    text = without_escaped_quotes(text);
    for (const Signature& one : signatures) {
      auto hit = match(text, one.pattern);
      if (!hit) {
        continue;
      }
      Candidate candidate;
      candidate.cause = one.cause;
      candidate.variant = one.variant;
      candidate.stage = Stage::start;
      candidate.confidence = Confidence::confirmed;
      candidate.specificity = 90;
      candidate.container = container.name;
      candidate.path = container.spec_path + ".command";
      candidate.values = {{"container", std::string(container.name)},
                          {"image", std::string(container.spec.node["image"].string())},
                          {"what", shown((*hit)["what"], 200)},
                          {"message", shown(text.substr(0, text.find('\n')), 300)}};
      candidate.evidence = evidence;
      finish(patient, container, candidate, text);
      out.push_back(std::move(candidate));
      break;
    }
  }
}

}  // namespace podcheck::live
