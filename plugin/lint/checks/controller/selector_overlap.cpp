// Two controllers whose selectors take in each other's pods.
#include <map>

#include "kube/selector.hpp"
#include "lint/checks/controller/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

bool selects_pods(const kube::Object& object) {
  return has_replicas(object) || object.kind == "DaemonSet";
}

bool takes(const BundleObject& controller, const BundleObject& other) {
  const Node selector = controller.object.root["spec"]["selector"];
  const Node labels = other.pods.front().metadata["labels"];
  return controller.object.kind == "ReplicationController"
             ? kube::service_matches(selector, labels)
             : selector && !(selector["matchLabels"].empty() && selector["matchExpressions"].empty()) &&
                   kube::matches(selector, labels);
}

}  // namespace

void check_selector_overlap(const Place& place, Reporter& reporter) {
  std::map<std::string_view, std::vector<const BundleObject*>> by_namespace;
  for (const BundleObject& object : place.bundle.objects())
    if (selects_pods(object.object) && object.pods.size() == 1)
      by_namespace[object.namespace_].push_back(&object);
  constexpr std::size_t most = 2000;  // compared pairwise
  for (const auto& [namespace_, list] : by_namespace) {
    if (list.size() > most)
      continue;
    for (std::size_t later = 1; later < list.size(); ++later)
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        const BundleObject &a = *list[earlier], &b = *list[later];
        if (b.context || (a.object.kind == b.object.kind && a.object.name == b.object.name))
          continue;
        if (!belong_together(place.settings, a, b) || !takes(a, b) || !takes(b, a))
          continue;
        Hit hit;
        hit.object = &b;
        hit.at = b.object.root["spec"]["selector"];
        hit.on_key = true;
        hit.values = {{"workload", title(b)}, {"other", title(a)}};
        hit.related.push_back({a.object.root["spec"]["selector"], "other", &a, hit.values});
        reporter.report(std::move(hit));
        break;
      }
  }
}

}  // namespace podcheck::lint
