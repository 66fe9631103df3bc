list(APPEND lint_sources
  checks/container/argv.cpp
  checks/container/place.cpp
  checks/container/target.cpp
  checks/image/checks.cpp
  checks/image/pull_secret_missing.cpp
  checks/image/pull_secret_registry.cpp
  checks/image/pull_secret_type.cpp
  checks/image/pull_secrets.cpp
  checks/image/reference.cpp
  checks/image/retired.cpp
  checks/image/tag.cpp)
list(APPEND lint_tests
  checks/container/argv_test.cpp
  checks/container/quiet_test.cpp)
