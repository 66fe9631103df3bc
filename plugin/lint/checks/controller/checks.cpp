#include "lint/checks/controller/checks.hpp"

namespace podcheck::lint {

std::span<const Check> controller_checks() {
  return {};
}

}  // namespace podcheck::lint
