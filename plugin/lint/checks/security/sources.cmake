list(APPEND lint_sources
  checks/security/checks.cpp)
list(APPEND lint_tests)
