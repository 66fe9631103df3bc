// What in the input makes pods, how many, and what has to be read for them.
#pragma once

#include <vector>

#include "preflight/problem.hpp"
#include "preflight/world.hpp"

namespace podcheck::preflight {

std::vector<Workload> workloads_of(const lint::Bundle& input);
LookedAt looked_at(const std::vector<Workload>& workloads);
// Where an autoscaler or the running workload decides how many pods there are, and not the manifest.
void find_replicas(World& world, Workload& workload);

}  // namespace podcheck::preflight
