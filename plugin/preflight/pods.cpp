#include "preflight/pods.hpp"

#include <algorithm>

#include "kube/quota.hpp"
#include "preflight/admission.hpp"
#include "scheduling/admission.hpp"
#include "scheduling/value.hpp"

namespace podcheck::preflight {

using document::Node;
using scheduling::Cluster;
using scheduling::Value;

namespace {

Node controller(Node object) {
  for (Node owner : object["metadata"]["ownerReferences"].items()) {
    if (owner["controller"].boolean().value_or(false)) {
      return owner;
    }
  }
  return {};
}

bool is_owned(World& world, Node pod, const Workload& workload) {
  if (workload.kind() == "Pod") {
    return pod["metadata"]["name"].string() == workload.name();
  }
  Node owner = controller(pod);
  if (owner["kind"].string() == workload.kind()) {
    return owner["name"].string() == workload.name();
  }
  if (workload.kind() != "Deployment" || owner["kind"].string() != "ReplicaSet") {
    return false;
  }
  Node set = world.snapshot().get("replicasets", workload.namespace_, owner["name"].string());
  Node above = controller(set);
  if (above) {
    return above["kind"].string() == "Deployment" && above["name"].string() == workload.name();
  }
  // Without the ReplicaSet its name has to do: NAME-HASH.
  std::string_view name = owner["name"].string();
  std::size_t dash = name.rfind('-');
  return dash != std::string_view::npos && name.substr(0, dash) == workload.name();
}

std::string claim_name(Node claim_template, const Workload& workload, std::int64_t ordinal) {
  return std::string(claim_template["metadata"]["name"].string()) + "-" + std::string(workload.name()) + "-" +
         std::to_string(ordinal);
}

void set_amounts(const kube::ResourceList& amounts, Value& list) {
  for (const auto& [name, amount] : amounts) {
    list.member(name) = Value::string(kube::to_string(amount));
  }
}

// What LimitRanges of the namespace give to containers that ask for nothing.
void add_defaults(World& world, const Workload& workload, Value& spec) {
  kube::LimitRanges ranges = limit_ranges(world, workload);
  if (ranges.empty()) {
    return;
  }
  for (const kube::Container& container : workload.pod->containers) {
    bool ephemeral = container.role == kube::ContainerRole::ephemeral;
    Value* list = spec.find(container.role == kube::ContainerRole::app ? "containers" : "initContainers");
    if (ephemeral || list == nullptr || container.index >= list->items().size()) {
      continue;
    }
    Value& resources = list->items()[container.index].member("resources");
    set_amounts(kube::admitted_requests(container, ranges), resources.member("requests"));
    set_amounts(kube::admitted_limits(container, ranges), resources.member("limits"));
  }
}

}  // namespace

Node admitted_offline(World& world, const Cluster& cluster, const Workload& workload) {
  scheduling::Admitted made =
      scheduling::admit(cluster, workload.pod->metadata, workload.pod->spec, workload.namespace_);
  Value pod = Value::from(made.pod);
  add_defaults(world, workload, pod.member("spec"));
  return world.keep(pod.tree());
}

Node pod_of(World& world, const Workload& workload, Node source_metadata, Node source_spec, std::int64_t ordinal,
            const std::string& name) {
  Value pod = Value::mapping();
  Value& metadata = pod.member("metadata");
  metadata = source_metadata.is_mapping() ? Value::from(source_metadata) : Value::mapping();
  metadata.member("namespace") = Value::string(workload.namespace_);
  if (workload.kind() != "Pod") {
    metadata.member("name") = Value::string(name);
  }
  if (workload.kind() == "Deployment") {
    // matchLabelKeys tells the pods of one revision from those of the last by this label.
    metadata.member("labels").member("pod-template-hash") = Value::string("podcheck");
  }
  Value& spec = pod.member("spec");
  spec = Value::from(source_spec);
  for (Node claim : workload.object->object.root["spec"]["volumeClaimTemplates"].items()) {
    if (workload.kind() != "StatefulSet") {
      break;
    }
    Value volume = Value::mapping();
    volume.member("name") = Value::from(claim["metadata"]["name"]);
    volume.member("persistentVolumeClaim").member("claimName") = Value::string(claim_name(claim, workload, ordinal));
    spec.member("volumes").append(std::move(volume));
  }
  // Claims that a provisioner will make hold nothing up.
  if (Value* volumes = spec.find("volumes")) {
    std::erase_if(volumes->items(), [&](Value& volume) {
      Value* claim = volume.find("persistentVolumeClaim");
      Value* claim_field = claim == nullptr ? nullptr : claim->find("claimName");
      if (claim_field == nullptr) {
        return volume.find("ephemeral") != nullptr;
      }
      std::string full = workload.namespace_ + "/" + claim_field->tree()->root().text();
      const std::vector<std::string>& later = world.provisioned_later();
      return std::find(later.begin(), later.end(), full) != later.end();
    });
  }
  if (workload.is_daemon) {
    for (const char* key : {"not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure",
                            "unschedulable", "network-unavailable"}) {
      bool on_host = source_spec["hostNetwork"].boolean().value_or(false);
      if (std::string_view(key) == "network-unavailable" && !on_host) {
        continue;
      }
      bool execute = std::string_view(key) == "not-ready" || std::string_view(key) == "unreachable";
      Value toleration = Value::mapping();
      toleration.member("key") = Value::string(std::string("node.kubernetes.io/") + key);
      toleration.member("operator") = Value::string("Exists");
      toleration.member("effect") = Value::string(execute ? "NoExecute" : "NoSchedule");
      spec.member("tolerations").append(std::move(toleration));
    }
  }
  // A claim that a template makes comes with the pod: an entry without a name says that none has to be there.
  for (Node claim : source_spec["resourceClaims"].items()) {
    if (claim.has("resourceClaimTemplateName")) {
      Value status = Value::mapping();
      status.member("name") = Value::from(claim["name"]);
      pod.member("status").member("resourceClaimStatuses").append(std::move(status));
    }
  }
  return world.keep(pod.tree());
}

std::vector<std::uint32_t> old_pods(World& world, const Cluster& cluster, const Workload& workload) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t index = 0; index < cluster.pods().size(); ++index) {
    const scheduling::PodInfo& pod = cluster.pods()[index];
    if (pod.namespace_ == workload.namespace_ && pod.node >= 0 && is_owned(world, pod.object, workload)) {
      found.push_back(index);
    }
  }
  return found;
}

}  // namespace podcheck::preflight
