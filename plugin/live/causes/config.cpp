// What the kubelet refuses before it creates a container: absent ConfigMaps, Secrets and keys, users that break
// runAsNonRoot, fields the runtime cannot serve. (pkg/kubelet/kubelet_pods.go, kuberuntime/security_context_others.go)
#include <algorithm>

#include "document/document.hpp"
#include "kube/effective.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/facts.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

// Where the container refers to the object (and key): "spec.containers[0].env[1]", with the variable's name.
struct Place {
  std::string path;
  std::string variable;
};

Place place_of(const ContainerFacts& container, std::string_view kind, std::string_view name, std::string_view key) {
  bool secret = kind == "Secret";
  std::size_t index = 0;
  for (Node env : container.spec.node["env"].items()) {
    Node from = env["valueFrom"][secret ? "secretKeyRef" : "configMapKeyRef"];
    if (from && from["name"].string() == name && (key.empty() || from["key"].string() == key)) {
      return {container.spec_path + ".env[" + std::to_string(index) + "]", std::string(env["name"].string())};
    }
    ++index;
  }
  index = 0;
  for (Node from : container.spec.node["envFrom"].items()) {
    if (from[secret ? "secretRef" : "configMapRef"]["name"].string() == name) {
      return {container.spec_path + ".envFrom[" + std::to_string(index) + "]", ""};
    }
    ++index;
  }
  return {container.spec_path, ""};
}

Candidate base(const ContainerFacts& container, const char* cause, const std::vector<finding::Evidence>& evidence) {
  Candidate out;
  out.cause = cause;
  out.stage = Stage::config;
  out.confidence = Confidence::confirmed;
  out.specificity = 100;
  out.container = container.name;
  out.path = container.spec_path;
  out.values = {{"container", std::string(container.name)},
                {"image", std::string(container.spec.node["image"].string(container.status["image"].string()))}};
  out.evidence = evidence;
  return out;
}

void missing_object(Patient& patient, const ContainerFacts& container, const char* cause, const char* kind,
                    const std::string& name, const std::vector<finding::Evidence>& evidence,
                    std::vector<Candidate>& out) {
  const char* resource = std::string_view(kind) == "Secret" ? "secrets" : "configmaps";
  Candidate candidate = base(container, cause, evidence);
  Place place = place_of(container, kind, name, "");
  candidate.path = place.path;
  candidate.variant = place.variable.empty() ? "env-from" : "";
  candidate.evidence.push_back(pod_field(patient, place.path));
  std::string near = near_name(patient, resource, name);
  candidate.values.insert(candidate.values.end(), {{"kind", kind},
                                                   {"name", name},
                                                   {"variable", place.variable},
                                                   {"namespace", patient.namespace_},
                                                   {"hint", hint_for(patient, resource, name)}});
  if (!near.empty()) {
    std::string field =
        place.variable.empty()
            ? (std::string_view(kind) == "Secret" ? "/secretRef/name" : "/configMapRef/name")
            : (std::string_view(kind) == "Secret" ? "/valueFrom/secretKeyRef/name" : "/valueFrom/configMapKeyRef/name");
    candidate.fixes.push_back(patch_owner(patient, {{"replace", pointer_of(place.path) + field, json_string(near)}}));
  } else if (std::string_view(kind) == "Secret") {
    std::string keys = place.variable.empty()
                           ? "KEY"
                           : document::at_path(patient.pod, place.path)["valueFrom"]["secretKeyRef"]["key"].text();
    candidate.fixes.push_back(command_fix("",
                                          kubectl(patient, "create secret generic " + shell_word(name) +
                                                               " --from-literal=" + shell_word(keys) + "=VALUE"),
                                          patient.catalogue.say("live.changes", {{"object", "Secret/" + name}}),
                                          finding::Safety::unsafe));
  } else {
    std::string keys = place.variable.empty()
                           ? "KEY"
                           : document::at_path(patient.pod, place.path)["valueFrom"]["configMapKeyRef"]["key"].text();
    candidate.fixes.push_back(command_fix(
        "", kubectl(patient, "create configmap " + shell_word(name) + " --from-literal=" + shell_word(keys) + "=VALUE"),
        patient.catalogue.say("live.changes", {{"object", "ConfigMap/" + name}}), finding::Safety::unsafe));
  }
  out.push_back(std::move(candidate));
}

void missing_key(Patient& patient, const ContainerFacts& container, const std::string& key, const std::string& kind,
                 const std::string& name, const std::vector<finding::Evidence>& evidence, std::vector<Candidate>& out) {
  Candidate candidate = base(container, "env-key-missing", evidence);
  Place place = place_of(container, kind, name, key);
  candidate.path = place.path;
  candidate.evidence.push_back(pod_field(patient, place.path));
  Node object = patient.cluster.get(kind == "Secret" ? "secrets" : "configmaps", patient.namespace_, name);
  std::vector<std::string> keys;
  for (const char* member : {"data", "binaryData"}) {
    for (const document::Member& entry : object[member].members()) {
      keys.emplace_back(entry.key);
    }
  }
  std::string near = catalogue::nearest(key, keys);
  if (near.empty()) {
    std::string plain = replace_all(replace_all(lower(key), "-", ""), "_", "");
    for (const std::string& other : keys) {
      if (replace_all(replace_all(replace_all(lower(other), "-", ""), "_", ""), ".", "") == plain) {
        near = other;
      }
    }
  }
  candidate.variant = keys.empty() ? "keys-unknown" : "";
  candidate.values.insert(candidate.values.end(), {{"key", key},
                                                   {"kind", kind},
                                                   {"name", name},
                                                   {"variable", place.variable},
                                                   {"keys", join(keys, ", ")},
                                                   {"near", near},
                                                   {"namespace", patient.namespace_}});
  if (!keys.empty()) {
    candidate.evidence.push_back(computed_evidence(kind + "/" + name + ": " + join(keys, ", ")));
  }
  if (!near.empty() && !place.variable.empty()) {
    candidate.fixes.push_back(patch_owner(
        patient,
        {{"replace",
          pointer_of(place.path) + "/valueFrom/" + (kind == "Secret" ? "secretKeyRef" : "configMapKeyRef") + "/key",
          json_string(near)}}));
  }
  out.push_back(std::move(candidate));
}

void user_conflict(Patient& patient, const ContainerFacts& container, const char* cause, const std::string& user,
                   const std::vector<finding::Evidence>& evidence, std::vector<Candidate>& out) {
  Candidate candidate = base(container, cause, evidence);
  candidate.values.emplace_back("user", user);
  bool own = static_cast<bool>(container.spec.node["securityContext"]["runAsNonRoot"]);
  std::string context = own ? container.spec_path + ".securityContext" : "spec.securityContext";
  candidate.path = context + ".runAsNonRoot";
  candidate.evidence.push_back(pod_field(patient, context));
  std::string op = container.spec.node["securityContext"].has("runAsUser") ? "replace" : "add";
  bool has_context = container.spec.node.has("securityContext");
  candidate.fixes.push_back(patch_owner(
      patient,
      {has_context ? Operation{op, pointer_of(container.spec_path) + "/securityContext/runAsUser", "10001"}
                   : Operation{"add", pointer_of(container.spec_path) + "/securityContext", "{\"runAsUser\":10001}"}}));
  out.push_back(std::move(candidate));
}

struct Text {
  const char* pattern;
  const char* cause;
};

// What needs no more than its own words.
constexpr Text plain[] = {
    {"cannot find volume \"{detail:q}\" to mount", "volume-mount-unresolved"},
    {"failed to prepare subpath for volumemount \"{detail:q}\"", "subpath-not-prepared"},
    {"failed to create subpath directory for volumemount \"{detail:q}\"", "subpath-not-prepared"},
    {"error subpath `{detail}` must not be an absolute path", "subpath-not-prepared"},
    {"unable to provision subpath {detail}", "subpath-not-prepared"},
    {"hostname \"{detail:q}\" is not a valid dns", "hostname-invalid"},
    {"hostname for pod \"{pod:q}\" was invalid: \"{detail:q}\"", "hostname-invalid"},
    {"runtime does not support user namespaces{detail}", "user-namespaces-unsupported"},
    {"can't set `spec.hostusers: false`{detail}", "user-namespaces-unsupported"},
    {"requested recursive read-only mode{detail}", "recursive-read-only-unsupported"},
    {"no command specified", "container-without-command"},
    {"unable to find user {detail:w}", "user-not-in-image"},
    {"failed to mount image volume: {detail}", "image-volume-failed"},
};

void explain(Patient& patient, const ContainerFacts& container, const std::string& text,
             const std::vector<finding::Evidence>& evidence, std::vector<Candidate>& out) {
  if (contains(text, "cache: timed out waiting for the condition") ||
      contains(text, "have not yet been read at least once")) {
    return;  // the kubelet's own race after scheduling; it passes
  }
  if (auto hit = match(text, "couldn't find key {key:w} in {kind:w} {namespace:p}")) {
    std::string full = (*hit)["namespace"];
    std::size_t slash = full.find('/');
    missing_key(patient, container, (*hit)["key"],
                (*hit)["kind"] == "Secret" || lower((*hit)["kind"]) == "secret" ? "Secret" : "ConfigMap",
                slash == std::string::npos ? full : full.substr(slash + 1), evidence, out);
  } else if (auto map = match(text, "configmap \"{name:q}\" not found")) {
    missing_object(patient, container, "env-configmap-missing", "ConfigMap", (*map)["name"], evidence, out);
  } else if (auto maps = match(text, "configmaps \"{name:q}\" not found")) {  // to 1.13
    missing_object(patient, container, "env-configmap-missing", "ConfigMap", (*maps)["name"], evidence, out);
  } else if (auto secret = match(text, "secret \"{name:q}\" not found")) {
    missing_object(patient, container, "env-secret-missing", "Secret", (*secret)["name"], evidence, out);
  } else if (auto secrets = match(text, "secrets \"{name:q}\" not found")) {
    missing_object(patient, container, "env-secret-missing", "Secret", (*secrets)["name"], evidence, out);
  } else if (contains(text, "image will run as root")) {
    user_conflict(patient, container, "run-as-nonroot-root-image", "", evidence, out);
  } else if (auto user = match(text, "non-numeric user ({user})")) {
    user_conflict(patient, container, "run-as-nonroot-non-numeric-user", (*user)["user"], evidence, out);
  } else if (contains_any(text, {"runAsUser breaks non-root policy", "will break non-root policy"})) {
    user_conflict(patient, container, "run-as-nonroot-contradiction", "0", evidence, out);
  } else {
    for (const Text& one : plain) {
      if (auto hit2 = match(text, one.pattern)) {
        Candidate candidate = base(container, one.cause, evidence);
        candidate.values.emplace_back("detail", shown((*hit2)["detail"], 200));
        out.push_back(std::move(candidate));
        return;
      }
    }
  }
}

}  // namespace

void diagnose_config(Patient& patient, std::vector<Candidate>& out) {
  if (!patient.pod) {
    return;
  }
  auto events = events_of(patient.cluster, patient.pod);
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    if (container.waiting_reason != "CreateContainerConfigError" &&
        container.waiting_reason != "CreateContainerError" && container.waiting_reason != "RROUnsupported") {
      continue;
    }
    std::string text = container.waiting_message;
    std::vector<finding::Evidence> evidence;
    const EventFacts* event = newest(events, "Failed", text.empty() ? "Error: " : text.substr(0, 60), container.name);
    if (event == nullptr && text.empty()) {
      event = newest(events, "Failed", "", container.name);
    }
    if (event != nullptr) {
      evidence.push_back(event_evidence(*event));
      text += "\n" + event->message;
    } else {
      evidence.push_back(field_evidence(patient.pod, container.status_path + ".state.waiting",
                                        std::string(container.waiting_reason) + ": " + text));
    }
    explain(patient, container, text, evidence, out);
  }
}

}  // namespace podcheck::live
