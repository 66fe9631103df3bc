// Paths that a process may not write, ports that it may not bind, memory that its runtime does not give it.
#include <algorithm>
#include <cstdlib>

#include "kube/effective.hpp"
#include "live/causes/exit_context.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

bool is_time(std::string_view text, std::size_t end) {
  return text[end] == ':' && end + 1 < text.size() && text[end + 1] >= '0' && text[end + 1] <= '9';
}

// The last number of a line that stands where a port does: ":9300", "port 9300", "('0.0.0.0', 9300)".
std::string port_in(std::string_view line) {
  std::string port;
  std::string low = lower(line);
  for (std::size_t i = 1; i < low.size(); ++i) {
    bool digit = low[i] >= '0' && low[i] <= '9';
    bool begins =
        digit && (low[i - 1] == ':' || low.substr(0, i).ends_with("port ") || low.substr(0, i).ends_with("', "));
    if (!begins) {
      continue;
    }
    std::size_t end = low.find_first_not_of("0123456789", i);
    std::string number = low.substr(i, end - i);
    // Times have colons too.
    if (number.size() > 2 && number.size() < 6 && (end == std::string::npos || !is_time(low, end))) {
      port = number;
    }
    i = std::min(end, low.size());
  }
  return port;
}

}  // namespace

bool read_only(const ExitContext& at) {
  std::string path = at.get("path");
  Mounted mounted = path.empty() ? Mounted() : mounted_at(at.patient, at.container, path);
  at.set("path", path);
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
  if (!root && !contains(lower(at.line.line), "read-only")) {
    return false;
  }
  at.candidate.variant = path.empty() ? "unnamed" : "";
  if (!root) {
    at.candidate.confidence = Confidence::likely;
  }
  at.candidate.path = at.container.spec_path + ".securityContext.readOnlyRootFilesystem";
  at.candidate.evidence.push_back(field_evidence(at.patient.pod, at.candidate.path, root ? "true" : "-"));
  bool is_directory = contains_any(lower(at.line.line), {"tmpdir is", "mkdir", "directory '"});
  std::string directory = is_directory ? path : folder_of(path);
  at.set("directory", directory.empty() ? path : directory);
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

bool permission(const ExitContext& at) {
  std::string path = at.get("path");
  if (at.line.specificity < 80 && path.find_first_of("/.") == std::string::npos) {
    return false;  // "bind: permission denied"
  }
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

bool port_taken(const ExitContext& at) {
  std::string port = at.get("port");
  if (port.empty()) {
    port = port_in(at.line.line);
  }
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

bool privileged_port(const ExitContext& at) {
  std::string port = at.get("port");
  if (port.empty()) {
    port = port_in(at.line.line);
    at.set("port", port);
  }
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

bool heap(const ExitContext& at) {
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

bool disk_full(const ExitContext& at) {
  std::string path = at.get("path");
  Mounted mounted = path.starts_with("/") ? mounted_at(at.patient, at.container, path) : Mounted();
  at.set("path", path);
  at.set("node", std::string(at.patient.pod["spec"]["nodeName"].string()));
  at.candidate.variant = "node";
  if (!mounted.mount) {
    return true;
  }
  at.candidate.path = mounted.path;
  at.candidate.evidence.push_back(pod_field(at.patient, mounted.path));
  at.set("mount", mounted.mount_path);
  at.set("volume", mounted.volume_name);
  if (mounted.kind == "emptyDir") {
    Node limit = mounted.volume["emptyDir"]["sizeLimit"];
    at.candidate.variant = limit ? "volume" : "node";
    at.set("size", limit.text());
    return true;
  }
  std::string_view name = mounted.volume["persistentVolumeClaim"]["claimName"].string();
  Node claim = at.patient.cluster.get("persistentvolumeclaims", at.patient.namespace_, name);
  Node size = claim["status"]["capacity"]["storage"];
  at.candidate.variant = size ? "claim" : "";
  at.set("size", size.text());
  at.set("claim", std::string(name));
  if (size) {
    at.candidate.evidence.push_back(field_evidence(claim, "status.capacity.storage", size.text()));
  }
  return true;
}

bool limit_of_node(const ExitContext& at) {
  at.set("node", std::string(at.patient.pod["spec"]["nodeName"].string()));
  bool one_text = at.line.cause == "node-setting-too-low";
  at.candidate.variant = one_text ? "" : contains(lower(at.line.line), "watch") ? "watches" : "inside";
  return true;
}

}  // namespace podcheck::live
