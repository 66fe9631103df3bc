list(APPEND lint_sources
  checks/controller/checks.cpp)
list(APPEND lint_tests)
