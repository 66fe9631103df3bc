list(APPEND lint_sources
  checks/reference/checks.cpp)
list(APPEND lint_tests)
