// What an update of a Deployment does to those who use it.
#include <algorithm>

#include "kube/effective.hpp"
#include "kube/selector.hpp"
#include "lint/checks/controller/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

const BundleObject* service_of(const Place& place) {
  for (const BundleObject* service : place.bundle.of_kind("Service", place.object->namespace_))
    if (kube::service_matches(service->object.root["spec"]["selector"], place.pod->metadata["labels"]))
      return service;
  return nullptr;
}

}  // namespace

void check_rollout_full_outage(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (object.kind != "Deployment")
    return;
  const std::int64_t replicas = least_replicas(place.bundle, *place.object);
  const Node unavailable = object.root["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"];
  if (replicas < 2 || object.root["spec"]["strategy"]["type"].string("RollingUpdate") != "RollingUpdate")
    return;
  const auto lost = kube::scaled(unavailable, replicas, false);
  if (!lost || *lost < replicas)
    return;
  const BundleObject* service = service_of(place);
  if (service == nullptr)
    return;
  Hit hit;
  hit.at = unavailable;
  hit.values = {{"unavailable", unavailable.text()},
                {"replicas", std::to_string(replicas)},
                {"service", std::string(service->object.name)}};
  hit.related.push_back({service->object.root["metadata"]["name"], "service", service, hit.values});
  reporter.report(std::move(hit));
}

void check_min_ready_zero_no_readiness(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (object.kind != "Deployment" || object.root["spec"]["strategy"]["type"].string("RollingUpdate") != "RollingUpdate")
    return;
  if (object.root["spec"]["minReadySeconds"].integer().value_or(0) > 0 ||
      least_replicas(place.bundle, *place.object) == 0)
    return;
  const auto& containers = place.pod->containers;
  if (std::any_of(containers.begin(), containers.end(), [](const kube::Container& c) {
        return c.role != kube::ContainerRole::init && (c.node["readinessProbe"] || c.node["startupProbe"]);
      }))
    return;
  Hit hit;
  hit.at = object.root["spec"];
  hit.absent = "minReadySeconds";
  hit.values = {{"workload", title(*place.object)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
