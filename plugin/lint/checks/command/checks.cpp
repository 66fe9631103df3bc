#include "lint/checks/command/checks.hpp"

namespace podcheck::lint {

std::span<const Check> command_checks() {
  static constexpr Check checks[] = {
      {"command-single-string", check_command_single_string},
      {"container-exits", check_container_exits},
      {"env-dollar-brace", check_env_dollar_brace},
      {"env-reference", check_env_reference},
      {"flag-value-joined", check_flag_value_joined},
      {"init-never-completes", check_init_never_completes},
      {"init-wait", check_init_wait},
      {"port-privileged", check_port_privileged},
      {"service-link", check_service_link},
      {"shell-extra-args", check_shell_extra_args},
      {"shell-operators", check_shell_operators},
  };
  return checks;
}

}  // namespace podcheck::lint
