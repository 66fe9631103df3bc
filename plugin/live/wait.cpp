#include "live/wait.hpp"

#include <algorithm>

#include "live/facts.hpp"
#include "live/health.hpp"

namespace podcheck::live {

using document::Node;

namespace {

std::int64_t number(Node value, std::int64_t otherwise = 0) {
  return value.integer().value_or(otherwise);
}

bool observed(Node object) {
  return number(object["status"]["observedGeneration"]) >= number(object["metadata"]["generation"]);
}

bool pod_settled(Node pod) {
  return condition_is(pod, "Ready", "True") || pod["status"]["phase"].string() == "Succeeded";
}

}  // namespace

bool settled(cluster::Snapshot& cluster, Node object, const std::vector<Node>& pods) {
  std::string_view kind = object["kind"].string();
  Node status = object["status"];
  std::int64_t wanted = number(object["spec"]["replicas"], 1);
  bool pods_well = std::all_of(pods.begin(), pods.end(), [&](Node pod) { return is_well(health_of(cluster, pod)); });
  if (kind == "Pod") {
    return pod_settled(object) && pods_well;
  }
  if (kind == "Deployment") {
    return observed(object) && number(status["updatedReplicas"]) >= wanted && number(status["replicas"]) == wanted &&
           number(status["availableReplicas"]) >= wanted && pods_well;
  }
  if (kind == "StatefulSet") {
    bool updated = object["spec"]["updateStrategy"]["type"].string("RollingUpdate") != "RollingUpdate" ||
                   status["updateRevision"].string() == status["currentRevision"].string() ||
                   number(status["updatedReplicas"]) >= wanted;
    return observed(object) && updated && number(status["readyReplicas"]) >= wanted && pods_well;
  }
  if (kind == "DaemonSet") {
    std::int64_t desired = number(status["desiredNumberScheduled"]);
    return observed(object) && number(status["updatedNumberScheduled"]) >= desired &&
           number(status["numberAvailable"]) >= desired && pods_well;
  }
  if (kind == "ReplicaSet" || kind == "ReplicationController") {
    return observed(object) && number(status["readyReplicas"]) >= wanted && pods_well;
  }
  if (kind == "Job") {
    return condition_is(object, "Complete", "True") || object["spec"]["suspend"].boolean().value_or(false);
  }
  if (kind == "PersistentVolumeClaim") {
    return status["phase"].string() == "Bound";
  }
  return pods_well;
}

bool certain(const finding::Subject& subject, const std::vector<Node>& pods) {
  if (subject.healthy || subject.findings.empty()) {
    return false;
  }
  const finding::Finding& root = subject.findings.front();
  if (root.role != finding::Role::cause || root.confidence != finding::Confidence::confirmed ||
      root.category == "scheduling" || root.category == "node") {
    return false;
  }
  bool crash = root.category == "process" || root.category == "resources" || root.category == "probe" ||
               root.category == "lifecycle" || root.category == "network";
  if (!crash) {
    return true;
  }
  for (Node pod : pods) {
    for (const ContainerFacts& container : containers_of(pod)) {
      if (container.restarts >= 2) {
        return true;
      }
    }
    if (pod["status"]["phase"].string() == "Failed") {
      return true;
    }
  }
  return false;
}

std::string progress_line(Node object, const std::vector<Node>& pods) {
  std::size_t ready = 0;
  std::string worst;
  for (Node pod : pods) {
    ready += pod_settled(pod) ? 1 : 0;
    if (!pod_settled(pod) && worst.empty()) {
      worst = status_column(pod);
    }
  }
  std::string line = label_of(object) + "  " + std::to_string(ready) + "/" + std::to_string(pods.size());
  return worst.empty() ? line : line + "  " + worst;
}

}  // namespace podcheck::live
