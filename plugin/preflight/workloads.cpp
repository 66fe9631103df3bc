#include "preflight/workloads.hpp"

#include <algorithm>

#include "cluster/resource.hpp"

namespace podcheck::preflight {

using document::Node;

namespace {

std::int64_t replicas_of(const kube::Object& object) {
  Node spec = object.root["spec"];
  if (object.kind == "CronJob") {
    spec = spec["jobTemplate"]["spec"];
  }
  if (object.kind == "Job" || object.kind == "CronJob") {
    std::int64_t parallel = spec["parallelism"].integer().value_or(1);
    std::int64_t completions = spec["completions"].integer().value_or(parallel);
    return std::clamp<std::int64_t>(std::min(parallel, completions), 0, INT32_MAX);
  }
  bool counted = object.kind == "Deployment" || object.kind == "ReplicaSet" || object.kind == "StatefulSet" ||
                 object.kind == "ReplicationController";
  return counted ? std::clamp<std::int64_t>(spec["replicas"].integer().value_or(1), 0, INT32_MAX) : 1;
}

// The cluster's own are only asked for where the manifest leaves the number to them.
std::vector<Node> autoscalers(World& world, const Workload& workload, bool written) {
  if (!written) {
    return world.all("HorizontalPodAutoscaler", workload.namespace_);
  }
  std::vector<Node> own;
  for (const lint::BundleObject* object : world.input().of_kind("HorizontalPodAutoscaler", workload.namespace_)) {
    own.push_back(object->object.root);
  }
  return own;
}

}  // namespace

std::vector<Workload> workloads_of(const lint::Bundle& input) {
  std::vector<Workload> workloads;
  for (const lint::BundleObject& object : input.objects()) {
    for (const kube::PodTemplate& pod : object.pods) {
      if (object.context || object.object.kind == "PodTemplate") {
        continue;
      }
      Workload workload;
      workload.object = &object;
      workload.pod = &pod;
      workload.namespace_ = object.namespace_;
      workload.replicas = replicas_of(object.object);
      workload.is_daemon = object.object.kind == "DaemonSet";
      workloads.push_back(std::move(workload));
    }
  }
  return workloads;
}

LookedAt looked_at(const std::vector<Workload>& workloads) {
  LookedAt all;
  for (const Workload& workload : workloads) {
    Node spec = workload.pod->spec;
    all.disruption_budgets = all.disruption_budgets || spec.has("priorityClassName");
    all.devices = all.devices || !spec["resourceClaims"].empty();
    all.volumes = all.volumes || !workload.object->object.root["spec"]["volumeClaimTemplates"].empty();
    for (Node volume : spec["volumes"].items()) {
      all.volumes = all.volumes || volume.has("persistentVolumeClaim") || volume.has("ephemeral");
    }
  }
  return all;
}

void find_replicas(World& world, Workload& workload) {
  if (workload.kind() != "Deployment" && workload.kind() != "StatefulSet" && workload.kind() != "ReplicaSet") {
    return;
  }
  bool written = workload.object->object.root["spec"].has("replicas");
  if (!written) {
    Node running =
        world.snapshot().get(cluster::resource_of_kind(workload.kind())->plural, workload.namespace_, workload.name());
    if (std::optional<std::int64_t> replicas = running["spec"]["replicas"].integer(); replicas && *replicas > 0) {
      workload.replicas = *replicas;
      workload.replicas_from = std::string(workload.kind()) + " " + std::string(workload.name());
    }
  }
  for (Node scaler : autoscalers(world, workload, written)) {
    Node spec = scaler["spec"];
    if (spec["scaleTargetRef"]["kind"].string() != workload.kind() ||
        spec["scaleTargetRef"]["name"].string() != workload.name()) {
      continue;
    }
    std::int64_t least = std::max<std::int64_t>(spec["minReplicas"].integer().value_or(1), 1);
    std::int64_t most = std::max(spec["maxReplicas"].integer().value_or(least), least);
    std::int64_t scaled = std::clamp(workload.replicas, least, most);
    if (scaled != workload.replicas && workload.replicas > 0) {
      workload.replicas = scaled;
      workload.replicas_from = "HorizontalPodAutoscaler " + std::string(scaler["metadata"]["name"].string());
    }
  }
}

}  // namespace podcheck::preflight
