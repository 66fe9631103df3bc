// StatefulSets and their governing Service.
#include <algorithm>

#include "kube/image.hpp"
#include "lint/checks/controller/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

const BundleObject* governing_service(const Place& place) {
  const kube::Object& object = place.object->object;
  if (object.kind != "StatefulSet")
    return nullptr;
  return place.bundle.find("Service", place.object->namespace_, object.root["spec"]["serviceName"].string());
}

}  // namespace

void check_statefulset_service_not_headless(const Place& place, Reporter& reporter) {
  const BundleObject* service = governing_service(place);
  if (service == nullptr || service->object.root["spec"]["clusterIP"].string() == "None")
    return;
  Hit hit;
  hit.at = place.object->object.root["spec"]["serviceName"];
  hit.values = {{"service", std::string(service->object.name)}};
  const Node address = service->object.root["spec"]["clusterIP"];
  hit.related.push_back({address ? address : service->object.root["spec"], "service", service, hit.values});
  reporter.report(std::move(hit));
}

void check_statefulset_peer_deadlock(const Place& place, Reporter& reporter) {
  const BundleObject* service = governing_service(place);
  const Node spec = place.object->object.root["spec"];
  if (service == nullptr || replicas_of(place.object->object) < 2)
    return;
  if (spec["podManagementPolicy"].string("OrderedReady") != "OrderedReady")
    return;
  const Node published = service->object.root["spec"]["publishNotReadyAddresses"];
  if (service->object.root["spec"]["clusterIP"].string() != "None" || published.boolean().value_or(false))
    return;
  for (const kube::Container& container : place.pod->containers) {
    if (container.role != kube::ContainerRole::app || !container.node["readinessProbe"])
      continue;
    const auto image = kube::parse_image(container.node["image"].string());
    if (!image)
      continue;
    const auto hints = place.params()["images"].items();
    const auto hint =
        std::find_if(hints.begin(), hints.end(), [&](Node name) { return image->basename() == name.string(); });
    if (hint == hints.end())
      continue;
    Hit hit;
    hit.at = spec["serviceName"];
    hit.values = {{"service", std::string(service->object.name)},
                  {"hint", std::string((*hint).string())},
                  {"container", std::string(container.name)}};
    const Node service_spec = service->object.root["spec"];
    hit.related.push_back({published ? published : service_spec, "service", service, hit.values});
    reporter.report(std::move(hit));
    return;
  }
}

}  // namespace podcheck::lint
