// What could not be looked at, and what that hides.
#pragma once

#include <vector>

#include "catalogue/catalogue.hpp"
#include "cluster/snapshot.hpp"
#include "finding/finding.hpp"

namespace podcheck::live {

// One note a resource that was not readable; what was merely not there is not worth one.
std::vector<finding::Note> notes_of(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue);

}  // namespace podcheck::live
