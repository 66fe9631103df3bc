#include "lint/checks/scheduling/checks.hpp"

namespace podcheck::lint {

std::span<const Check> scheduling_checks() {
  static constexpr Check table[] = {
      {"affinity-selector-null", check_affinity_selector_null},
      {"anti-affinity-exceeds-nodes", check_anti_affinity_exceeds_nodes},
      {"host-network-dns", check_host_network_dns},
      {"host-network-rolling", check_host_network_rolling},
      {"host-port-conflict", check_host_port_conflict},
      {"host-port-replicas", check_host_port_replicas},
      {"hpa-max-unschedulable", check_hpa_max_unschedulable},
      {"limitrange", check_limitrange},
      {"limitrange-default", check_limitrange_default},
      {"networkpolicy-egress-blocks-dns", check_networkpolicy_egress_blocks_dns},
      {"no-matching-node-profile", check_no_matching_node_profile},
      {"node-label-deprecated", check_node_label_deprecated},
      {"node-pinned", check_node_pinned},
      {"node-selector-contradiction", check_node_selector_contradiction},
      {"quota-exceeded", check_quota_exceeded},
      {"quota-requires", check_quota_requires},
      {"request-exceeds-node", check_request_exceeds_node},
      {"scheduler-name-unknown", check_scheduler_name_unknown},
      {"taint-key-legacy", check_taint_key_legacy},
      {"topology-spread-self-mismatch", check_topology_spread_self_mismatch},
  };
  return table;
}

}  // namespace podcheck::lint
