#include "kube/references.hpp"

#include <algorithm>
#include <array>

namespace podcheck::kube {
namespace {

using document::Node;

class Collector {
 public:
  explicit Collector(std::vector<Reference>& out) : out_(out) {}

  Reference* add(ReferenceUse use, std::string_view kind, Node name, bool optional = false) {
    if (!name.is_string() || name.string().empty())
      return nullptr;
    Reference reference;
    reference.use = use;
    reference.kind = kind;
    reference.name = name.string();
    reference.optional = optional;
    reference.at = name;
    out_.push_back(reference);
    return &out_.back();
  }

  void key(ReferenceUse use, std::string_view kind, Node name, Node key, bool optional, std::string_view container) {
    Reference* reference = add(use, kind, name, optional);
    if (reference == nullptr)
      return;
    reference->container = container;
    if (key.is_string()) {
      reference->key = key.string();
      reference->key_at = key;
    }
  }

  // A volume source that shows a ConfigMap or Secret as files; one reference a selected key.
  void files(ReferenceUse use, std::string_view kind, Node source, Node name) {
    const bool optional = source["optional"].boolean().value_or(false);
    if (add(use, kind, name, optional) == nullptr)
      return;
    for (Node item : source["items"].items())
      key(use, kind, name, item["key"], optional, {});
  }

 private:
  std::vector<Reference>& out_;
};

bool is_optional(Node selector) {
  return selector["optional"].boolean().value_or(false);
}

void container_references(const Container& container, Collector& out) {
  for (Node variable : container.node["env"].items()) {
    const Node from = variable["valueFrom"];
    if (const Node ref = from["configMapKeyRef"])
      out.key(ReferenceUse::env, "ConfigMap", ref["name"], ref["key"], is_optional(ref), container.name);
    if (const Node ref = from["secretKeyRef"])
      out.key(ReferenceUse::env, "Secret", ref["name"], ref["key"], is_optional(ref), container.name);
  }
  for (Node source : container.node["envFrom"].items()) {
    if (const Node ref = source["configMapRef"])
      out.key(ReferenceUse::env_from, "ConfigMap", ref["name"], {}, is_optional(ref), container.name);
    if (const Node ref = source["secretRef"])
      out.key(ReferenceUse::env_from, "Secret", ref["name"], {}, is_optional(ref), container.name);
  }
}

void volume_references(Node volume, Collector& out) {
  if (const Node source = volume["configMap"])
    out.files(ReferenceUse::volume, "ConfigMap", source, source["name"]);
  if (const Node source = volume["secret"])
    out.files(ReferenceUse::volume, "Secret", source, source["secretName"]);
  for (Node source : volume["projected"]["sources"].items()) {
    if (const Node map = source["configMap"])
      out.files(ReferenceUse::projected, "ConfigMap", map, map["name"]);
    if (const Node secret = source["secret"])
      out.files(ReferenceUse::projected, "Secret", secret, secret["name"]);
  }
  out.add(ReferenceUse::claim, "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]);
  out.add(ReferenceUse::storage_class, "StorageClass",
          volume["ephemeral"]["volumeClaimTemplate"]["spec"]["storageClassName"]);
  out.add(ReferenceUse::mount_secret, "Secret", volume["csi"]["nodePublishSecretRef"]["name"]);
  out.add(ReferenceUse::mount_secret, "Secret", volume["azureFile"]["secretName"]);
  for (const char* driver : {"cephfs", "rbd", "iscsi", "flexVolume", "scaleIO", "storageos", "cinder"})
    out.add(ReferenceUse::mount_secret, "Secret", volume[driver]["secretRef"]["name"]);
}

void pod_fields(const PodTemplate& pod, Collector& out) {
  const Node spec = pod.spec;
  const Node account = spec["serviceAccountName"] ? spec["serviceAccountName"] : spec["serviceAccount"];
  out.add(ReferenceUse::pod_field, "ServiceAccount", account);
  out.add(ReferenceUse::pod_field, "PriorityClass", spec["priorityClassName"]);
  out.add(ReferenceUse::pod_field, "RuntimeClass", spec["runtimeClassName"]);
  for (Node secret : spec["imagePullSecrets"].items())
    out.add(ReferenceUse::pull_secret, "Secret", secret["name"]);
  for (Node claim : spec["resourceClaims"].items()) {
    out.add(ReferenceUse::pod_field, "ResourceClaim", claim["resourceClaimName"]);
    out.add(ReferenceUse::pod_field, "ResourceClaimTemplate", claim["resourceClaimTemplateName"]);
  }
}

void collect_pod(const PodTemplate& pod, Collector& out) {
  for (const Container& container : pod.containers)
    container_references(container, out);
  for (Node volume : pod.spec["volumes"].items())
    volume_references(volume, out);
  pod_fields(pod, out);
}

void ingress_references(Node spec, Collector& out) {
  const auto backend = [&out](Node node) {
    // networking.k8s.io/v1, then the form of v1beta1.
    const Node service = node["service"];
    if (Reference* r = out.add(ReferenceUse::backend, "Service", service ? service["name"] : node["serviceName"]))
      r->port = service ? (service["port"]["name"] ? service["port"]["name"] : service["port"]["number"])
                        : node["servicePort"];
  };
  backend(spec["defaultBackend"]);
  backend(spec["backend"]);
  for (Node rule : spec["rules"].items())
    for (Node path : rule["http"]["paths"].items())
      backend(path["backend"]);
  for (Node tls : spec["tls"].items())
    out.add(ReferenceUse::tls, "Secret", tls["secretName"]);
  out.add(ReferenceUse::other, "IngressClass", spec["ingressClassName"]);
}

void route_backend(Node ref, Collector& out) {
  const std::string_view kind = ref["kind"].string("Service");
  if (kind != "Service" || !ref["group"].string().empty())
    return;
  if (Reference* r = out.add(ReferenceUse::backend, "Service", ref["name"])) {
    r->namespace_ = ref["namespace"].string();
    r->port = ref["port"];
  }
}

void route_references(Node spec, Collector& out) {
  for (Node parent : spec["parentRefs"].items())
    if (parent["kind"].string("Gateway") == "Gateway")
      if (Reference* r = out.add(ReferenceUse::other, "Gateway", parent["name"]))
        r->namespace_ = parent["namespace"].string();
  for (Node rule : spec["rules"].items()) {
    for (Node ref : rule["backendRefs"].items())
      route_backend(ref, out);
    for (Node filter : rule["filters"].items())
      route_backend(filter["requestMirror"]["backendRef"], out);
  }
}

void gateway_references(Node spec, Collector& out) {
  out.add(ReferenceUse::other, "GatewayClass", spec["gatewayClassName"]);
  for (Node listener : spec["listeners"].items())
    for (Node ref : listener["tls"]["certificateRefs"].items())
      if (ref["kind"].string("Secret") == "Secret")
        if (Reference* r = out.add(ReferenceUse::tls, "Secret", ref["name"]))
          r->namespace_ = ref["namespace"].string();
}

void binding_references(Node root, Collector& out) {
  const Node role = root["roleRef"];
  const std::string_view kind = role["kind"].string();
  if (kind == "Role" || kind == "ClusterRole")
    out.add(ReferenceUse::role, kind, role["name"]);
  for (Node subject : root["subjects"].items())
    if (subject["kind"].string() == "ServiceAccount")
      if (Reference* r = out.add(ReferenceUse::subject, "ServiceAccount", subject["name"]))
        r->namespace_ = subject["namespace"].string();
}

void service_reference(Node service, Collector& out) {
  if (Reference* r = out.add(ReferenceUse::webhook, "Service", service["name"])) {
    r->namespace_ = service["namespace"].string();
    r->port = service["port"];
  }
}

void scale_target(Node ref, Collector& out) {
  if (ref["kind"].is_string())
    out.add(ReferenceUse::scale_target, ref["kind"].string(), ref["name"]);
}

void object_fields(const Object& object, Collector& out) {
  const Node spec = object.root["spec"];
  const std::string_view kind = object.kind;
  if (kind == "StatefulSet") {
    out.add(ReferenceUse::governing_service, "Service", spec["serviceName"]);
    for (Node claim : spec["volumeClaimTemplates"].items())
      out.add(ReferenceUse::storage_class, "StorageClass", claim["spec"]["storageClassName"]);
  } else if (kind == "PersistentVolumeClaim") {
    out.add(ReferenceUse::storage_class, "StorageClass", spec["storageClassName"]);
  } else if (kind == "ServiceAccount") {
    for (Node secret : object.root["imagePullSecrets"].items())
      out.add(ReferenceUse::pull_secret, "Secret", secret["name"], true);
  } else if (kind == "Ingress") {
    ingress_references(spec, out);
  } else if (kind == "HTTPRoute" || kind == "GRPCRoute" || kind == "TCPRoute" || kind == "TLSRoute" ||
             kind == "UDPRoute") {
    route_references(spec, out);
  } else if (kind == "Gateway" && object.group == "gateway.networking.k8s.io") {
    gateway_references(spec, out);
  } else if (kind == "RoleBinding" || kind == "ClusterRoleBinding") {
    binding_references(object.root, out);
  } else if (kind == "HorizontalPodAutoscaler") {
    scale_target(spec["scaleTargetRef"], out);
  } else if (kind == "VerticalPodAutoscaler") {
    scale_target(spec["targetRef"], out);
  } else if (kind == "ValidatingWebhookConfiguration" || kind == "MutatingWebhookConfiguration") {
    for (Node hook : object.root["webhooks"].items())
      service_reference(hook["clientConfig"]["service"], out);
  } else if (kind == "APIService") {
    service_reference(spec["service"], out);
  } else if (kind == "CustomResourceDefinition") {
    service_reference(spec["conversion"]["webhook"]["clientConfig"]["service"], out);
  }
}

}  // namespace

std::vector<Reference> pod_references(const PodTemplate& pod) {
  std::vector<Reference> found;
  Collector out(found);
  collect_pod(pod, out);
  return found;
}

std::vector<Reference> references(const Object& object, const std::vector<PodTemplate>& pods) {
  std::vector<Reference> found;
  Collector out(found);
  object_fields(object, out);
  for (const PodTemplate& pod : pods)
    collect_pod(pod, out);
  return found;
}

std::vector<Reference> references(const Object& object) {
  return references(object, pod_templates(object));
}

std::vector<std::string_view> data_keys(const Object& object) {
  std::vector<std::string_view> keys;
  for (const char* field : {"data", "binaryData", "stringData"})
    for (const document::Member& member : object.root[field].members())
      keys.push_back(member.key);
  return keys;
}

Node data_member(const Object& object, std::string_view key) {
  for (const char* field : {"stringData", "data", "binaryData"})
    if (const Node value = object.root[field][key])
      return value;
  return {};
}

}  // namespace podcheck::kube
