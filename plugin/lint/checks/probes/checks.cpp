#include "lint/checks/probes/checks.hpp"

namespace podcheck::lint {

std::span<const Check> probes_checks() {
  static constexpr Check checks[] = {
      {"liveness-budget", check_liveness_budget},
      {"liveness-dependency", check_liveness_dependency},
      {"liveness-equals-readiness", check_liveness_equals_readiness},
      {"liveness-hair-trigger", check_liveness_hair_trigger},
      {"liveness-missing", check_liveness_missing},
      {"probe-exec-timeout", check_probe_exec_timeout},
      {"probe-exec-tool", check_probe_exec_tool},
      {"probe-host", check_probe_host},
      {"probe-port-name", check_probe_port_name},
      {"probe-port-number", check_probe_port_number},
      {"probe-scheme", check_probe_scheme},
      {"probe-timeout", check_probe_timeout},
      {"readiness-missing", check_readiness_missing},
      {"readiness-vs-shutdown", check_readiness_vs_shutdown},
      {"startup-deadline", check_startup_deadline},
      {"startup-suggested", check_startup_suggested},
  };
  return checks;
}

}  // namespace podcheck::lint
