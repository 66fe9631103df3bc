// Containers that the runtime cannot create or start: the texts of runc, crun, containerd, CRI-O and docker, from the
// waiting state, the termination message, the events, or the log (crun and wrappers write them there).
#include "live/causes/start_details.hpp"
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
      complete_start_failure({patient, container, candidate, text});
      out.push_back(std::move(candidate));
      break;
    }
  }
}

}  // namespace podcheck::live
