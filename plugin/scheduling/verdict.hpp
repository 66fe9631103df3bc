// One cause for the whole placement: what all nodes say together.
#pragma once

#include <string>
#include <vector>

#include "finding/finding.hpp"
#include "scheduling/scheduling.hpp"

namespace podcheck::scheduling {

struct Verdict {
  std::string cause;    // a cause card's id: insufficient-cpu, fragmented-capacity, mixed-shortage, …; empty: it fits
  std::string variant;  // of the sentence scheduling.cause.<cause>
  finding::Values values;
  std::vector<std::size_t> admissible;  // nodes that only room, ports or other pods keep from taking it
};

// Nodes that only control planes use are left out of the judgement where others exist. What refuses every admissible
// node is the cause; where none is admissible, what refuses every node; where nothing is common, mixed-shortage.
Verdict judge(const Cluster& cluster, document::Node pod, const Placement& placement);

// The cause id that a single reason stands for: an untolerated node.kubernetes.io/not-ready is node-not-ready, an
// unbound claim what keeps it unbound.
std::string cause_of(const Reason& reason);

}  // namespace podcheck::scheduling
