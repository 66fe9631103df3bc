list(APPEND lint_sources
  checks/config/checks.cpp)
list(APPEND lint_tests)
