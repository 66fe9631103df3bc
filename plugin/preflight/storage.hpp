// Claims that wait for somebody who is not there.
#pragma once

#include <vector>

#include "preflight/problem.hpp"
#include "preflight/world.hpp"

namespace podcheck::preflight {

// Claims of the pod that are not bound and whose class names a CSI driver that the cluster does not have, or for which
// a provisioner has been called already. Other provisioners leave no trace that would tell whether they run.
void check_provisioners(World& world, const Workload& workload, std::vector<Problem>& problems);

}  // namespace podcheck::preflight
