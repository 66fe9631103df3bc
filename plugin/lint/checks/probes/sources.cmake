list(APPEND lint_sources
  checks/probes/checks.cpp)
list(APPEND lint_tests)
