// The checks of what the scheduler will make of a pod.
#pragma once

#include <span>

#include "lint/check.hpp"

namespace podcheck::lint {

std::span<const Check> scheduling_checks();  // sorted by name

void check_affinity_selector_null(const Place& place, Reporter& reporter);
void check_anti_affinity_exceeds_nodes(const Place& place, Reporter& reporter);
void check_host_network_dns(const Place& place, Reporter& reporter);
void check_host_network_rolling(const Place& place, Reporter& reporter);
void check_host_port_conflict(const Place& place, Reporter& reporter);
void check_host_port_replicas(const Place& place, Reporter& reporter);
void check_hpa_max_unschedulable(const Place& place, Reporter& reporter);
void check_limitrange(const Place& place, Reporter& reporter);
void check_limitrange_default(const Place& place, Reporter& reporter);
void check_networkpolicy_egress_blocks_dns(const Place& place, Reporter& reporter);
void check_no_matching_node_profile(const Place& place, Reporter& reporter);
void check_node_label_deprecated(const Place& place, Reporter& reporter);
void check_node_pinned(const Place& place, Reporter& reporter);
void check_node_selector_contradiction(const Place& place, Reporter& reporter);
void check_quota_exceeded(const Place& place, Reporter& reporter);
void check_quota_requires(const Place& place, Reporter& reporter);
void check_request_exceeds_node(const Place& place, Reporter& reporter);
void check_scheduler_name_unknown(const Place& place, Reporter& reporter);
void check_taint_key_legacy(const Place& place, Reporter& reporter);
void check_topology_spread_self_mismatch(const Place& place, Reporter& reporter);

}  // namespace podcheck::lint
