#include "lint/checks/bundle/checks.hpp"

#include <array>

namespace podcheck::lint {

std::span<const Check> bundle_checks() {
  static constexpr auto table = std::to_array<Check>({
      {"duplicate-object", duplicate_object},
  });
  return table;
}

}  // namespace podcheck::lint
