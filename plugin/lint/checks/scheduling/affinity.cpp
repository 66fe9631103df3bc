// Label selectors of affinity and spreading that select nothing, or not the pod that they stand in.
#include "kube/selector.hpp"
#include "lint/checks/scheduling/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

template <typename Visit>
void each_term(Node spec, Visit visit) {
  for (const char* kind : {"podAffinity", "podAntiAffinity"}) {
    const Node affinity = spec["affinity"][kind];
    for (Node term : affinity["requiredDuringSchedulingIgnoredDuringExecution"].items())
      visit(term, kind, true);
    for (Node term : affinity["preferredDuringSchedulingIgnoredDuringExecution"].items())
      visit(term["podAffinityTerm"], kind, false);
  }
}

}  // namespace

void check_affinity_selector_null(const Place& place, Reporter& reporter) {
  each_term(place.pod->spec, [&](Node term, const char* kind, bool required) {
    if (!term.is_mapping() || (term["labelSelector"] && !term["labelSelector"].is_null()))
      return;
    Hit hit;
    hit.at = term["labelSelector"] ? term["labelSelector"] : term;
    if (!term["labelSelector"])
      hit.absent = "labelSelector";
    hit.values = {{"kind", kind}};
    // A required affinity to no pod at all can never be met; the others are merely without effect.
    hit.variant = required && std::string_view(kind) == "podAffinity" ? "never" : "nothing";
    reporter.report(std::move(hit));
  });
}

void check_topology_spread_self_mismatch(const Place& place, Reporter& reporter) {
  const Node labels = place.pod->metadata["labels"];
  for (Node constraint : place.pod->spec["topologySpreadConstraints"].items()) {
    const Node selector = constraint["labelSelector"];
    Hit hit;
    hit.values = {{"topology", std::string(constraint["topologyKey"].string())}};
    if (!selector || selector.is_null()) {
      hit.at = selector ? selector : constraint;
      if (!selector)
        hit.absent = "labelSelector";
      hit.variant = "nothing";
    } else if (!kube::matches(selector, labels)) {
      hit.at = selector;
      hit.on_key = true;
      hit.related.push_back({labels ? labels : place.pod->metadata, "labels", nullptr, hit.values});
    } else {
      continue;
    }
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
