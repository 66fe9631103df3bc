// The server's rules for a pod's spec, shared by Pods and every template. k8s.io/kubernetes pkg/apis/core/validation
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "lint/invalid/faults.hpp"

namespace podcheck::lint::invalid {

// What the pieces of one pod refer to.
struct PodContext {
  Node metadata;  // of the pod or its template; may be missing
  Node spec;
  bool is_pod = false;  // a bare Pod, not a template
  // Volumes by name, the claim templates of a StatefulSet among them.
  std::map<std::string_view, Node> volumes;
  std::set<std::string_view> claim_templates;
  std::set<std::string_view> resource_claims;
  bool windows = false;
};

struct ContainerPlace {
  Node node;
  bool init = false;
  bool restarts = false;  // a sidecar: an init container with restartPolicy Always
};

// `claim_templates`: names of a StatefulSet's volumeClaimTemplates, which containers mount like volumes.
void check_pod(Faults& faults, Node metadata, Node spec, bool is_pod,
               const std::set<std::string_view>& claim_templates = {});

void check_volumes(Faults& faults, PodContext& pod);
void check_containers(Faults& faults, const PodContext& pod);
void check_env(Faults& faults, const PodContext& pod, Node container);
void check_container_resources(Faults& faults, const PodContext& pod, Node container);
void check_pod_resources(Faults& faults, const PodContext& pod);
void check_resource_map(Faults& faults, Node list);  // overhead
void check_probes(Faults& faults, const PodContext& pod, const ContainerPlace& container);
void check_mounts(Faults& faults, const PodContext& pod, Node container);
void check_container_security(Faults& faults, const PodContext& pod, Node container);
void check_pod_security(Faults& faults, const PodContext& pod);
void check_operating_system(Faults& faults, const PodContext& pod);
void check_affinity(Faults& faults, Node affinity);
void check_node_selector_term(Faults& faults, Node term);
void check_tolerations(Faults& faults, Node tolerations);
void check_topology_spread(Faults& faults, Node constraints);
void check_dns(Faults& faults, const PodContext& pod);

// metadata.name and the like of a downward API reference. `in_volume`: labels and annotations as a whole are allowed.
void check_field_ref(Faults& faults, Node ref, bool in_volume);
void check_resource_field_ref(Faults& faults, Node ref, bool in_volume);

// spec of a claim, also in templates.
void check_claim_spec(Faults& faults, Node holder, Node spec);

}  // namespace podcheck::lint::invalid
