#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

std::span<const Check> probes_checks();  // sorted by name

void check_liveness_budget(const Place& place, Reporter& reporter);            // container
void check_liveness_dependency(const Place& place, Reporter& reporter);        // container
void check_liveness_equals_readiness(const Place& place, Reporter& reporter);  // container
void check_liveness_hair_trigger(const Place& place, Reporter& reporter);      // container
void check_liveness_missing(const Place& place, Reporter& reporter);           // container
void check_probe_exec_timeout(const Place& place, Reporter& reporter);         // container
void check_probe_exec_tool(const Place& place, Reporter& reporter);            // container
void check_probe_host(const Place& place, Reporter& reporter);                 // container
void check_probe_port_name(const Place& place, Reporter& reporter);            // container
void check_probe_port_number(const Place& place, Reporter& reporter);          // container
void check_probe_scheme(const Place& place, Reporter& reporter);               // container
void check_probe_timeout(const Place& place, Reporter& reporter);              // container
void check_readiness_missing(const Place& place, Reporter& reporter);          // container
void check_readiness_vs_shutdown(const Place& place, Reporter& reporter);      // container
void check_startup_deadline(const Place& place, Reporter& reporter);           // container
void check_startup_suggested(const Place& place, Reporter& reporter);          // container

}  // namespace podcheck::lint
