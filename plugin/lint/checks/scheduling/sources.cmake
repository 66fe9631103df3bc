list(APPEND lint_sources
  checks/scheduling/affinity.cpp
  checks/scheduling/checks.cpp
  checks/scheduling/host_network.cpp
  checks/scheduling/host_ports.cpp
  checks/scheduling/network_policy.cpp
  checks/scheduling/node_labels.cpp
  checks/scheduling/node_profiles.cpp
  checks/scheduling/node_selector_contradiction.cpp
  checks/scheduling/profile_checks.cpp
  checks/scheduling/quota.cpp)
list(APPEND lint_tests)
