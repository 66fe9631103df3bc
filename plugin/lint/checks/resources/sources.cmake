list(APPEND lint_sources
  checks/resources/checks.cpp
  checks/resources/fields.cpp
  checks/resources/heap.cpp
  checks/resources/missing.cpp
  checks/resources/unit.cpp
  checks/resources/volumes.cpp)
list(APPEND lint_tests)
