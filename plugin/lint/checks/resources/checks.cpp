#include "lint/checks/resources/checks.hpp"

namespace podcheck::lint {

std::span<const Check> resources_checks() {
  static constexpr Check checks[] = {
      {"cpu-limit-set", check_cpu_limit_set},
      {"cpu-unit", check_cpu_unit},
      {"emptydir-memory", check_emptydir_memory},
      {"ephemeral-limit", check_ephemeral_limit},
      {"extended-resource-name", check_extended_resource_name},
      {"gomaxprocs", check_gomaxprocs},
      {"heap-limit", check_heap_limit},
      {"limit-request-ratio", check_limit_request_ratio},
      {"memory-limit-missing", check_memory_limit_missing},
      {"memory-too-small", check_memory_too_small},
      {"memory-unit-milli", check_memory_unit_milli},
      {"request-missing", check_request_missing},
      {"shm-default", check_shm_default},
  };
  return checks;
}

}  // namespace podcheck::lint
