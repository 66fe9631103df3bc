// Which reads a diagnosis will need, asked for together: a kubectl takes 50 to 120 ms to start, so three rounds of
// concurrent calls are the budget for one target.
#pragma once

#include <string>
#include <vector>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"
#include "live/target.hpp"

namespace podcheck::live {

// The first round, by what was typed: the objects named, their pods and events.
void read_targets(cluster::Snapshot& cluster, const std::vector<Word>& words, std::string_view namespace_);

// The second round, by what the pods look like: nodes for those that wait for one, logs of containers that ended,
// claims and volumes, Services for those that miss a dependency. Of pods that fail alike a Sample is read.
void read_symptoms(cluster::Snapshot& cluster, const std::vector<document::Node>& pods, bool named);

}  // namespace podcheck::live
