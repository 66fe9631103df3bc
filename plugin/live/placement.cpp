#include "live/placement.hpp"

namespace podcheck::live {

scheduling::Objects placement_objects(cluster::Snapshot& cluster) {
  scheduling::Objects objects;
  objects.nodes = cluster.list("nodes").items;
  objects.pods = cluster.list("pods").items;
  objects.namespaces = cluster.list("namespaces").items;
  objects.volumes = cluster.list("persistentvolumes").items;
  objects.claims = cluster.list("persistentvolumeclaims").items;
  objects.storage_classes = cluster.list("storageclasses").items;
  objects.csi_nodes = cluster.list("csinodes").items;
  objects.csi_drivers = cluster.list("csidrivers").items;
  objects.priority_classes = cluster.list("priorityclasses").items;
  objects.runtime_classes = cluster.list("runtimeclasses").items;
  return objects;
}

bool nodes_known(cluster::Snapshot& cluster) {
  return !cluster.list("nodes").items.empty();
}

bool usage_known(cluster::Snapshot& cluster) {
  return cluster.knows("pods", {});
}

}  // namespace podcheck::live
