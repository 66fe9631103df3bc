#include "lint/checks/config/checks.hpp"

namespace podcheck::lint {

std::span<const Check> config_checks() {
  static constexpr Check table[] = {
      {"env-duplicate", check_env_duplicate},
      {"hostpath-type-missing", check_hostpath_type_missing},
      {"mount-file-without-subpath", check_mount_file_without_subpath},
      {"mount-hides-app", check_mount_hides_app},
      {"null-map-entry", check_null_map_entry},
      {"pvc-rwo-replicas", check_pvc_rwo_replicas},
      {"pvc-rwo-rolling-update", check_pvc_rwo_rolling_update},
      {"secret-trailing-newline", check_secret_trailing_newline},
      {"template-unrendered", check_template_unrendered},
      {"volume-unused", check_volume_unused},
      {"wrong-order", check_wrong_order},
  };
  return table;
}

}  // namespace podcheck::lint
