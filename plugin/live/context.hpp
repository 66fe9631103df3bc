// What stands around a root cause: the rollout it stalls, the replicas that wait for it, the second fault beside it.
#pragma once

#include "live/cause.hpp"
#include "live/ranking.hpp"

namespace podcheck::live {

// Two independent confirmed causes of different containers become one finding that names both.
void frame(Ranked& ranked, const catalogue::Catalogue& catalogue);

// Adds to the root, as evidence, what its owner shows: an older revision that still serves, ordinals that wait,
// earlier runs of a CronJob that failed alike.
void add_context(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue, document::Node owner,
                 document::Node pod, Candidate& root);

}  // namespace podcheck::live
