#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {
// What the API server refuses: category "invalid". Sorted by name.
std::span<const Check> invalid_checks();
}  // namespace podcheck::lint
