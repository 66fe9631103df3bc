#include "lint/invalid/verdict.hpp"

#include <algorithm>

#include "lint/invalid/kinds.hpp"
#include "lint/invalid/shapes.hpp"
#include "lint/invalid/values.hpp"
#include "lint/invalid/versions.hpp"

namespace podcheck::lint::invalid {

namespace {

struct Check {
  std::string_view group;
  std::string_view kind;
  void (*run)(Faults&, Node);
};

constexpr Check checks[] = {
    {"", "ConfigMap", check_config_map},
    {"", "Endpoints", check_endpoints},
    {"", "LimitRange", check_limit_range},
    {"", "PersistentVolume", check_persistent_volume},
    {"", "PersistentVolumeClaim", check_claim},
    {"", "Pod", check_bare_pod},
    {"", "PodTemplate", check_pod_template_object},
    {"", "ReplicationController", check_replication_controller},
    {"", "ResourceQuota", check_resource_quota},
    {"", "Secret", check_secret},
    {"", "Service", check_service},
    {"admissionregistration.k8s.io", "MutatingWebhookConfiguration", check_webhook_configuration},
    {"admissionregistration.k8s.io", "ValidatingWebhookConfiguration", check_webhook_configuration},
    {"apiextensions.k8s.io", "CustomResourceDefinition", check_resource_definition},
    {"apiregistration.k8s.io", "APIService", check_api_service},
    {"apps", "DaemonSet", check_daemon_set},
    {"apps", "Deployment", check_deployment},
    {"apps", "ReplicaSet", check_replica_set},
    {"apps", "StatefulSet", check_stateful_set},
    {"autoscaling", "HorizontalPodAutoscaler", check_autoscaler},
    {"batch", "CronJob", check_cron_job},
    {"batch", "Job", check_job},
    {"coordination.k8s.io", "Lease", check_lease},
    {"discovery.k8s.io", "EndpointSlice", check_endpoint_slice},
    {"networking.k8s.io", "Ingress", check_ingress},
    {"networking.k8s.io", "IngressClass", check_ingress_class},
    {"networking.k8s.io", "NetworkPolicy", check_network_policy},
    {"node.k8s.io", "RuntimeClass", check_runtime_class},
    {"policy", "PodDisruptionBudget", check_disruption_budget},
    {"rbac.authorization.k8s.io", "ClusterRole", check_cluster_role},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding", check_cluster_role_binding},
    {"rbac.authorization.k8s.io", "Role", check_role},
    {"rbac.authorization.k8s.io", "RoleBinding", check_role_binding},
    {"scheduling.k8s.io", "PriorityClass", check_priority_class},
    {"storage.k8s.io", "StorageClass", check_storage_class},
};

// Of several faults of one place, what its type says comes first: a list that is text has no elements to speak of.
void drop_echoes(std::vector<Fault>& faults, std::size_t shapes) {
  const auto same_place = [](const Hit& a, const Hit& b) { return a.at == b.at && a.absent == b.absent; };
  for (std::size_t i = faults.size(); i-- > shapes;) {
    bool echo = false;
    for (std::size_t j = 0; j < i && !echo; ++j) {
      const Hit& first = faults[j].hit;
      const Hit& second = faults[i].hit;
      echo = same_place(first, second) && (j < shapes || faults[j].rule == faults[i].rule) &&
             first.variant == second.variant;
      // A misspelt key is not missing as well.
      if (j < shapes && !second.absent.empty())
        for (const auto& [name, value] : first.values)
          echo = echo || (name == "suggestion" && value == second.absent);
    }
    if (echo)
      faults.erase(faults.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

bool is_list(Node root) {
  const std::string_view kind = root["kind"].string();
  return kind.size() >= 4 && kind.substr(kind.size() - 4) == "List" && root["items"].is_sequence();
}

void incomplete(Faults& faults, Node root) {
  if (!root.is_mapping()) {
    faults.value("object-type-missing", "no-object", root);
    return;
  }
  for (const char* key : {"apiVersion", "kind"}) {
    const Node node = get(root, key);
    if (!node)
      faults.missing("object-type-missing", root, key);
    else if (!node.is_string() || node.string().empty())
      faults.value("object-type-missing", node.is_string() ? "empty" : "not-text", node);
  }
}

}  // namespace

std::vector<Fault> judge_object(Node object, std::string_view source, const Options& options) {
  Faults faults(object, options.minor, source);
  std::string_view api_version = object["apiVersion"].string();
  if (api_version.substr(0, 1) == "/")
    api_version.remove_prefix(1);  // "/v1" is v1 of the core group
  const std::string_view kind = object["kind"].string();
  if (!object.is_mapping() || api_version.empty() || kind.empty()) {
    incomplete(faults, object);
    return std::move(faults.all());
  }
  const schema::Kind* found = find_kind(faults, options.custom, api_version, kind);
  const bool custom = found != nullptr && options.custom != nullptr && options.custom->kind(api_version, kind) == found;
  if (found != nullptr)
    check_shapes(faults, custom ? *options.custom : schema::Types::built_in(), *found);
  const std::size_t shapes = faults.all().size();
  check_metadata(faults, object, api_version, kind);
  if (found != nullptr && !custom) {
    const std::string_view group = schema::group_of(api_version);
    const auto check = std::find_if(std::begin(checks), std::end(checks),
                                    [&](const Check& item) { return item.group == group && item.kind == kind; });
    if (check != std::end(checks))
      check->run(faults, object);
  }
  if (faults.all().size() > shapes)
    drop_echoes(faults.all(), shapes);
  return std::move(faults.all());
}

std::vector<Fault> judge(Node root, std::string_view source, const Options& options) {
  if (!is_list(root))
    return judge_object(root, source, options);
  std::vector<Fault> all;
  if (root["items"].empty()) {
    Faults faults(root, options.minor, source);
    faults.value("object-type-missing", "empty-list", root["items"]);
    return std::move(faults.all());
  }
  if (root["kind"].string() != "List")
    return all;  // the items of a ConfigMapList name no kind themselves
  for (const Node item : root["items"].items()) {
    std::vector<Fault> faults = judge_object(item, source, options);
    all.insert(all.end(), std::make_move_iterator(faults.begin()), std::make_move_iterator(faults.end()));
  }
  return all;
}

bool is_known(Node object, const Options& options) {
  const std::string_view api_version = object["apiVersion"].string();
  const std::string_view kind = object["kind"].string();
  return schema::Types::built_in().kind(api_version, kind) != nullptr ||
         (options.custom != nullptr && options.custom->kind(api_version, kind) != nullptr);
}

}  // namespace podcheck::lint::invalid
