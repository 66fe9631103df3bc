// A large cluster as a bundle, the same for the same numbers.
#pragma once

#include <cstddef>
#include <string>

namespace podcheck::bench {

// Writes objects/{nodes,pods,namespaces,…}.json and recorded-at into `directory`. Nodes lie in six zones, every
// fiftieth is tainted or cordoned; pods belong to forty apps in ten namespaces, every hundredth has required
// anti-affinity.
void generate_cluster(const std::string& directory, std::size_t nodes, std::size_t pods);

// The incoming pod: node affinity, pod affinity and anti-affinity, two spread constraints, a host port.
std::string incoming_pod();

}  // namespace podcheck::bench
