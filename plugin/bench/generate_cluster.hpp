// A large cluster as a bundle, the same for the same numbers.
#pragma once

#include <cstddef>
#include <string>

namespace podcheck::bench {

// Writes objects/{nodes,pods,events,deployments,…}.json, logs and recorded-at into `directory`. Nodes lie in six zones,
// every fiftieth is tainted or cordoned. Pods have the size of real ones, managedFields included; each ten are one
// Deployment, in nineteen namespaces; every hundredth has required anti-affinity. Every fiftieth Deployment is broken,
// in turn by a missing ConfigMap, by images that one node cannot pull (seven of its ten pods run there), by a crash
// loop, by too little memory, and by a request that no node has room for.
void generate_cluster(const std::string& directory, std::size_t nodes, std::size_t pods);

// The incoming pod: node affinity, pod affinity and anti-affinity, two spread constraints, a host port.
std::string incoming_pod();

}  // namespace podcheck::bench
