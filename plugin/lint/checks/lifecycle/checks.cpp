#include "lint/checks/lifecycle/checks.hpp"

namespace podcheck::lint {

std::span<const Check> lifecycle_checks() {
  return {};
}

}  // namespace podcheck::lint
