#include "lint/checks/pods.hpp"

namespace podcheck::lint {

using document::Node;

PodsByNamespace pods_by_namespace(const Bundle& bundle) {
  PodsByNamespace out;
  for (const BundleObject& object : bundle.objects())
    for (const kube::PodTemplate& pod : object.pods)
      out[object.namespace_].push_back({&object, &pod});
  return out;
}

const std::vector<PodOf>& pods_in(const PodsByNamespace& pods, std::string_view namespace_) {
  static const std::vector<PodOf> none;
  const auto found = pods.find(namespace_);
  return found == pods.end() ? none : found->second;
}

bool is_hook(const kube::Object& object) {
  const Node annotations = object.root["metadata"]["annotations"];
  return annotations.has("helm.sh/hook") || annotations.has("argocd.argoproj.io/hook");
}

bool has_replicas(const kube::Object& object) {
  return object.kind == "Deployment" || object.kind == "StatefulSet" || object.kind == "ReplicaSet" ||
         object.kind == "ReplicationController";
}

std::int64_t replicas_of(const kube::Object& object) {
  return object.root["spec"]["replicas"].integer().value_or(1);
}

const BundleObject* autoscaler_of(const Bundle& bundle, const BundleObject& object) {
  for (const BundleObject* scaler : bundle.of_kind("HorizontalPodAutoscaler", object.namespace_)) {
    const Node target = scaler->object.root["spec"]["scaleTargetRef"];
    if (target["kind"].string() == object.object.kind && target["name"].string() == object.object.name)
      return scaler;
  }
  return nullptr;
}

std::int64_t least_replicas(const Bundle& bundle, const BundleObject& object) {
  if (const BundleObject* scaler = autoscaler_of(bundle, object))
    return scaler->object.root["spec"]["minReplicas"].integer().value_or(1);
  return replicas_of(object.object);
}

std::int64_t most_replicas(const Bundle& bundle, const BundleObject& object) {
  if (const BundleObject* scaler = autoscaler_of(bundle, object))
    return scaler->object.root["spec"]["maxReplicas"].integer().value_or(replicas_of(object.object));
  return replicas_of(object.object);
}

Node effective_security(const kube::Container& container, std::string_view field) {
  const Node own = container.node["securityContext"][field];
  return own && !own.is_null() ? own : container.pod_spec["securityContext"][field];
}

bool is_windows(const kube::Container& container) {
  return container.pod_spec["os"]["name"].string() == "windows" ||
         container.pod_spec["nodeSelector"]["kubernetes.io/os"].string() == "windows";
}

bool belong_together(const Settings& settings, const BundleObject& a, const BundleObject& b) {
  if (a.namespace_ != b.namespace_)
    return false;
  return settings.closed_bundle || a.file == b.file || (!a.object.namespace_.empty() && !b.object.namespace_.empty());
}

std::string title(const BundleObject& object) {
  return std::string(object.object.kind) + "/" + std::string(object.object.name);
}

}  // namespace podcheck::lint
