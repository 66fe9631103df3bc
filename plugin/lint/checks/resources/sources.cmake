list(APPEND lint_sources
  checks/resources/checks.cpp)
list(APPEND lint_tests)
