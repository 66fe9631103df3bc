// Which edits could remove a reason; whether they do is for the filters to say.
#pragma once

#include <vector>

#include "scheduling/scheduling.hpp"

namespace podcheck::scheduling {

// Most promising first; empty when the reason is no matter of an edit (a full node, a bound volume).
std::vector<Edit> edits_for(const Cluster& cluster, document::Node pod, const NodeInfo& node, const Reason& reason);

// How much an edit asks of people: smaller is milder.
int cost(const Edit& edit);

}  // namespace podcheck::scheduling
