#include "lint/checks/security/checks.hpp"

namespace podcheck::lint {

std::span<const Check> security_checks() {
  static constexpr Check table[] = {
      {"automount-disabled-but-used", check_automount_disabled_but_used},
      {"drop-all-breaks-image", check_drop_all_breaks_image},
      {"file-mode-decimal", check_file_mode_decimal},
      {"file-mode-unreadable", check_file_mode_unreadable},
      {"fsgroup-missing-for-pvc", check_fsgroup_missing},
      {"localhost-profile", check_localhost_profile},
      {"psa-would-reject", check_psa_would_reject},
      {"readonly-rootfs", check_readonly_rootfs},
      {"run-as-nonroot-unverifiable", check_run_as_nonroot_unverifiable},
      {"run-as-root-with-nonroot", check_run_as_root_with_nonroot},
  };
  return table;
}

}  // namespace podcheck::lint
