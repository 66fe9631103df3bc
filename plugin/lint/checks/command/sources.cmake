list(APPEND lint_sources
  checks/command/checks.cpp
  checks/command/exits.cpp
  checks/command/expansion.cpp
  checks/command/words.cpp)
list(APPEND lint_tests)
