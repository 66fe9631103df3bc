// The checks of configuration and volumes.
#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

std::span<const Check> config_checks();  // sorted by name

void check_env_duplicate(const Place& place, Reporter& reporter);
void check_hostpath_type_missing(const Place& place, Reporter& reporter);
void check_mount_file_without_subpath(const Place& place, Reporter& reporter);
void check_mount_hides_app(const Place& place, Reporter& reporter);
void check_null_map_entry(const Place& place, Reporter& reporter);
void check_pvc_rwo_replicas(const Place& place, Reporter& reporter);
void check_pvc_rwo_rolling_update(const Place& place, Reporter& reporter);
void check_secret_trailing_newline(const Place& place, Reporter& reporter);
void check_template_unrendered(const Place& place, Reporter& reporter);
void check_volume_unused(const Place& place, Reporter& reporter);
void check_wrong_order(const Place& place, Reporter& reporter);

}  // namespace podcheck::lint
