#include "lint/checks/image/checks.hpp"

namespace podcheck::lint {

std::span<const Check> image_checks() {
  static constexpr Check checks[] = {
      {"image-pull-secret-empty", check_image_pull_secret_empty},
      {"image-pull-secret-missing", check_image_pull_secret_missing},
      {"image-pull-secret-registry", check_image_pull_secret_registry},
      {"image-pull-secret-type", check_image_pull_secret_type},
      {"image-reference", check_image_reference},
      {"image-registry-retired", check_image_registry_retired},
      {"image-tag", check_image_tag},
  };
  return checks;
}

}  // namespace podcheck::lint
