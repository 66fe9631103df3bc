#include "lint/checks/probes/checks.hpp"

namespace podcheck::lint {

std::span<const Check> probes_checks() {
  return {};
}

}  // namespace podcheck::lint
