#include "lint/checks/security/checks.hpp"

namespace podcheck::lint {

std::span<const Check> security_checks() {
  return {};
}

}  // namespace podcheck::lint
