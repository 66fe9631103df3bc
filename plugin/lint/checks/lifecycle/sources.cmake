list(APPEND lint_sources
  checks/lifecycle/checks.cpp)
list(APPEND lint_tests)
