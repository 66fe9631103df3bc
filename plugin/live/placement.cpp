#include "live/placement.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "scheduling/rows.hpp"

namespace podcheck::live {

using document::Node;

namespace {

// A DaemonSet's controller names the node in a field term of the affinity; empty for other pods.
std::string_view pinned_node(Node pod) {
  Node terms =
      pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"];
  for (Node term : terms.items()) {
    for (Node field : term["matchFields"].items()) {
      if (field["key"].string() == "metadata.name" && field["values"].size() == 1) {
        return field["values"][0].string();
      }
    }
  }
  return {};
}

}  // namespace

scheduling::Objects placement_objects(cluster::Snapshot& cluster, Node pod) {
  scheduling::Objects objects;
  std::string_view pinned = pinned_node(pod);
  for (Node node : cluster.list("nodes").items) {
    if (pinned.empty() || node["metadata"]["name"].string() == pinned) {
      objects.nodes.push_back(node);
    }
  }
  objects.pods = cluster.list("pods").items;
  objects.namespaces = cluster.list("namespaces").items;
  objects.volumes = cluster.list("persistentvolumes").items;
  objects.claims = cluster.list("persistentvolumeclaims").items;
  objects.storage_classes = cluster.list("storageclasses").items;
  objects.csi_nodes = cluster.list("csinodes").items;
  objects.csi_drivers = cluster.list("csidrivers").items;
  bool capacity_tracked = std::any_of(objects.csi_drivers.begin(), objects.csi_drivers.end(), [](Node driver) {
    return driver["spec"]["storageCapacity"].boolean().value_or(false);
  });
  if (capacity_tracked) {
    objects.csi_capacities = cluster.list("csistoragecapacities").items;
  }
  // Asked for in recordings only: they order victims, and many users may not list them.
  if (cluster.source().lists_are_cheap()) {
    objects.disruption_budgets = cluster.list("poddisruptionbudgets").items;
    objects.volume_attachments = cluster.list("volumeattachments").items;
  }
  objects.priority_classes = cluster.list("priorityclasses").items;
  objects.runtime_classes = cluster.list("runtimeclasses").items;
  return objects;
}

const scheduling::Cluster& placement_cluster(cluster::Snapshot& cluster, Node pod) {
  // One for each node that pods are pinned to, and one for all others: it takes as long as the cluster is large.
  struct Known {
    std::map<std::string, std::unique_ptr<scheduling::Cluster>> by_node;
  };
  auto& place = cluster.derived<Known>([] { return Known(); }).by_node[std::string(pinned_node(pod))];
  if (!place) {
    place = std::make_unique<scheduling::Cluster>(placement_objects(cluster, pod));
  }
  return *place;
}

bool nodes_known(cluster::Snapshot& cluster) {
  // A row of "get nodes" tells that there is a node, and not what fits on it.
  const std::vector<Node>& nodes = cluster.list("nodes").items;
  return !nodes.empty() &&
         std::all_of(nodes.begin(), nodes.end(), [](Node node) { return node["status"].has("allocatable"); });
}

bool claims_known(cluster::Snapshot& cluster, Node pod) {
  std::string_view space = pod["metadata"]["namespace"].string();
  for (const scheduling::ClaimUse& use : scheduling::claims_of(pod)) {
    if (!cluster.get("persistentvolumeclaims", space, use.name) && !cluster.knows("persistentvolumeclaims", space)) {
      return false;
    }
  }
  return true;
}

bool usage_known(cluster::Snapshot& cluster) {
  return cluster.knows("pods", {});
}

std::vector<finding::NodeVerdict> nodes_of(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue,
                                           Node pod) {
  bool waits = pod["status"]["phase"].string("Pending") == "Pending" && pod["spec"]["nodeName"].string().empty() &&
               !pod["metadata"].has("deletionTimestamp") && pod["spec"]["schedulingGates"].empty();
  if (!pod || !waits || !nodes_known(cluster) || !claims_known(cluster, pod)) {
    return {};
  }
  const scheduling::Cluster& known = placement_cluster(cluster, pod);
  return scheduling::rows(known, pod, scheduling::evaluate(known, pod), catalogue);
}

}  // namespace podcheck::live
