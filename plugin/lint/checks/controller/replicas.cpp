// How many pods there are, and who brings them back.
#include "lint/checks/controller/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {

using document::Node;

void check_replica_count(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (!has_replicas(object) || is_hook(object) || autoscaler_of(place.bundle, *place.object) != nullptr)
    return;
  const Node replicas = object.root["spec"]["replicas"];
  const std::int64_t count = replicas_of(object);
  if (count != place.params()["count"].integer())
    return;
  Hit hit;
  hit.at = replicas ? replicas : object.root["spec"];
  if (!replicas)
    hit.absent = "replicas";
  hit.values = {{"workload", title(*place.object)}};
  reporter.report(std::move(hit));
}

void check_bare_pod(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (object.kind != "Pod" || !object.group.empty() || is_hook(object))
    return;
  // One-shot pods, mirror pods of the kubelet and pods that a controller owns are as they should be.
  const Node metadata = object.root["metadata"];
  if (object.root["spec"]["restartPolicy"].string("Always") != "Always" || !metadata["ownerReferences"].empty() ||
      metadata["annotations"].has("kubernetes.io/config.mirror"))
    return;
  Hit hit;
  hit.at = object.root["kind"];
  hit.values = {{"name", std::string(object.name)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
