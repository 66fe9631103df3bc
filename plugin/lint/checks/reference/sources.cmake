list(APPEND lint_sources
  checks/pods.cpp
  checks/reference/backend_unresolved.cpp
  checks/reference/checks.cpp
  checks/reference/config_key_unresolved.cpp
  checks/reference/rbac_binding_broken.cpp
  checks/reference/reference_unresolved.cpp
  checks/reference/resolver.cpp
  checks/reference/service_selector.cpp
  checks/reference/service_target_port.cpp)
list(APPEND lint_tests checks/reference/worlds_test.cpp)
