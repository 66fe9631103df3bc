list(APPEND lint_sources
  checks/probes/checks.cpp
  checks/probes/exec.cpp
  checks/probes/port.cpp
  checks/probes/presence.cpp
  checks/probes/timing.cpp)
list(APPEND lint_tests)
