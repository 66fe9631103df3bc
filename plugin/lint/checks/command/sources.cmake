list(APPEND lint_sources
  checks/command/checks.cpp)
list(APPEND lint_tests)
