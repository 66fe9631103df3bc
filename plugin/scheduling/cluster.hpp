// The cluster as the scheduler caches it: indices over Objects, prepared once, in time linear in nodes and pods.
#pragma once

#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document/node.hpp"
#include "scheduling/model.hpp"

namespace podcheck::scheduling {

// The objects of a cluster that bear on placement. Nodes point into trees that must outlive it.
struct Objects {
  std::vector<document::Node> nodes, pods, namespaces, volumes, claims, storage_classes, csi_nodes, csi_drivers,
      csi_capacities, priority_classes, runtime_classes, disruption_budgets, volume_attachments, resource_claims,
      device_classes;
  bool resource_claims_known = false;  // resource_claims and device_classes were read: what is not there is missing
};

// Pods of one namespace with the same labels: no selector tells them apart.
struct PodGroup {
  std::string_view namespace_;
  document::Node labels;
};

// The part of a pod that is counted over the whole cluster, kept close together.
struct PlacedPod {
  std::int32_t node = -1;
  std::uint32_t group = 0;
  bool terminating = false;
};

class Cluster {
 public:
  explicit Cluster(const Objects& objects);

  const std::vector<NodeInfo>& nodes() const { return nodes_; }
  const std::vector<PodInfo>& pods() const { return pods_; }
  // By the same index as pods(); node is -1 for pods that were removed.
  const std::vector<PlacedPod>& placed() const { return placed_; }
  const std::vector<PodGroup>& groups() const { return groups_; }
  const NodeInfo* node(std::string_view name) const;
  int node_index(std::string_view name) const;  // -1 when there is none

  // Pods with required anti-affinity, which can refuse a newcomer.
  const std::vector<std::uint32_t>& pods_with_anti_affinity() const { return anti_affinity_; }
  // Pods on some node that use a claim.
  const std::vector<std::uint32_t>& pods_with_claim(std::string_view namespace_, std::string_view name) const;

  // Missing nodes when there is no such object.
  document::Node namespace_object(std::string_view name) const;
  document::Node claim(std::string_view namespace_, std::string_view name) const;
  document::Node volume(std::string_view name) const;
  document::Node storage_class(std::string_view name) const;
  document::Node csi_node(std::string_view node) const;
  document::Node csi_driver(std::string_view name) const;
  document::Node priority_class(std::string_view name) const;
  document::Node runtime_class(std::string_view name) const;
  document::Node resource_claim(std::string_view namespace_, std::string_view name) const;
  document::Node device_class(std::string_view name) const;
  const Objects& objects() const { return objects_; }

  // Counts a pod on a node from now on, as if the scheduler had bound it. Its tree must outlive the cluster.
  void place(document::Node pod, std::size_t node);
  // Takes a pod of the cluster away (its index stays): for rollouts and what-if questions.
  void remove(std::uint32_t pod);

 private:
  using Index = std::unordered_map<std::string_view, document::Node>;
  Objects objects_;
  std::vector<NodeInfo> nodes_;
  std::vector<PodInfo> pods_;
  std::vector<PlacedPod> placed_;
  std::vector<PodGroup> groups_;
  std::unordered_map<std::string, std::uint32_t> group_by_labels_;
  std::unordered_map<std::string, std::shared_ptr<const AffinityTerms>> terms_;  // of groups, by what is written
  std::vector<std::uint32_t> anti_affinity_;
  std::unordered_map<std::string_view, int> node_by_name_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> pods_by_claim_;
  std::unordered_map<std::string, document::Node> claims_, resource_claims_;
  Index namespaces_, volumes_, storage_classes_, csi_nodes_, csi_drivers_, priority_classes_, runtime_classes_,
      device_classes_;

  void add_pod(PodInfo pod, int node);
  std::uint32_t group_of(const PodInfo& pod);
  std::shared_ptr<const AffinityTerms> shared_terms(const PodInfo& pod);
};

// Everything of a pod that filters compare, but for anti-affinity; `node` stays -1.
PodInfo pod_info(document::Node pod);

}  // namespace podcheck::scheduling
