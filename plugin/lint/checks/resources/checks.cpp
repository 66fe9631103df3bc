#include "lint/checks/resources/checks.hpp"

namespace podcheck::lint {

std::span<const Check> resources_checks() {
  return {};
}

}  // namespace podcheck::lint
