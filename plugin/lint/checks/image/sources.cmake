list(APPEND lint_sources
  checks/image/checks.cpp)
list(APPEND lint_tests)
