list(APPEND lint_sources
  checks/scheduling/checks.cpp)
list(APPEND lint_tests)
