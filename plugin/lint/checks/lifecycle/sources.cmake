list(APPEND lint_sources
  checks/lifecycle/checks.cpp
  checks/lifecycle/stop.cpp)
list(APPEND lint_tests)
