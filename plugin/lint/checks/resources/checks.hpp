#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {
std::span<const Check> resources_checks();  // sorted by name
}  // namespace podcheck::lint
