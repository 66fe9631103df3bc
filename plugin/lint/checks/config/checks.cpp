#include "lint/checks/config/checks.hpp"

namespace podcheck::lint {

std::span<const Check> config_checks() {
  return {};
}

}  // namespace podcheck::lint
