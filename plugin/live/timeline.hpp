// A pod's life as moments, from status and events.
#pragma once

#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "cluster/snapshot.hpp"
#include "finding/finding.hpp"

namespace podcheck::live {

std::vector<finding::Moment> timeline_of(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue,
                                         document::Node pod);

// Every node's verdict on a pod that has none; empty for pods that are placed, and when nodes are not known.
// `notes` gets what the numbers rest on.
std::vector<finding::NodeVerdict> nodes_of(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue,
                                           document::Node pod, std::vector<std::string>& notes);

}  // namespace podcheck::live
