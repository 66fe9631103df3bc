// PodDisruptionBudgets: what they protect, and what they stop.
#include <algorithm>
#include <map>

#include "kube/effective.hpp"
#include "kube/references.hpp"
#include "kube/selector.hpp"
#include "lint/checks/controller/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

bool is_budget(const BundleObject& object) {
  return object.object.kind == "PodDisruptionBudget" && object.object.group == "policy";
}

// In policy/v1beta1 an empty selector selects nothing.
std::vector<const PodOf*> selected_by(const BundleObject& budget, const PodIndex& pods) {
  const Node selector = budget.object.root["spec"]["selector"];
  if (budget.object.version == "v1beta1" && selector["matchLabels"].empty() && selector["matchExpressions"].empty())
    return {};
  return pods.for_selector(budget.namespace_, selector);
}

std::string names_of(const std::vector<const PodOf*>& pods) {
  std::string out;
  for (const PodOf* pod : pods) {
    if (!out.empty())
      out += ", ";
    out += title(*pod->object);
  }
  return out;
}

}  // namespace

void check_pdb_blocks_eviction(const Place& place, Reporter& reporter) {
  const auto& pods = place.bundle.index<PodIndex>();
  for (const BundleObject& budget : place.bundle.objects()) {
    if (budget.context || !is_budget(budget))
      continue;
    const Node spec = budget.object.root["spec"];
    const Node least = spec["minAvailable"], most = spec["maxUnavailable"];
    Hit hit;
    hit.object = &budget;
    hit.at = least ? least : most;
    if (!hit.at)
      continue;
    hit.values = {{"field", least ? "minAvailable" : "maxUnavailable"}, {"value", hit.at.text()}};
    if (kube::scaled(most, 100, true) == 0 || least.string() == "100%") {
      hit.variant = "always";
      reporter.report(std::move(hit));
      continue;
    }
    if (!least)
      continue;
    // The controller sums the replicas of the workloads that own the selected pods.
    std::int64_t replicas = 0;
    const std::vector<const PodOf*> selected = selected_by(budget, pods);
    for (const PodOf* pod : selected) {
      if (!has_replicas(pod->object->object)) {
        replicas = -1;
        break;
      }
      replicas += std::max<std::int64_t>(0, least_replicas(place.bundle, *pod->object));
    }
    if (selected.empty() || replicas <= 0)
      continue;
    const auto kept = kube::scaled(least, replicas, true);
    if (!kept || *kept < replicas)
      continue;
    hit.values.emplace_back("replicas", std::to_string(replicas));
    hit.values.emplace_back("workload", names_of(selected));
    for (const PodOf* pod : selected) {
      const Node count = pod->object->object.root["spec"]["replicas"];
      hit.related.push_back(
          {count ? count : pod->object->object.root["metadata"]["name"], "replicas", pod->object, hit.values});
    }
    reporter.report(std::move(hit));
  }
}

void check_pdb_overlap(const Place& place, Reporter& reporter) {
  const auto& pods = place.bundle.index<PodIndex>();
  std::map<const PodOf*, const BundleObject*> first;  // the first budget of each pod
  for (const BundleObject& budget : place.bundle.objects()) {
    if (!is_budget(budget))
      continue;
    bool reported = false;
    for (const PodOf* pod : selected_by(budget, pods)) {
      const auto [earlier, is_new] = first.emplace(pod, &budget);
      if (is_new || reported || budget.context || earlier->second->object.name == budget.object.name ||
          !belong_together(place.settings, *earlier->second, budget))
        continue;
      reported = true;
      Hit hit;
      hit.object = &budget;
      hit.at = budget.object.root["spec"]["selector"];
      hit.on_key = true;
      hit.values = {{"other", std::string(earlier->second->object.name)}, {"workload", title(*pod->object)}};
      hit.related.push_back({earlier->second->object.root["spec"]["selector"], "other", earlier->second, hit.values});
      reporter.report(std::move(hit));
    }
  }
}

void check_pdb_selector(const Place& place, Reporter& reporter) {
  const bool empty_rule = place.params()["of"].string() == "empty";
  const auto& pods = place.bundle.index<PodIndex>();
  for (const BundleObject& budget : place.bundle.objects()) {
    if (budget.context || !is_budget(budget))
      continue;
    const Node spec = budget.object.root["spec"], selector = spec["selector"];
    const bool empty = selector["matchLabels"].empty() && selector["matchExpressions"].empty();
    Hit hit;
    hit.object = &budget;
    hit.values = {{"name", std::string(budget.object.name)}, {"namespace", budget.namespace_}};
    if (empty_rule && empty) {
      const bool everything = selector.is_mapping() && budget.object.version != "v1beta1";
      hit.at = selector ? selector : spec;
      hit.on_key = selector.is_mapping();
      if (!selector)
        hit.absent = "selector";
      hit.variant = everything ? "everything" : "nothing";
      // Where one workload is all there is, all pods is what is meant.
      if (everything && pods.in(budget.namespace_).size() == 1)
        continue;
      reporter.report(std::move(hit));
    } else if (!empty_rule && !empty) {
      if (!selected_by(budget, pods).empty())
        continue;
      // A workload of the budget's own name, or labels that differ by a typing error, show whom it is meant for.
      for (const PodOf& pod : pods.in(budget.namespace_)) {
        const document::Member* wanted = nullptr;
        std::vector<document::Member> differing;
        for (const document::Member& m : selector["matchLabels"].members())
          if (kube::label(pod.labels(), m.key) != m.value.text())
            differing.push_back(m);
        if (differing.size() == 1)
          wanted = &differing.front();
        if (wanted == nullptr || !selector["matchExpressions"].empty())
          continue;
        const std::string actual = kube::label(pod.labels(), wanted->key).value_or("");
        const bool slip = !actual.empty() && kube::is_near_miss(actual, wanted->value.text());
        if (!slip && pod.object->object.name != budget.object.name)
          continue;
        hit.at = wanted->value;
        hit.variant = "near";
        hit.values.emplace_back("key", std::string(wanted->key));
        hit.values.emplace_back("wanted", wanted->value.text());
        hit.values.emplace_back("workload", title(*pod.object));
        hit.related.push_back({pod.labels() ? pod.labels() : pod.pod->metadata, "labels", pod.object, hit.values});
        break;
      }
      if (!hit.at && place.settings.closed_bundle) {
        hit.at = selector;
        hit.on_key = true;
      }
      if (hit.at)
        reporter.report(std::move(hit));
    }
  }
}

}  // namespace podcheck::lint
