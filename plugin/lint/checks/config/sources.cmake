list(APPEND lint_sources
  checks/config/checks.cpp
  checks/config/env_duplicate.cpp
  checks/config/mounts.cpp
  checks/config/null_map_entry.cpp
  checks/config/pvc_access.cpp
  checks/config/secret_trailing_newline.cpp
  checks/config/template_unrendered.cpp
  checks/config/volumes.cpp
  checks/config/wrong_order.cpp)
list(APPEND lint_tests checks/config/secret_test.cpp)
