// Who refers to whom: every field of an object that names another object, and every object that one brings about.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"
#include "kube/object.hpp"

namespace podcheck::kube {

// How a reference is made, as far as it matters for what happens when it cannot be resolved.
enum class ReferenceUse : std::uint8_t {
  env,                // env[].valueFrom
  env_from,           // envFrom[]
  volume,             // volumes[].configMap, .secret
  projected,          // volumes[].projected.sources[]
  mount_secret,       // credentials of a volume driver
  claim,              // volumes[].persistentVolumeClaim
  pull_secret,        // imagePullSecrets[]
  pod_field,          // serviceAccountName, priorityClassName, runtimeClassName, resourceClaims[]
  storage_class,      // storageClassName of a claim, a template or an ephemeral volume
  governing_service,  // StatefulSet.spec.serviceName
  backend,            // Ingress, routes
  tls,                // Ingress.spec.tls[], Gateway certificateRefs
  scale_target,       // HorizontalPodAutoscaler, VerticalPodAutoscaler, ScaledObject
  role,               // roleRef of a binding
  subject,            // subjects[] of a binding
  webhook,            // clientConfig.service of a webhook, an APIService or a CRD conversion
  other,
};

struct Reference {
  ReferenceUse use = ReferenceUse::other;
  std::string_view kind;  // of the object referred to
  std::string_view name;
  std::string_view namespace_;  // when the field names one; empty: that of the referring object, or cluster-scoped
  std::string_view key;         // a key of the ConfigMap or Secret; empty: the object as a whole
  bool optional = false;        // nothing fails when it is absent
  document::Node at;            // the name
  document::Node key_at;        // the key; missing without one
  std::string_view container;   // env and envFrom: the container's name
  document::Node port;          // backend and webhook: port number or name; may be missing
};

// In the order of the fields. References with an empty name are left out.
std::vector<Reference> references(const Object& object);
std::vector<Reference> references(const Object& object, const std::vector<PodTemplate>& pods);  // pods: of the object
std::vector<Reference> pod_references(const PodTemplate& pod);

// An object that exists once this one is applied: itself, or one that a controller derives from it
// (ExternalSecret -> Secret, Certificate -> Secret, ...).
struct Definition {
  std::string_view kind;
  std::string_view name;
  std::string_view namespace_;   // empty: that of the object, or cluster-scoped
  bool derived = false;          // made by a controller: its keys are unknown
  bool prefix = false;           // the name is the beginning of several names
  bool every_namespace = false;  // copied into namespaces that are not told here
};
std::vector<Definition> definitions(const Object& object);

// Keys of a ConfigMap or Secret: data, binaryData and stringData.
std::vector<std::string_view> data_keys(const Object& object);
document::Node data_member(const Object& object, std::string_view key);

// Names that every cluster has without anybody applying them: ServiceAccount default, ConfigMap kube-root-ca.crt,
// PriorityClass system-node-critical, the bootstrap ClusterRoles, Namespace default, ...
bool exists_in_every_cluster(std::string_view kind, std::string_view name);

// The kinds without a namespace, of Kubernetes itself and of well-known extensions.
bool is_cluster_scoped(std::string_view kind);

// Whether `candidate` is `name` with the content hash that kustomize's generators append ("web-config-7k2h5tbf9d").
bool is_hashed_name(std::string_view candidate, std::string_view name);

// Whether one of the names is likely a slip of the other: one differing word, by one typing error. Names that differ
// in digits or in short words (db-a, db-b) are not.
bool is_near_miss(std::string_view a, std::string_view b);

// Whether the names share their words but for one that is left out or abbreviated: orders-data and orders-db-data,
// gateway-conf and gateway-config. Too weak by itself; proof where one is missing and the other is of no use to
// anybody.
bool is_related_name(std::string_view a, std::string_view b);

}  // namespace podcheck::kube
