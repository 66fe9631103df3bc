// Which of several true things is the reason: the root cause first, then what contributed, then mere symptoms.
#pragma once

#include <vector>

#include "live/cause.hpp"

namespace podcheck::live {

struct Ranked {
  std::vector<Candidate> kept;              // the root first; roles are set
  std::vector<finding::Rejected> rejected;  // competitors of the root, with the reason that -v shows
};

// The earliest stage of the pod's life that is stuck decides, then the kind of evidence, then how exactly the fault is
// named. Causes that the root supersedes become symptoms or fall away; independent faults of other containers stay as
// causes of their own.
Ranked rank(std::vector<Candidate> candidates, const catalogue::Catalogue& catalogue);

}  // namespace podcheck::live
