// Why a claim is of no use to the pod that names it.
#pragma once

#include "live/cause.hpp"

namespace podcheck::live {

// Follows claim -> class -> provisioner -> volume and adds the cause that it finds; false when the claim is fine, or
// only waits for its pod to be placed.
bool explain_claim(Patient& patient, std::string_view claim, Stage stage, std::vector<Candidate>& out);

}  // namespace podcheck::live
