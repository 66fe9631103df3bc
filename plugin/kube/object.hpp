// What a document means to Kubernetes: which object it is, and where its pods come from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"

namespace podcheck::kube {

// A Kubernetes object: a mapping with apiVersion and kind. Views point into the tree.
struct Object {
  document::Node root;
  std::string_view api_version;  // "apps/v1"
  std::string_view group;        // "apps"; empty for the core group
  std::string_view version;      // "v1"
  std::string_view kind;
  std::string_view name;  // metadata.name, or generateName
  std::string_view namespace_;
};

// nullopt when the node is no mapping or lacks apiVersion or kind as strings.
std::optional<Object> as_object(document::Node root);
// The items of `kind: List` (and any *List with items), else the object itself.
std::vector<document::Node> flatten(document::Node root);

enum class ContainerRole : std::uint8_t { app, init, sidecar, ephemeral };  // sidecar: init with restartPolicy Always

struct Container {
  document::Node node;
  document::Node pod_spec;
  std::string_view name;
  ContainerRole role = ContainerRole::app;
  std::size_t index = 0;  // in its own list
};

// The pod that an object makes: its own spec, or a template somewhere below.
struct PodTemplate {
  document::Node metadata;  // of the template; may be missing
  document::Node spec;
  std::vector<Container> containers;  // init and sidecars first, in start order, then app, then ephemeral
};

// Pod templates of every workload kind: Pod, Deployment, ReplicaSet, ReplicationController, StatefulSet, DaemonSet,
// Job, CronJob, PodTemplate; in any other group's kinds (Rollout, Knative Service, ScaledJob, …) every `template` or
// `…Template` whose spec.containers all have an image is found by shape. Lists without images are patches that an
// operator merges into pods of its own and are no templates.
std::vector<PodTemplate> pod_templates(const Object& object);
PodTemplate pod_template_at(document::Node metadata, document::Node spec);

bool is_workload(const Object& object);  // has a pod template

}  // namespace podcheck::kube
