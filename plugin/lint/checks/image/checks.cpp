#include "lint/checks/image/checks.hpp"

namespace podcheck::lint {

std::span<const Check> image_checks() {
  return {};
}

}  // namespace podcheck::lint
