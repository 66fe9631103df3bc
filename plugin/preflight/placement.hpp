// Where the pods of a workload would go, one by one, with everything else of the input placed before them.
#pragma once

#include <string>
#include <vector>

#include "preflight/problem.hpp"
#include "preflight/world.hpp"
#include "scheduling/rows.hpp"
#include "scheduling/scheduling.hpp"

namespace podcheck::preflight {

struct PlacementResult {
  std::vector<finding::NodeVerdict> rows;  // of the first pod that does not fit, else of the first pod
  std::vector<std::string> notes;
  std::vector<Problem> problems;
  std::int64_t placed = 0;
  std::int64_t wanted = 0;
};

// `admitted`: the pod as the server made it; missing: admission is worked out from objects. Leaves the pods in
// `cluster`, and takes the old ones out.
PlacementResult place(World& world, scheduling::Cluster& cluster, const Workload& workload, document::Node admitted,
                      const catalogue::Catalogue& catalogue);

}  // namespace podcheck::preflight
