#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

std::span<const Check> resources_checks();  // sorted by name

void check_cpu_limit_set(const Place& place, Reporter& reporter);           // container
void check_cpu_unit(const Place& place, Reporter& reporter);                // pod
void check_emptydir_memory(const Place& place, Reporter& reporter);         // pod
void check_ephemeral_limit(const Place& place, Reporter& reporter);         // pod
void check_extended_resource_name(const Place& place, Reporter& reporter);  // pod
void check_gomaxprocs(const Place& place, Reporter& reporter);              // container
void check_heap_limit(const Place& place, Reporter& reporter);              // container
void check_limit_request_ratio(const Place& place, Reporter& reporter);     // container
void check_memory_limit_missing(const Place& place, Reporter& reporter);    // container
void check_memory_too_small(const Place& place, Reporter& reporter);        // pod
void check_memory_unit_milli(const Place& place, Reporter& reporter);       // pod
void check_request_missing(const Place& place, Reporter& reporter);         // container
void check_shm_default(const Place& place, Reporter& reporter);             // container

}  // namespace podcheck::lint
