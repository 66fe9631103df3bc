list(APPEND lint_sources
  checks/bundle/checks.cpp
  checks/bundle/duplicate_object.cpp)
list(APPEND lint_tests)
