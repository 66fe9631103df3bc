// The checks of security settings that stop a container.
#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

std::span<const Check> security_checks();  // sorted by name

void check_automount_disabled_but_used(const Place& place, Reporter& reporter);
void check_drop_all_breaks_image(const Place& place, Reporter& reporter);
void check_file_mode_decimal(const Place& place, Reporter& reporter);
void check_file_mode_unreadable(const Place& place, Reporter& reporter);
void check_fsgroup_missing(const Place& place, Reporter& reporter);
void check_localhost_profile(const Place& place, Reporter& reporter);
void check_psa_would_reject(const Place& place, Reporter& reporter);
void check_readonly_rootfs(const Place& place, Reporter& reporter);
void check_run_as_nonroot_unverifiable(const Place& place, Reporter& reporter);
void check_run_as_root_with_nonroot(const Place& place, Reporter& reporter);

}  // namespace podcheck::lint
