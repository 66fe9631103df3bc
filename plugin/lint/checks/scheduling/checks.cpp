#include "lint/checks/scheduling/checks.hpp"

namespace podcheck::lint {

std::span<const Check> scheduling_checks() {
  return {};
}

}  // namespace podcheck::lint
