#include "lint/checks/command/checks.hpp"

namespace podcheck::lint {

std::span<const Check> command_checks() {
  return {};
}

}  // namespace podcheck::lint
