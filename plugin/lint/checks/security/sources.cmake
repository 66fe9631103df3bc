list(APPEND lint_sources
  checks/security/checks.cpp
  checks/security/drop_all.cpp
  checks/security/file_mode.cpp
  checks/security/fsgroup_missing.cpp
  checks/security/known_image.cpp
  checks/security/pod_security.cpp
  checks/security/readonly_rootfs.cpp
  checks/security/run_as_nonroot.cpp
  checks/security/service_account_token.cpp)
list(APPEND lint_tests)
