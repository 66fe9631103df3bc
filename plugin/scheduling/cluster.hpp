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
      csi_capacities, priority_classes, runtime_classes;
};

class Cluster {
 public:
  explicit Cluster(const Objects& objects);

  const std::vector<NodeInfo>& nodes() const { return nodes_; }
  const std::vector<PodInfo>& pods() const { return pods_; }
  const NodeInfo* node(std::string_view name) const;
  int node_index(std::string_view name) const;  // -1 when there is none

  // Pods with required anti-affinity, which can refuse a newcomer.
  const std::vector<std::uint32_t>& pods_with_anti_affinity() const { return anti_affinity_; }
  // Pods on some node that use a claim.
  const std::vector<std::uint32_t>& pods_with_claim(std::string_view namespace_, std::string_view name) const;

  // Missing nodes when there is no such object.
  document::Node namespace_labels(std::string_view name) const;
  document::Node claim(std::string_view namespace_, std::string_view name) const;
  document::Node volume(std::string_view name) const;
  document::Node storage_class(std::string_view name) const;
  document::Node csi_node(std::string_view node) const;
  document::Node csi_driver(std::string_view name) const;
  document::Node priority_class(std::string_view name) const;
  document::Node runtime_class(std::string_view name) const;
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
  std::vector<std::uint32_t> anti_affinity_;
  std::unordered_map<std::string_view, int> node_by_name_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> pods_by_claim_;
  std::unordered_map<std::string, document::Node> claims_;
  Index namespaces_, volumes_, storage_classes_, csi_nodes_, csi_drivers_, priority_classes_, runtime_classes_;

  void add_pod(document::Node pod, int node);
};

// Everything of a pod that filters compare; `node` stays -1.
PodInfo pod_info(document::Node pod);

}  // namespace podcheck::scheduling
