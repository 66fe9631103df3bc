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

}  // namespace podcheck::live
