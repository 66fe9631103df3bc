#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

std::span<const Check> lifecycle_checks();  // sorted by name

void check_grace_period(const Place& place, Reporter& reporter);           // pod
void check_pid1_ignores(const Place& place, Reporter& reporter);           // container
void check_pid1_shell(const Place& place, Reporter& reporter);             // container
void check_poststart_endless(const Place& place, Reporter& reporter);      // container
void check_prestop_exceeds_grace(const Place& place, Reporter& reporter);  // container
void check_prestop_missing(const Place& place, Reporter& reporter);        // container
void check_sidecar_outlives_job(const Place& place, Reporter& reporter);   // pod

}  // namespace podcheck::lint
