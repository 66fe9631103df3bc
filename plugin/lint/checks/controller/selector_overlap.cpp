// Two controllers whose selectors take in each other's pods.
#include <map>
#include <set>

#include "kube/selector.hpp"
#include "lint/checks/controller/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

bool selects_pods(const kube::Object& object) {
  return has_replicas(object) || object.kind == "DaemonSet";
}

// The pods that a controller selects; a selector without any demand is refused by the API server.
std::vector<const PodOf*> taken_by(const BundleObject& controller, const PodIndex& pods) {
  const Node selector = controller.object.root["spec"]["selector"];
  if (controller.object.kind == "ReplicationController")
    return pods.for_service(controller.namespace_, selector);
  if (selector["matchLabels"].empty() && selector["matchExpressions"].empty())
    return {};
  return pods.for_selector(controller.namespace_, selector);
}

}  // namespace

void check_selector_overlap(const Place& place, Reporter& reporter) {
  const auto& pods = place.bundle.index<PodIndex>();
  std::map<const BundleObject*, std::set<const BundleObject*>> taken;  // by each controller so far
  for (const BundleObject& later : place.bundle.objects()) {
    if (!selects_pods(later.object) || later.pods.size() != 1)
      continue;
    const std::vector<const PodOf*> selected = taken_by(later, pods);
    for (const PodOf* pod : selected)
      taken[&later].insert(pod->object);
    for (const PodOf* pod : selected) {
      const BundleObject* earlier = pod->object;
      const auto back = earlier == &later ? taken.end() : taken.find(earlier);
      if (back == taken.end() || !back->second.contains(&later) || later.context)
        continue;
      if (earlier->object.kind == later.object.kind && earlier->object.name == later.object.name)
        continue;
      if (!belong_together(place.settings, *earlier, later))
        continue;
      Hit hit;
      hit.object = &later;
      hit.at = later.object.root["spec"]["selector"];
      hit.on_key = true;
      hit.values = {{"workload", title(later)}, {"other", title(*earlier)}};
      hit.related.push_back({earlier->object.root["spec"]["selector"], "other", earlier, hit.values});
      reporter.report(std::move(hit));
      break;
    }
  }
}

}  // namespace podcheck::lint
