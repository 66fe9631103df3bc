#include "live/patch.hpp"

#include "live/facts.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;

std::string managed_by(Node object) {
  Node labels = object["metadata"]["labels"];
  Node annotations = object["metadata"]["annotations"];
  if (annotations.has("argocd.argoproj.io/tracking-id") || labels.has("argocd.argoproj.io/instance")) {
    return "Argo CD";
  }
  for (const char* key : {"kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name"}) {
    if (labels.has(key) || annotations.has(key)) {
      return "Flux";
    }
  }
  if (annotations.has("meta.helm.sh/release-name") || labels["app.kubernetes.io/managed-by"].string() == "Helm" ||
      labels["heritage"].string() == "Helm") {
    return "Helm";
  }
  return {};
}

std::string pod_spec_pointer(std::string_view kind) {
  if (kind == "Deployment" || kind == "StatefulSet" || kind == "DaemonSet" || kind == "ReplicaSet" ||
      kind == "ReplicationController") {
    return "/spec/template/spec";
  }
  return kind == "CronJob" ? "/spec/jobTemplate/spec/template/spec" : "";  // a Job's template is immutable
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      static constexpr char digits[] = "0123456789abcdef";
      out += std::string("\\u00") + digits[(c >> 4) & 15] + digits[c & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string shell_word(std::string_view text) {
  bool plain = !text.empty();
  for (char c : text) {
    plain = plain && (std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                      std::string_view("-_./:=,@%+").find(c) != std::string_view::npos);
  }
  return plain ? std::string(text) : "'" + replace_all(std::string(text), "'", "'\\''") + "'";
}

std::string kubectl(Patient& patient, std::string_view arguments) {
  std::string command = patient.cluster.kubectl();
  if (!patient.namespace_.empty()) {
    command += " -n " + shell_word(patient.namespace_);
  }
  return command + " " + std::string(arguments);
}

std::string pointer_of(std::string_view path) {
  if (path.starts_with("spec.")) {
    path.remove_prefix(5);
  }
  std::string out;
  for (char c : path) {
    if (c == '[' || c == '.') {
      out += '/';
    } else if (c != ']') {
      out += c;
    }
  }
  return out;
}

std::string effect_on(Patient& patient, Node object) {
  std::string tool = managed_by(object);
  return patient.catalogue.say(tool.empty() ? "live.changes" : "live.managed",
                               {{"object", label_of(object)}, {"tool", tool}});
}

finding::Fix change(Patient& patient, Node object, std::string_view arguments, finding::Safety safety) {
  return command_fix("", kubectl(patient, arguments), effect_on(patient, object), safety);
}

finding::Fix create_object(Patient& patient, std::string_view kind, std::string_view arguments, std::string_view name) {
  std::string object = std::string(kind) + "/" + std::string(name);
  return command_fix("", kubectl(patient, "create " + std::string(arguments)),
                     patient.catalogue.say("live.changes", {{"object", object}}), finding::Safety::unsafe);
}

finding::Fix merge_patch(Patient& patient, Node object, std::string patch) {
  finding::Fix fix = change(
      patient, object,
      "patch " + lower(object["kind"].string()) + " " + shell_word(name_of(object)) + " -p " + shell_word(patch));
  fix.patch = std::move(patch);
  return fix;
}

finding::Fix recreate(Patient& patient) {
  if (patient.owner["kind"].string() != "Deployment" ||
      patient.owner["spec"]["strategy"]["type"].string() == "Recreate") {
    return {};
  }
  return merge_patch(patient, patient.owner, R"({"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}})");
}

finding::Fix command_fix(std::string summary, std::string command, std::string changes, finding::Safety safety) {
  finding::Fix fix;
  fix.summary = std::move(summary);
  fix.command = std::move(command);
  fix.effect = std::move(changes);
  fix.safety = safety;
  return fix;
}

}  // namespace podcheck::live
