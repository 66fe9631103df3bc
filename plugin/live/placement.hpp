// A pending pod against the scheduler's filters, on what the Snapshot knows of the cluster.
#pragma once

#include <memory>

#include "cluster/snapshot.hpp"
#include "scheduling/cluster.hpp"
#include "scheduling/scheduling.hpp"

namespace podcheck::live {

// Everything that bears on placement. Lists that cannot be read are empty; see `nodes_known` before relying on them.
scheduling::Objects placement_objects(cluster::Snapshot& cluster);
bool nodes_known(cluster::Snapshot& cluster);
// Whether the pods of all namespaces were readable, so that free amounts are real.
bool usage_known(cluster::Snapshot& cluster);

}  // namespace podcheck::live
