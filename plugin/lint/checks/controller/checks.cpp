#include "lint/checks/controller/checks.hpp"

namespace podcheck::lint {

std::span<const Check> controller_checks() {
  static constexpr Check table[] = {
      {"bare-pod", check_bare_pod},
      {"cronjob-concurrency", check_cronjob_concurrency},
      {"cronjob-deadline-too-small", check_cronjob_deadline_too_small},
      {"cronjob-schedule-impossible", check_cronjob_schedule_impossible},
      {"hpa-duplicate-target", check_hpa_duplicate_target},
      {"hpa-min-equals-max", check_hpa_min_equals_max},
      {"hpa-replicas-conflict", check_hpa_replicas_conflict},
      {"hpa-requests-missing", check_hpa_requests_missing},
      {"hpa-targets-daemonset", check_hpa_targets_daemonset},
      {"hpa-vpa-same-metric", check_hpa_vpa_same_metric},
      {"job-no-limits", check_job_no_limits},
      {"min-ready-zero-no-readiness", check_min_ready_zero_no_readiness},
      {"pdb-blocks-eviction", check_pdb_blocks_eviction},
      {"pdb-overlap", check_pdb_overlap},
      {"pdb-selector", check_pdb_selector},
      {"replica-count", check_replica_count},
      {"rollout-full-outage", check_rollout_full_outage},
      {"selector-overlap", check_selector_overlap},
      {"statefulset-peer-deadlock", check_statefulset_peer_deadlock},
      {"statefulset-service-not-headless", check_statefulset_service_not_headless},
      {"webhook-backend-in-bundle", check_webhook_backend_in_bundle},
  };
  return table;
}

}  // namespace podcheck::lint
