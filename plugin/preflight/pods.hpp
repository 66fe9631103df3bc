// The pods of a workload: those that run, and those that its controller would make.
#pragma once

#include <string>
#include <vector>

#include "preflight/problem.hpp"
#include "preflight/world.hpp"
#include "scheduling/cluster.hpp"

namespace podcheck::preflight {

// Pods of the same workload that run now, as indices in the cluster.
std::vector<std::uint32_t> old_pods(World& world, const scheduling::Cluster& cluster, const Workload& workload);

// The pod of the template as far as objects tell what admission makes of it.
document::Node admitted_offline(World& world, const scheduling::Cluster& cluster, const Workload& workload);

// The pod numbered `ordinal` as the controller would make it; `name` is what sentences call it.
document::Node pod_of(World& world, const Workload& workload, document::Node metadata, document::Node spec,
                      std::int64_t ordinal, const std::string& name);

}  // namespace podcheck::preflight
