list(APPEND lint_sources
  checks/controller/autoscalers.cpp
  checks/controller/checks.cpp
  checks/controller/disruption_budgets.cpp
  checks/controller/jobs.cpp
  checks/controller/replicas.cpp
  checks/controller/rollout.cpp
  checks/controller/selector_overlap.cpp
  checks/controller/statefulset.cpp
  checks/controller/webhook_backend.cpp)
list(APPEND lint_tests)
