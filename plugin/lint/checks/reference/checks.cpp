#include "lint/checks/reference/checks.hpp"

namespace podcheck::lint {

std::span<const Check> reference_checks() {
  return {};
}

}  // namespace podcheck::lint
