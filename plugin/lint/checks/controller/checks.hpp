// The checks of controllers, rollouts and availability.
#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

std::span<const Check> controller_checks();  // sorted by name

void check_bare_pod(const Place& place, Reporter& reporter);
void check_cronjob_concurrency(const Place& place, Reporter& reporter);
void check_cronjob_deadline_too_small(const Place& place, Reporter& reporter);
void check_cronjob_schedule_impossible(const Place& place, Reporter& reporter);
void check_hpa_duplicate_target(const Place& place, Reporter& reporter);
void check_hpa_min_equals_max(const Place& place, Reporter& reporter);
void check_hpa_replicas_conflict(const Place& place, Reporter& reporter);
void check_hpa_requests_missing(const Place& place, Reporter& reporter);
void check_hpa_targets_daemonset(const Place& place, Reporter& reporter);
void check_hpa_vpa_same_metric(const Place& place, Reporter& reporter);
void check_job_no_limits(const Place& place, Reporter& reporter);
void check_min_ready_zero_no_readiness(const Place& place, Reporter& reporter);
void check_pdb_blocks_eviction(const Place& place, Reporter& reporter);
void check_pdb_overlap(const Place& place, Reporter& reporter);
void check_pdb_selector(const Place& place, Reporter& reporter);
void check_replica_count(const Place& place, Reporter& reporter);
void check_rollout_full_outage(const Place& place, Reporter& reporter);
void check_selector_overlap(const Place& place, Reporter& reporter);
void check_statefulset_peer_deadlock(const Place& place, Reporter& reporter);
void check_statefulset_service_not_headless(const Place& place, Reporter& reporter);
void check_webhook_backend_in_bundle(const Place& place, Reporter& reporter);

}  // namespace podcheck::lint
