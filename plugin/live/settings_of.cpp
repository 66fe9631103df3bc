#include "live/settings_of.hpp"

#include "cluster/pull_secret.hpp"
#include "kube/effective.hpp"

namespace podcheck::live {

using document::Node;

namespace {

// The value of a key, as far as it may be known: ConfigMaps as they are, of Secrets only whether it ends with a break.
void take(Variable& variable, Node object, std::string_view key, bool secret) {
  Node value = object["data"][key];
  if (!value.is_string()) {
    return;
  }
  if (secret) {
    std::optional<std::string> text = cluster::decode_base64(value.string());
    variable.trailing_newline = text && text->ends_with("\n");
    return;
  }
  variable.value = value.string();
  variable.known = true;
  variable.trailing_newline = variable.value.ends_with("\n");
}

}  // namespace

std::vector<Variable> variables_of(Patient& patient, const ContainerFacts& container) {
  std::vector<Variable> out;
  std::size_t index = 0;
  for (Node from : container.spec.node["envFrom"].items()) {
    std::string path = container.spec_path + ".envFrom[" + std::to_string(index++) + "]";
    bool secret = from.has("secretRef");
    std::string name(from[secret ? "secretRef" : "configMapRef"]["name"].string());
    std::string prefix(from["prefix"].string());
    Node object = patient.cluster.get(secret ? "secrets" : "configmaps", patient.namespace_, name);
    for (const document::Member& entry : object["data"].members()) {
      Variable variable;
      variable.name = prefix + std::string(entry.key);
      variable.path = path;
      variable.object = std::string(secret ? "Secret/" : "ConfigMap/") + name;
      variable.source = variable.object + " key " + std::string(entry.key);
      take(variable, object, entry.key, secret);
      out.push_back(std::move(variable));
    }
  }
  index = 0;
  for (Node env : container.spec.node["env"].items()) {
    Variable variable;
    variable.name = env["name"].string();
    variable.path = container.spec_path + ".env[" + std::to_string(index++) + "]";
    Node from = env["valueFrom"];
    if (!from) {
      variable.value = env["value"].text();
      variable.known = true;
    }
    for (const char* kind : {"configMapKeyRef", "secretKeyRef"}) {
      Node reference = from[kind];
      if (!reference) {
        continue;
      }
      bool secret = std::string_view(kind) == "secretKeyRef";
      std::string name(reference["name"].string());
      std::string key(reference["key"].string());
      variable.object = std::string(secret ? "Secret/" : "ConfigMap/") + name;
      variable.source = variable.object + " key " + key;
      take(variable, patient.cluster.get(secret ? "secrets" : "configmaps", patient.namespace_, name), key, secret);
    }
    out.push_back(std::move(variable));
  }
  return out;
}

std::vector<Mounted> mounts_of(Patient& patient, const ContainerFacts& container) {
  std::vector<Mounted> out;
  std::size_t index = 0;
  for (Node mount : container.spec.node["volumeMounts"].items()) {
    Mounted one;
    one.mount = mount;
    one.path = container.spec_path + ".volumeMounts[" + std::to_string(index++) + "]";
    one.mount_path = mount["mountPath"].string();
    while (one.mount_path.size() > 1 && one.mount_path.ends_with("/")) {
      one.mount_path.pop_back();
    }
    one.volume_name = mount["name"].string();
    one.read_only = mount["readOnly"].boolean().value_or(false);
    for (Node volume : patient.pod["spec"]["volumes"].items()) {
      if (volume["name"].string() != one.volume_name) {
        continue;
      }
      one.volume = volume;
      for (const document::Member& member : volume.members()) {
        if (member.key != "name") {
          one.kind = member.key;
        }
      }
      Node source = volume[one.kind];
      bool secret = one.kind == "secret";
      if (secret || one.kind == "configMap") {
        std::string name(secret ? source["secretName"].string() : source["name"].string());
        one.object = (secret ? "Secret/" : "ConfigMap/") + name;
        Node object = patient.cluster.get(secret ? "secrets" : "configmaps", patient.namespace_, name);
        if (source["items"].size() > 0) {
          for (Node item : source["items"].items()) {
            one.files.emplace_back(item["path"].string());
          }
        } else {
          for (const char* data : {"data", "binaryData"}) {
            for (const document::Member& entry : object[data].members()) {
              one.files.emplace_back(entry.key);
            }
          }
        }
      } else if (one.kind == "persistentVolumeClaim") {
        one.object = "PersistentVolumeClaim/" + std::string(source["claimName"].string());
        one.read_only = one.read_only || source["readOnly"].boolean().value_or(false);
      }
      one.read_only =
          one.read_only || secret || one.kind == "configMap" || one.kind == "projected" || one.kind == "downwardAPI";
    }
    out.push_back(std::move(one));
  }
  return out;
}

Mounted mounted_at(Patient& patient, const ContainerFacts& container, std::string_view path) {
  Mounted best;
  for (Mounted& one : mounts_of(patient, container)) {
    std::string_view where = one.mount_path;
    bool covers =
        path == where || where == "/" || (path.starts_with(where) && path.substr(where.size()).starts_with("/"));
    if (covers && where.size() > best.mount_path.size()) {
      best = std::move(one);
    }
  }
  return best;
}

std::string run_as_user(Patient& patient, const ContainerFacts& container) {
  (void)patient;
  auto user = kube::security_context(container.spec).run_as_user.value;
  return user ? std::to_string(*user) : "";
}

}  // namespace podcheck::live
