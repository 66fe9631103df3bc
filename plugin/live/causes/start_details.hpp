// What the cluster knows about a start that the runtime refused.
#pragma once

#include <string>

#include "live/cause.hpp"
#include "live/facts.hpp"

namespace podcheck::live {

struct StartFailure {
  Patient& patient;
  const ContainerFacts& container;
  Candidate& candidate;     // with the value {what}: the program, path or name that the runtime names
  const std::string& text;  // all that the runtime says
};

// Adds the values, proofs and fixes of the candidate's cause; may make the cause more exact.
void complete_start_failure(const StartFailure& at);

}  // namespace podcheck::live
