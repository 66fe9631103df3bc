// What checks across objects share: the pods of a namespace, and facts about who makes them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kube/effective.hpp"
#include "kube/object.hpp"
#include "lint/bundle.hpp"
#include "lint/settings.hpp"

namespace podcheck::lint {

// A pod template and the object that makes pods from it.
struct PodOf {
  const BundleObject* object = nullptr;
  const kube::PodTemplate* pod = nullptr;
  document::Node labels() const { return pod->metadata["labels"]; }
};

using PodsByNamespace = std::map<std::string_view, std::vector<PodOf>>;
const std::vector<PodOf>& pods_in(const PodsByNamespace& pods, std::string_view namespace_);

// The pods of a Bundle (bundle.index<PodIndex>()); finds those that a selector takes without looking at all of them.
class PodIndex {
 public:
  explicit PodIndex(const Bundle& bundle);
  const PodsByNamespace& all() const { return pods_; }
  const std::vector<PodOf>& in(std::string_view namespace_) const { return pods_in(pods_, namespace_); }
  // Of a Service's spec.selector; in input order.
  std::vector<const PodOf*> for_service(std::string_view namespace_, document::Node selector) const;
  // Of a LabelSelector.
  std::vector<const PodOf*> for_selector(std::string_view namespace_, document::Node selector) const;

 private:
  PodsByNamespace pods_;
  std::unordered_map<std::string, std::vector<const PodOf*>> by_label_;
  std::vector<const PodOf*> candidates(std::string_view namespace_, document::Node labels) const;
};

// Run once around an installation or upgrade, not as part of the application: Helm and Argo CD hooks, Helm tests.
bool is_hook(const kube::Object& object);
// Deployment, StatefulSet, ReplicaSet, ReplicationController: have spec.replicas.
bool has_replicas(const kube::Object& object);
std::int64_t replicas_of(const kube::Object& object);  // 1 when not given

// The HorizontalPodAutoscaler of the bundle that scales the object; it owns the number of replicas.
const BundleObject* autoscaler_of(const Bundle& bundle, const BundleObject& object);
// The number of replicas that is always there: the autoscaler's minimum, else the object's own.
std::int64_t least_replicas(const Bundle& bundle, const BundleObject& object);
std::int64_t most_replicas(const Bundle& bundle, const BundleObject& object);

// The container's own security field, else the pod's.
document::Node effective_security(const kube::Container& container, std::string_view field);
bool is_windows(const kube::Container& container);

// Whether two objects are applied to one namespace together, rather than lying beside each other as alternatives or
// examples: in one file, or with their namespace written out, or all of a closed bundle.
bool belong_together(const Settings& settings, const BundleObject& a, const BundleObject& b);

// "Deployment/web"
std::string title(const BundleObject& object);

}  // namespace podcheck::lint
