// What lint, the server, objects and placement say of a workload, put together: each fault once, the root cause first.
#pragma once

#include <vector>

#include "catalogue/catalogue.hpp"
#include "preflight/problem.hpp"

namespace podcheck::preflight {

// One cause is told once, by the first that found it.
void merge(std::vector<Problem>& into, std::vector<Problem> more);

// The first error is the root: pods that are not admitted are not scheduled, pods that are not scheduled start nothing.
void order(std::vector<Problem>& problems);

// Adds what was found in the cluster to lint's findings. A manifest that the API server refuses gets no further than
// that; all other advice comes after what stops the pods. A rule that warns of just what was found gives its fix to it.
void combine(std::vector<finding::Finding>& linted, std::vector<finding::Finding> found,
             const catalogue::Catalogue& catalogue);

}  // namespace podcheck::preflight
