#include "lint/checks/pods.hpp"

#include "kube/selector.hpp"

namespace podcheck::lint {

using document::Node;

const std::vector<PodOf>& pods_in(const PodsByNamespace& pods, std::string_view namespace_) {
  static const std::vector<PodOf> none;
  const auto found = pods.find(namespace_);
  return found == pods.end() ? none : found->second;
}

namespace {

std::string label_key(std::string_view namespace_, std::string_view key, const std::string& value) {
  return std::string(namespace_) + '\n' + std::string(key) + '=' + value;
}

}  // namespace

PodIndex::PodIndex(const Bundle& bundle) {
  for (const BundleObject& object : bundle.objects())
    for (const kube::PodTemplate& pod : object.pods)
      pods_[object.namespace_].push_back({&object, &pod});
  for (const auto& [namespace_, list] : pods_)
    for (const PodOf& pod : list)
      for (const document::Member& label : pod.labels().members())
        by_label_[label_key(namespace_, label.key, label.value.text())].push_back(&pod);
}

// A superset of what the labels select: those with the rarest of them.
std::vector<const PodOf*> PodIndex::candidates(std::string_view namespace_, Node labels) const {
  const std::vector<const PodOf*>* fewest = nullptr;
  for (const document::Member& label : labels.members()) {
    const auto found = by_label_.find(label_key(namespace_, label.key, label.value.text()));
    if (found == by_label_.end())
      return {};
    if (fewest == nullptr || found->second.size() < fewest->size())
      fewest = &found->second;
  }
  if (fewest != nullptr)
    return *fewest;
  std::vector<const PodOf*> all;
  for (const PodOf& pod : in(namespace_))
    all.push_back(&pod);
  return all;
}

std::vector<const PodOf*> PodIndex::for_service(std::string_view namespace_, Node selector) const {
  std::vector<const PodOf*> out = candidates(namespace_, selector);
  std::erase_if(out, [&](const PodOf* pod) { return !kube::service_matches(selector, pod->labels()); });
  return out;
}

std::vector<const PodOf*> PodIndex::for_selector(std::string_view namespace_, Node selector) const {
  std::vector<const PodOf*> out = candidates(namespace_, selector["matchLabels"]);
  std::erase_if(out, [&](const PodOf* pod) { return !kube::matches(selector, pod->labels()); });
  return out;
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
