// Claims that one node, or one pod, may use at a time, and workloads that need them in several.
#include <algorithm>

#include "kube/references.hpp"
#include "lint/checks/config/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

struct Claim {
  Node name;  // in the pod
  const BundleObject* object = nullptr;
  bool one_pod = false;  // ReadWriteOncePod
};

// The claims of the input that the pod writes and that cannot be mounted on two nodes.
std::vector<Claim> exclusive_claims(const Place& place) {
  std::vector<Claim> out;
  for (Node volume : place.pod->spec["volumes"].items()) {
    const Node claim = volume["persistentVolumeClaim"];
    if (!claim || claim["readOnly"].boolean().value_or(false))
      continue;
    const BundleObject* found =
        place.bundle.find("PersistentVolumeClaim", place.object->namespace_, claim["claimName"].string());
    if (found == nullptr)
      continue;
    bool once = false, once_pod = false, many = false;
    for (Node mode : found->object.root["spec"]["accessModes"].items()) {
      once = once || mode.string() == "ReadWriteOnce";
      once_pod = once_pod || mode.string() == "ReadWriteOncePod";
      many = many || mode.string() == "ReadWriteMany" || mode.string() == "ReadOnlyMany";
    }
    if (!many && (once || once_pod))
      out.push_back({claim["claimName"], found, once_pod});
  }
  return out;
}

Hit hit_for(const Claim& claim) {
  Hit hit;
  hit.at = claim.name;
  hit.values = {{"claim", std::string(claim.name.string())},
                {"mode", claim.one_pod ? "ReadWriteOncePod" : "ReadWriteOnce"}};
  hit.related.push_back({claim.object->object.root["spec"]["accessModes"], "claim", claim.object, hit.values});
  return hit;
}

// The first other object of the input whose pods write to the claim too.
const BundleObject* earlier_user(const Place& place, std::string_view claim) {
  for (const BundleObject& other : place.bundle.objects()) {
    if (&other == place.object)
      return nullptr;
    if (other.namespace_ != place.object->namespace_)
      continue;
    for (const kube::PodTemplate& pod : other.pods)
      for (Node volume : pod.spec["volumes"].items())
        if (volume["persistentVolumeClaim"]["claimName"].string() == claim)
          return &other;
  }
  return nullptr;
}

// All pods are sent to one node.
bool on_one_node(const kube::PodTemplate& pod) {
  if (pod.spec["nodeName"] || pod.spec["nodeSelector"]["kubernetes.io/hostname"])
    return true;
  for (Node term : pod.spec["affinity"]["podAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"].items())
    if (term["topologyKey"].string() == "kubernetes.io/hostname")
      return true;
  return false;
}

}  // namespace

void check_pvc_rwo_replicas(const Place& place, Reporter& reporter) {
  for (const Claim& claim : exclusive_claims(place)) {
    const BundleObject* other = claim.one_pod ? earlier_user(place, claim.name.string()) : nullptr;
    // Two that end may take turns.
    if (other == nullptr || (kube::runs_to_completion(other->object) && kube::runs_to_completion(place.object->object)))
      continue;
    Hit hit = hit_for(claim);
    hit.variant = "shared";
    hit.values.emplace_back("other", title(*other));
    hit.related.push_back({other->object.root["metadata"]["name"], "other", other, hit.values});
    reporter.report(std::move(hit));
  }
  if (place.object->object.kind != "Deployment" && place.object->object.kind != "ReplicaSet")
    return;
  const std::int64_t most = most_replicas(place.bundle, *place.object);
  if (most <= 1)
    return;
  for (const Claim& claim : exclusive_claims(place)) {
    if (!claim.one_pod && on_one_node(*place.pod))
      continue;
    Hit hit = hit_for(claim);
    hit.values.emplace_back("replicas", std::to_string(most));
    if (claim.one_pod) {
      hit.variant = "one-pod";
      hit.severity = finding::Severity::error;
    }
    reporter.report(std::move(hit));
  }
}

void check_pvc_rwo_rolling_update(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (object.kind != "Deployment" || most_replicas(place.bundle, *place.object) != 1)
    return;
  const Node strategy = object.root["spec"]["strategy"];
  if (strategy["type"].string("RollingUpdate") != "RollingUpdate")
    return;
  const Node surge = strategy["rollingUpdate"]["maxSurge"];
  if (surge && kube::scaled(surge, 1, true).value_or(1) == 0)
    return;
  for (const Claim& claim : exclusive_claims(place)) {
    if (!claim.one_pod && on_one_node(*place.pod))
      continue;
    Hit hit = hit_for(claim);
    if (strategy.is_mapping())
      hit.related.push_back({strategy, "strategy", nullptr, hit.values});
    if (!strategy && !object.root["spec"].shared())
      hit.changes.push_back({Hit::Change::Kind::insert_member, object.root["spec"], "strategy", "{type: Recreate}"});
    else if (strategy["type"] && !strategy["rollingUpdate"] && !strategy["type"].shared())
      hit.changes.push_back({Hit::Change::Kind::replace_value, strategy["type"], {}, "Recreate"});
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
