// The server's rules for each kind, one function a kind. `object` is the whole object.
#pragma once

#include <string_view>

#include "lint/invalid/faults.hpp"

namespace podcheck::lint::invalid {

void check_metadata(Faults& faults, Node object, std::string_view api_version, std::string_view kind);

// workloads
void check_bare_pod(Faults& faults, Node object);
void check_pod_template_object(Faults& faults, Node object);
void check_deployment(Faults& faults, Node object);
void check_replica_set(Faults& faults, Node object);
void check_replication_controller(Faults& faults, Node object);
void check_daemon_set(Faults& faults, Node object);
void check_stateful_set(Faults& faults, Node object);
void check_job(Faults& faults, Node object);
void check_cron_job(Faults& faults, Node object);
// `spec` of a Job or of a CronJob's jobTemplate.
void check_job_spec(Faults& faults, Node holder, Node spec);

// network
void check_service(Faults& faults, Node object);
void check_ingress(Faults& faults, Node object);
void check_ingress_class(Faults& faults, Node object);
void check_network_policy(Faults& faults, Node object);

void check_endpoint_slice(Faults& faults, Node object);
void check_endpoints(Faults& faults, Node object);

// extensions of the API server
void check_webhook_configuration(Faults& faults, Node object);
void check_resource_definition(Faults& faults, Node object);
void check_api_service(Faults& faults, Node object);

// nodes and their leaders
void check_lease(Faults& faults, Node object);
void check_runtime_class(Faults& faults, Node object);

// policy
void check_autoscaler(Faults& faults, Node object);
void check_disruption_budget(Faults& faults, Node object);
void check_resource_quota(Faults& faults, Node object);
void check_limit_range(Faults& faults, Node object);
void check_priority_class(Faults& faults, Node object);

// configuration and storage
void check_config_map(Faults& faults, Node object);
void check_secret(Faults& faults, Node object);
void check_claim(Faults& faults, Node object);
void check_persistent_volume(Faults& faults, Node object);
void check_storage_class(Faults& faults, Node object);

// access
void check_role(Faults& faults, Node object);
void check_cluster_role(Faults& faults, Node object);
void check_role_binding(Faults& faults, Node object);
void check_cluster_role_binding(Faults& faults, Node object);

}  // namespace podcheck::lint::invalid
