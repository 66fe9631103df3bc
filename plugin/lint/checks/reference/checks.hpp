// The checks that follow a name from one object to another.
#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

std::span<const Check> reference_checks();  // sorted by name

void check_reference_unresolved(const Place& place, Reporter& reporter);
void check_config_key_unresolved(const Place& place, Reporter& reporter);
void check_backend_unresolved(const Place& place, Reporter& reporter);
void check_rbac_binding_broken(const Place& place, Reporter& reporter);
void check_service_selector(const Place& place, Reporter& reporter);
void check_service_target_port(const Place& place, Reporter& reporter);

}  // namespace podcheck::lint
