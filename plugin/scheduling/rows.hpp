// Placements in words: the node table and its sentences, in the catalogue's language.
#pragma once

#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "finding/finding.hpp"
#include "scheduling/scheduling.hpp"
#include "scheduling/verdict.hpp"

namespace podcheck::scheduling {

// "needs 800m CPU, 500m free of 2"
std::string sentence(const Reason& reason, const catalogue::Catalogue& catalogue);
// "whether devices for claim gpu are free": of Placement::not_judged.
std::string not_judged_sentence(const Reason& reason, const catalogue::Catalogue& catalogue);
// All reasons in one line.
std::string sentence(const std::vector<Reason>& reasons, const catalogue::Catalogue& catalogue);
// The verdict line: "no node has 800m CPU free; the most is 500m on worker-1". Empty for a pod that fits.
std::string sentence(const Verdict& verdict, const catalogue::Catalogue& catalogue);
// "lower the CPU request to 500m"
std::string sentence(const Edit& edit, const catalogue::Catalogue& catalogue);
// "lower the CPU request to 500m: fits worker-1"
std::string sentence(const Change& change, const catalogue::Catalogue& catalogue);

// One row a node, in the cluster's order: verdict, reasons, and "free / allocatable" of CPU, memory and whatever else
// the pod requests.
std::vector<finding::NodeVerdict> rows(const Cluster& cluster, document::Node pod, const Placement& placement,
                                       const catalogue::Catalogue& catalogue);

// Names for a sentence: "worker-1, worker-2 and 5 more".
std::string name_list(const std::vector<std::string>& names, std::size_t most, const catalogue::Catalogue& catalogue);

}  // namespace podcheck::scheduling
