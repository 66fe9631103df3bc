// A pending pod against the scheduler's filters, on what the Snapshot knows of the cluster.
#pragma once

#include <vector>

#include "catalogue/catalogue.hpp"
#include "cluster/snapshot.hpp"
#include "finding/finding.hpp"
#include "scheduling/cluster.hpp"
#include "scheduling/scheduling.hpp"

namespace podcheck::live {

// Everything that bears on placement. Lists that cannot be read are empty; see `nodes_known` before relying on them.
// A DaemonSet's pod is for one node: the others are left out.
scheduling::Objects placement_objects(cluster::Snapshot& cluster, document::Node pod = {});
// The same, prepared for the filters once and kept with the Snapshot.
const scheduling::Cluster& placement_cluster(cluster::Snapshot& cluster, document::Node pod);
bool nodes_known(cluster::Snapshot& cluster);
// False when the pod uses claims that could not be read: filters would take them for missing.
bool claims_known(cluster::Snapshot& cluster, document::Node pod);
// Whether the pods of all namespaces were readable, so that free amounts are real.
bool usage_known(cluster::Snapshot& cluster);

// Every node's verdict on a pod that has none; empty for pods that are placed, and when nodes are not known.
std::vector<finding::NodeVerdict> nodes_of(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue,
                                           document::Node pod);

}  // namespace podcheck::live
