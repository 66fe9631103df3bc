// Everything that a pod names has to be in the input or in the cluster.
#pragma once

#include <vector>

#include "preflight/problem.hpp"
#include "preflight/world.hpp"

namespace podcheck::preflight {

// ConfigMaps, Secrets and their keys, pull secrets and the registries they are for. Claims and classes are judged with
// the placement and the admission.
void check_references(World& world, const Workload& workload, std::vector<Problem>& problems);

// What the nodes have to bring: images that are never pulled, CSI drivers of volumes in the pod.
void check_nodes_offer(World& world, const Workload& workload, std::vector<Problem>& problems);

}  // namespace podcheck::preflight
