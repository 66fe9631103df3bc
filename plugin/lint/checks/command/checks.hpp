#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

std::span<const Check> command_checks();  // sorted by name

void check_command_single_string(const Place& place, Reporter& reporter);  // container
void check_container_exits(const Place& place, Reporter& reporter);        // container
void check_env_dollar_brace(const Place& place, Reporter& reporter);       // container
void check_env_reference(const Place& place, Reporter& reporter);          // container
void check_flag_value_joined(const Place& place, Reporter& reporter);      // container
void check_init_never_completes(const Place& place, Reporter& reporter);   // container
void check_init_wait(const Place& place, Reporter& reporter);              // container
void check_port_privileged(const Place& place, Reporter& reporter);        // container
void check_service_link(const Place& place, Reporter& reporter);           // container
void check_shell_extra_args(const Place& place, Reporter& reporter);       // container
void check_shell_operators(const Place& place, Reporter& reporter);        // container

}  // namespace podcheck::lint
