// Nodes and pods as the filters see them: prepared once, so that a filter costs a few look-ups a node.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"
#include "kube/selector.hpp"
#include "scheduling/resources.hpp"

namespace podcheck::scheduling {

struct HostPort {
  std::string_view ip;        // "0.0.0.0" when none was given
  std::string_view protocol;  // "TCP" when none was given
  std::int64_t port = 0;
  bool conflicts_with(const HostPort& other) const;
};

struct Taint {
  std::string_view key, value, effect;
  document::Node node;
};

struct Toleration {
  std::string_view key, op, value, effect;
  bool tolerates(const Taint& taint) const;
};

// One required (anti-)affinity term, its namespaces and label keys resolved for the pod that carries it.
struct AffinityTerm {
  std::string_view topology_key;
  std::optional<kube::Selector> selector;  // none: matches nothing
  std::vector<std::string_view> namespaces;
  std::optional<kube::Selector> namespace_selector;  // none: only `namespaces`
  document::Node node;
};

using AffinityTerms = std::vector<AffinityTerm>;

// A claim that a pod's volume uses; a generic ephemeral volume's is named POD-VOLUME and owned by the pod.
struct ClaimUse {
  std::string name;
  bool ephemeral = false;
  document::Node volume;
};

// A pod that runs, or one that is to run.
struct PodInfo {
  document::Node object;
  std::string_view name, namespace_;
  document::Node labels;
  int node = -1;            // index in Cluster::nodes; -1 when unbound or on a node that is not there
  std::uint32_t group = 0;  // index in Cluster::groups, of a pod that the cluster holds
  std::int32_t priority = 0;
  bool terminating = false;
  Resources requests;
  std::vector<HostPort> ports;
  std::shared_ptr<const AffinityTerms> anti_affinity;  // required terms; nullptr when there are none
  std::vector<ClaimUse> claims;
};

struct NodeInfo {
  document::Node object;
  std::string_view name;
  document::Node labels;
  std::vector<Taint> taints;  // without PreferNoSchedule, which refuses nobody
  bool unschedulable = false;
  Resources allocatable;
  bool has_allocatable = false;     // false: the node reports no amounts at all
  Resources used;                   // what its pods request
  std::vector<std::uint32_t> pods;  // indices in Cluster::pods
  // Of these, the ones with host ports and with claims.
  std::vector<std::uint32_t> with_ports, with_claims;
  // Pods that preemption has nominated for this node and that are not bound yet; not among `pods`.
  std::vector<std::uint32_t> nominated;

  // The value of a label; nothing when absent.
  std::optional<std::string_view> label(std::string_view key) const;
};

std::vector<HostPort> host_ports_of(document::Node pod);
std::vector<Toleration> tolerations_of(document::Node pod);
std::vector<ClaimUse> claims_of(document::Node pod);
// kind: "podAffinity" or "podAntiAffinity".
AffinityTerms required_terms(document::Node pod, std::string_view kind);

// Requirements against labels without copying; the same answer as Selector::matches.
bool selects(const kube::Selector& selector, document::Node labels);
// Adds "key in (value)" or, excluding, "key notin (value)" for every listed key that the pod's labels have.
void merge_label_keys(document::Node keys, document::Node labels, bool excluding, kube::Selector& selector);

}  // namespace podcheck::scheduling
