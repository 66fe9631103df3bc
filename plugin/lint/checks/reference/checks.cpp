#include "lint/checks/reference/checks.hpp"

namespace podcheck::lint {

std::span<const Check> reference_checks() {
  static constexpr Check table[] = {
      {"backend-unresolved", check_backend_unresolved},   {"config-key-unresolved", check_config_key_unresolved},
      {"rbac-binding-broken", check_rbac_binding_broken}, {"reference-unresolved", check_reference_unresolved},
      {"service-selector", check_service_selector},       {"service-target-port", check_service_target_port},
  };
  return table;
}

}  // namespace podcheck::lint
