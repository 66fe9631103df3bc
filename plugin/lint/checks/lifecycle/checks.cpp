#include "lint/checks/lifecycle/checks.hpp"

namespace podcheck::lint {

std::span<const Check> lifecycle_checks() {
  static constexpr Check checks[] = {
      {"grace-period", check_grace_period},
      {"pid1-ignores", check_pid1_ignores},
      {"pid1-shell", check_pid1_shell},
      {"poststart", check_poststart_endless},
      {"prestop-exceeds-grace", check_prestop_exceeds_grace},
      {"prestop-missing", check_prestop_missing},
      {"sidecar-outlives-job", check_sidecar_outlives_job},
  };
  return checks;
}

}  // namespace podcheck::lint
