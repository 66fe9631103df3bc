#include "cluster/list_reader.hpp"

#include "cluster/resource.hpp"
#include "document/document.hpp"

namespace podcheck::cluster {

using document::Node;
using document::Projection;

namespace {

constexpr const char* metadata_fields[] = {"name",
                                           "namespace",
                                           "uid",
                                           "generateName",
                                           "labels",
                                           "annotations",
                                           "finalizers",
                                           "generation",
                                           "creationTimestamp",
                                           "deletionTimestamp",
                                           "deletionGracePeriodSeconds",
                                           "ownerReferences",
                                           "resourceVersion"};

// The members that objects of the resources in resource.cpp have beside metadata.
constexpr const char* object_fields[] = {"apiVersion",
                                         "kind",
                                         "spec",
                                         "status",
                                         "data",
                                         "binaryData",
                                         "immutable",
                                         "type",
                                         "involvedObject",
                                         "regarding",
                                         "reason",
                                         "message",
                                         "note",
                                         "source",
                                         "reportingComponent",
                                         "reportingInstance",
                                         "firstTimestamp",
                                         "lastTimestamp",
                                         "eventTime",
                                         "deprecatedFirstTimestamp",
                                         "deprecatedLastTimestamp",
                                         "deprecatedCount",
                                         "deprecatedSource",
                                         "count",
                                         "series",
                                         "action",
                                         "related",
                                         "subsets",
                                         "endpoints",
                                         "ports",
                                         "addressType",
                                         "imagePullSecrets",
                                         "secrets",
                                         "automountServiceAccountToken",
                                         "provisioner",
                                         "parameters",
                                         "reclaimPolicy",
                                         "volumeBindingMode",
                                         "allowVolumeExpansion",
                                         "allowedTopologies",
                                         "mountOptions",
                                         "value",
                                         "globalDefault",
                                         "preemptionPolicy",
                                         "description",
                                         "handler",
                                         "overhead",
                                         "scheduling",
                                         "rules",
                                         "subjects",
                                         "roleRef",
                                         "aggregationRule",
                                         "webhooks",
                                         "capacity",
                                         "maximumVolumeSize",
                                         "nodeTopology",
                                         "storageClassName",
                                         "template",
                                         "revision"};

std::vector<std::string> with_items(const std::vector<std::string>& paths) {
  std::vector<std::string> all{"apiVersion", "kind", "metadata.continue", "metadata.remainingItemCount"};
  for (const std::string& path : paths) {
    all.push_back("items[]." + path);
    if (!path.starts_with("apiVersion") && !path.starts_with("kind")) {
      all.push_back(path);
    }
  }
  return all;
}

std::vector<std::string> full_paths() {
  std::vector<std::string> paths;
  for (const char* field : metadata_fields) {
    paths.push_back(std::string("metadata.") + field);
  }
  for (const char* field : object_fields) {
    paths.emplace_back(field);
  }
  return paths;
}

std::vector<std::string> large_pod_paths() {
  std::vector<std::string> paths{"apiVersion",
                                 "kind",
                                 "metadata.name",
                                 "metadata.namespace",
                                 "metadata.uid",
                                 "metadata.labels",
                                 "metadata.creationTimestamp",
                                 "metadata.deletionTimestamp",
                                 "metadata.ownerReferences",
                                 "spec.nodeName",
                                 "spec.nodeSelector",
                                 "spec.affinity.podAntiAffinity",
                                 "spec.priority",
                                 "spec.priorityClassName",
                                 "spec.preemptionPolicy",
                                 "spec.hostNetwork",
                                 "spec.overhead",
                                 "spec.resources",
                                 "spec.restartPolicy",
                                 "spec.schedulerName",
                                 "spec.serviceAccountName",
                                 "spec.terminationGracePeriodSeconds",
                                 "spec.tolerations",
                                 "spec.volumes[].name",
                                 "spec.volumes[].persistentVolumeClaim",
                                 "spec.volumes[].ephemeral",
                                 "spec.volumes[].csi.driver",
                                 "spec.volumes[].awsElasticBlockStore",
                                 "spec.volumes[].gcePersistentDisk",
                                 "spec.volumes[].iscsi",
                                 "spec.volumes[].rbd",
                                 "spec.resourceClaims",
                                 "status.phase",
                                 "status.allocatedResources",
                                 "status.resources",
                                 "status.reason",
                                 "status.message",
                                 "status.startTime",
                                 "status.nominatedNodeName",
                                 "status.conditions",
                                 "status.podIP",
                                 "status.qosClass",
                                 "status.resourceClaimStatuses"};
  for (const char* list : {"containers", "initContainers"}) {
    for (const char* field : {"name", "image", "ports", "resources", "restartPolicy"}) {
      paths.push_back(std::string("spec.") + list + "[]." + field);
    }
  }
  for (const char* list : {"containerStatuses", "initContainerStatuses"}) {
    for (const char* field :
         {"name", "ready", "started", "restartCount", "state", "lastState", "allocatedResources", "resources"}) {
      paths.push_back(std::string("status.") + list + "[]." + field);
    }
  }
  return paths;
}

std::vector<std::string> running_pod_paths() {
  std::vector<std::string> paths{"apiVersion",
                                 "kind",
                                 "metadata.name",
                                 "metadata.namespace",
                                 "metadata.uid",
                                 "metadata.labels",
                                 "metadata.creationTimestamp",
                                 "metadata.deletionTimestamp",
                                 "metadata.ownerReferences",
                                 "spec.nodeName",
                                 "spec.affinity.podAntiAffinity",
                                 "spec.priority",
                                 "spec.hostNetwork",
                                 "spec.overhead",
                                 "spec.resources",
                                 "spec.priorityClassName",
                                 "spec.volumes[].name",
                                 "spec.volumes[].persistentVolumeClaim",
                                 "spec.volumes[].ephemeral",
                                 "spec.volumes[].csi.driver",
                                 "spec.volumes[].awsElasticBlockStore",
                                 "spec.volumes[].gcePersistentDisk",
                                 "spec.volumes[].iscsi",
                                 "spec.volumes[].rbd",
                                 "spec.resourceClaims",
                                 "status.phase",
                                 "status.startTime",
                                 "status.resourceClaimStatuses",
                                 "status.conditions[].type",
                                 "status.conditions[].status",
                                 "status.conditions[].reason",
                                 "status.allocatedResources",
                                 "status.resources",
                                 "status.containerStatuses[].name",
                                 "status.containerStatuses[].ready",
                                 "status.containerStatuses[].restartCount",
                                 "status.containerStatuses[].state.running",
                                 "status.containerStatuses[].state.terminated"};
  for (const char* field : {"name", "ports", "resources"}) {
    paths.push_back(std::string("spec.containers[].") + field);
    paths.push_back(std::string("spec.initContainers[].") + field);
  }
  paths.emplace_back("spec.initContainers[].restartPolicy");
  // What containers that were resized in place hold.
  for (const char* list : {"containerStatuses", "initContainerStatuses"}) {
    for (const char* field : {"name", "allocatedResources", "resources"}) {
      paths.push_back(std::string("status.") + list + "[]." + field);
    }
  }
  return paths;
}

std::vector<std::string> large_event_paths() {
  return {"metadata.name",
          "metadata.namespace",
          "metadata.creationTimestamp",
          "involvedObject.kind",
          "involvedObject.name",
          "involvedObject.namespace",
          "involvedObject.uid",
          "involvedObject.fieldPath",
          "reason",
          "message",
          "type",
          "count",
          "source.component",
          "reportingComponent",
          "firstTimestamp",
          "lastTimestamp",
          "eventTime",
          "series"};
}

std::vector<std::string> large_node_paths() {
  return {"apiVersion",
          "kind",
          "metadata.name",
          "metadata.uid",
          "metadata.labels",
          "metadata.creationTimestamp",
          "metadata.deletionTimestamp",
          "metadata.annotations",
          "spec",
          "status.allocatable",
          "status.capacity",
          "status.conditions",
          "status.addresses",
          "status.nodeInfo",
          "status.volumesInUse",
          "status.volumesAttached",
          "status.declaredFeatures",
          "status.features"};
}

}  // namespace

const Projection& full_projection() {
  static const Projection projection(with_items(full_paths()));
  return projection;
}

const Projection* large_list_projection(std::string_view resource) {
  static const Projection pods(with_items(large_pod_paths()));
  static const Projection nodes(with_items(large_node_paths()));
  static const Projection events(with_items(large_event_paths()));
  return resource == "pods" ? &pods : resource == "nodes" ? &nodes : resource == "events" ? &events : nullptr;
}

const Projection& running_pod_projection() {
  static const Projection projection(with_items(running_pod_paths()));
  return projection;
}

void copy_kept(Node node, const Projection::Step* step, document::TreeBuilder& builder) {
  if (Projection::keeps_all(step) || node.is_scalar()) {
    builder.copy(node);
  } else if (node.is_sequence()) {
    builder.begin_sequence();
    if (const Projection::Step* next = Projection::below(step, "*")) {
      for (Node item : node.items()) {
        copy_kept(item, next, builder);
      }
    }
    builder.end();
  } else {
    builder.begin_mapping();
    for (const document::Member& member : node.members()) {
      const Projection::Step* next = Projection::below(step, member.key);
      // A scalar is kept only where a path ends, as the JSON reader does.
      if (next != nullptr && (Projection::keeps_all(next) || !member.value.is_scalar())) {
        builder.key(member.key);
        copy_kept(member.value, next, builder);
      }
    }
    builder.end();
  }
}

std::vector<Node> name_items(Node list, std::string_view resource, document::Tree& tree) {
  std::vector<Node> items;
  items.reserve(list.size());
  bool nameless = false;
  for (Node item : list.items()) {
    if (item.is_mapping() || item.is_sequence()) {
      items.push_back(item);
      nameless = nameless || (item.is_mapping() && !item.has("kind"));
    }
  }
  const Resource* known = find_resource(resource);
  if (!nameless || known == nullptr) {
    return items;
  }
  document::TreeBuilder builder(tree);
  builder.begin_sequence();
  for (Node item : items) {
    builder.begin_mapping();
    builder.key("apiVersion");
    builder.string(known->api_version);
    builder.key("kind");
    builder.string(known->kind);
    for (const document::Member& member : item.members()) {
      builder.key(member.key);
      builder.alias(member.value);
    }
    builder.end();
  }
  builder.end();
  std::size_t index = 0;
  for (Node item : tree.root().items()) {
    items[index] = items[index].is_mapping() ? item : items[index];
    ++index;
  }
  return items;
}

bool read_list(std::string_view json, std::string_view resource, const Projection* keep,
               std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<Node>& items, std::string& error,
               std::string* continue_token) {
  auto tree = std::make_unique<document::Tree>();
  if (!document::parse_json(json, *tree, error, keep)) {
    return false;
  }
  Node root = tree->root();
  if (!root.is_mapping()) {
    error = "not a Kubernetes object";
    return false;
  }
  Node list = root["items"];
  if (continue_token != nullptr) {
    *continue_token = root["metadata"]["continue"].string();
  }
  if (!list && !root.has("items") && !root["kind"].string().ends_with("List")) {
    if (!root.has("metadata")) {
      error = "not a Kubernetes object";
      return false;
    }
    items.push_back(root);
    trees.push_back(std::move(tree));
    return true;
  }
  for (Node item : name_items(list, resource, *tree)) {
    if (item.is_mapping()) {
      items.push_back(item);
    }
  }
  trees.push_back(std::move(tree));
  return true;
}

namespace {

std::vector<std::string> quiet_workload_paths() {
  std::vector<std::string> paths{"apiVersion",
                                 "kind",
                                 "spec.template.metadata",
                                 "status",
                                 "spec.template.spec.containers[].name",
                                 "spec.template.spec.containers[].image",
                                 "spec.template.spec.initContainers[].name",
                                 "spec.template.spec.initContainers[].image"};
  for (const char* field : {"name", "namespace", "uid", "labels", "annotations", "generation", "creationTimestamp",
                            "ownerReferences", "deletionTimestamp", "finalizers"}) {
    paths.push_back(std::string("metadata.") + field);
  }
  for (const char* field : {"replicas", "selector", "paused", "strategy", "updateStrategy", "serviceName",
                            "podManagementPolicy", "minReadySeconds", "progressDeadlineSeconds"}) {
    paths.push_back(std::string("spec.") + field);
  }
  return paths;
}

bool has_all_pods(Node workload) {
  Node status = workload["status"];
  auto count = [](Node value) { return value.integer().value_or(0); };
  std::int64_t wanted = status.has("desiredNumberScheduled") ? count(status["desiredNumberScheduled"])
                                                             : workload["spec"]["replicas"].integer().value_or(1);
  std::int64_t ready = status.has("numberReady") ? count(status["numberReady"]) : count(status["readyReplicas"]);
  bool failing = false;
  for (Node condition : status["conditions"].items()) {
    bool holds = condition["status"].string() == "True";
    failing = failing || (condition["type"].string() == "ReplicaFailure" ? holds : !holds);
  }
  return ready >= wanted && !failing && !workload["metadata"].has("deletionTimestamp") &&
         count(status["observedGeneration"]) >= count(workload["metadata"]["generation"]);
}

}  // namespace

bool is_workload(std::string_view resource) {
  return resource == "deployments" || resource == "replicasets" || resource == "statefulsets" ||
         resource == "daemonsets";
}

void keep_workloads(const std::vector<Node>& workloads, std::deque<std::unique_ptr<document::Tree>>& trees,
                    std::vector<Node>& items) {
  static const Projection quiet(quiet_workload_paths());
  auto tree = std::make_unique<document::Tree>();
  document::TreeBuilder builder(*tree);
  builder.begin_sequence();
  for (Node workload : workloads) {
    if (has_all_pods(workload)) {
      copy_kept(workload, quiet.root(), builder);
    } else {
      builder.copy(workload);
    }
  }
  builder.end();
  for (Node workload : tree->root().items()) {
    items.push_back(workload);
  }
  trees.push_back(std::move(tree));
}

bool runs_well(Node pod) {
  std::string_view phase = pod["status"]["phase"].string();
  if (pod["metadata"].has("deletionTimestamp") || (phase != "Running" && phase != "Succeeded")) {
    return false;
  }
  for (Node status : pod["status"]["containerStatuses"].items()) {
    if (status["restartCount"].integer().value_or(0) > 0 ||
        (phase == "Running" && !status["ready"].boolean().value_or(false))) {
      return false;
    }
  }
  for (Node condition : pod["status"]["conditions"].items()) {
    if (phase == "Running" && condition["type"].string() == "Ready" && condition["status"].string() != "True") {
      return false;
    }
  }
  return true;
}

void keep_pods(const std::vector<Node>& pods, std::size_t& full, std::deque<std::unique_ptr<document::Tree>>& trees,
               std::vector<Node>& items, const std::optional<Shard>& shard) {
  static const Projection running(running_pod_paths());
  static const Projection large(large_pod_paths());
  auto tree = std::make_unique<document::Tree>();
  document::TreeBuilder builder(*tree);
  builder.begin_sequence();
  for (Node pod : pods) {
    bool elsewhere = shard && !shard->holds(pod["metadata"]["namespace"].string());
    if (elsewhere || runs_well(pod)) {
      copy_kept(pod, running.root(), builder);
    } else if (full > 0) {
      --full;
      builder.copy(pod);
    } else {
      copy_kept(pod, large.root(), builder);
    }
  }
  builder.end();
  for (Node pod : tree->root().items()) {
    items.push_back(pod);
  }
  trees.push_back(std::move(tree));
}

}  // namespace podcheck::cluster
