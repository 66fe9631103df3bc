// What a Deployment's new revision changed of the one that works.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"

namespace podcheck::live {

// The newest older ReplicaSet of the pod's Deployment that has ready pods; missing when there is none.
document::Node working_revision(cluster::Snapshot& cluster, document::Node deployment, document::Node pod);

// "image: till:2.4.0 → till:2.4.1", "env MODE: quiet → loud": what differs between two pod specs in a container (in the
// pod and all containers when the name is empty). Values that look secret are blanked out.
std::vector<std::string> changes_between(document::Node older, document::Node newer, std::string_view container);

}  // namespace podcheck::live
