list(APPEND lint_sources
  invalid/checks.cpp)
list(APPEND lint_tests)
