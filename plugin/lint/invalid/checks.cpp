#include "lint/invalid/checks.hpp"

namespace podcheck::lint {

std::span<const Check> invalid_checks() {
  return {};
}

}  // namespace podcheck::lint
