#include "preflight/storage.hpp"

#include <algorithm>

#include "scheduling/storage.hpp"

namespace podcheck::preflight {

using document::Node;

namespace {

struct Wanted {
  Node claim;
  std::string name;
  Node at;
};

std::vector<Wanted> claims_of(World& world, const Workload& workload) {
  std::vector<Wanted> wanted;
  for (Node volume : workload.pod->spec["volumes"].items()) {
    Node name = volume["persistentVolumeClaim"]["claimName"];
    if (Node claim = name ? world.find("PersistentVolumeClaim", workload.namespace_, name.string()) : Node()) {
      // The cluster's own copy has the status.
      Node live = world.snapshot().get("persistentvolumeclaims", workload.namespace_, name.string());
      wanted.push_back({live ? live : claim, std::string(name.string()), name});
    }
    if (Node inline_claim = volume["ephemeral"]["volumeClaimTemplate"]) {
      wanted.push_back({inline_claim, std::string(volume["name"].string()), inline_claim["spec"]["storageClassName"]});
    }
  }
  if (workload.kind() != "StatefulSet") {
    return wanted;
  }
  for (Node claim : workload.object->object.root["spec"]["volumeClaimTemplates"].items()) {
    std::string name = std::string(claim["metadata"]["name"].string()) + "-" + std::string(workload.name()) + "-0";
    Node live = world.snapshot().get("persistentvolumeclaims", workload.namespace_, name);
    wanted.push_back({live ? live : claim, name, claim["spec"]["storageClassName"]});
  }
  return wanted;
}

bool is_csi(std::string_view provisioner) {
  return provisioner.find("csi") != std::string_view::npos;
}

// The volume controller has called the provisioner for this claim of the cluster, and no volume came.
bool is_waiting_already(Node claim) {
  return claim["status"]["phase"].string() == "Pending" &&
         claim["metadata"]["annotations"].has("volume.kubernetes.io/storage-provisioner");
}

bool is_installed(World& world, std::string_view driver) {
  for (Node known : world.all("CSIDriver", {})) {
    if (known["metadata"]["name"].string() == driver) {
      return true;
    }
  }
  for (Node node : world.snapshot().list("csinodes").items) {
    for (Node entry : node["spec"]["drivers"].items()) {
      if (entry["name"].string() == driver) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

void check_provisioners(World& world, const Workload& workload, std::vector<Problem>& problems) {
  if (!world.knows("StorageClass", {})) {
    return;
  }
  for (const Wanted& wanted : claims_of(world, workload)) {
    std::string_view class_name = scheduling::class_of_claim(wanted.claim);
    bool named = !wanted.claim["spec"]["volumeName"].string().empty();
    if (scheduling::is_bound(wanted.claim) || named || class_name.empty()) {
      continue;
    }
    Node storage_class = world.find("StorageClass", {}, class_name);
    std::string_view provisioner = storage_class["provisioner"].string();
    bool absent = is_csi(provisioner) && world.knows("CSIDriver", {}) && !is_installed(world, provisioner);
    if (!absent && !is_waiting_already(wanted.claim)) {
      continue;
    }
    Problem problem;
    problem.variant = absent ? "" : "waiting";
    problem.cause = "provisioner-not-responding";
    problem.confidence = finding::Confidence::likely;
    problem.at = wanted.at;
    problem.values = {
        {"claim", wanted.name}, {"class", std::string(class_name)}, {"provisioner", std::string(provisioner)}};
    problems.push_back(std::move(problem));
  }
}

}  // namespace podcheck::preflight
