// What the scheduler would look at and no filter here does. It is said with the answer, never passed over.
//
// - Devices for claims that are not allocated: ResourceSlices and CEL decide (plugins/dynamicresources).
// - Extended resources that a DeviceClass offers: NodeResourcesFit leaves them to DynamicResources on nodes that do not
//   list the resource themselves (plugins/noderesources/fit.go, gate DRAExtendedResource).
// - Pods of a group wait for each other (plugins/gangscheduling, spec.schedulingGroup; spec.workloadRef in 1.35).
#include <algorithm>

#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

using document::Node;

bool offered_by_device_class(const Cluster& cluster, std::string_view resource) {
  const std::vector<Node>& classes = cluster.objects().device_classes;
  return std::any_of(classes.begin(), classes.end(), [&](Node one) {
    return one["spec"]["extendedResourceName"].string() == resource ||
           resource == "deviceclass.resource.kubernetes.io/" + std::string(one["metadata"]["name"].string());
  });
}

namespace {

Reason unjudged(std::string_view id, finding::Values values) {
  Reason reason;
  reason.id = id;
  reason.values = std::move(values);
  return reason;
}

}  // namespace

std::vector<Reason> not_judged(const Cluster& cluster, const Incoming& incoming) {
  std::vector<Reason> all;
  Node spec = incoming.pod.object["spec"];
  for (Node entry : spec["resourceClaims"].items()) {
    Node named = entry["resourceClaimName"];
    Node claim = cluster.resource_claim(incoming.pod.namespace_, named.string());
    if (!claim["status"]["allocation"]) {
      all.push_back(unjudged("devices", {{"claim", std::string(named ? named.string() : entry["name"].string())}}));
    }
  }
  for (const auto& [name, amount] : incoming.pod.requests.scalars) {
    if (amount > 0 && offered_by_device_class(cluster, name)) {
      all.push_back(unjudged("device-resource", {{"resource", std::string(name)}}));
    }
  }
  for (Node group : {spec["schedulingGroup"]["podGroupName"], spec["workloadRef"]["podGroup"]}) {
    if (group) {
      all.push_back(unjudged("pod-group", {{"group", std::string(group.string())}}));
    }
  }
  return all;
}

}  // namespace podcheck::scheduling
