// Checks of the input as a whole that belong to no other family.
#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

void duplicate_object(const Place& place, Reporter& reporter);

std::span<const Check> bundle_checks();  // sorted by name

}  // namespace podcheck::lint
