// Keys of node labels and taints that are gone or on their way out.
#include <algorithm>

#include "lint/checks/scheduling/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

constexpr std::string_view legacy_taint = "node-role.kubernetes.io/master";
constexpr std::string_view control_plane = "node-role.kubernetes.io/control-plane";

// The entry {from, to, severity} of params.labels.
Node replacement(Node labels, std::string_view key) {
  for (Node entry : labels.items())
    if (entry["from"].string() == key)
      return entry;
  return {};
}

void report(Reporter& reporter, Node at, bool on_key, Node entry) {
  Hit hit;
  hit.at = at;
  hit.on_key = on_key;
  hit.values = {{"key", std::string(entry["from"].string())}, {"replacement", std::string(entry["to"].string())}};
  if (const auto severity = finding::severity_from(entry["severity"].string()))
    hit.severity = severity;
  hit.safety = finding::Safety::safe;
  if (!at.shared()) {
    if (on_key)
      hit.changes.push_back({Hit::Change::Kind::replace_key, at, std::string(entry["to"].string()), {}});
    else
      hit.changes.push_back({Hit::Change::Kind::replace_value, at, {}, std::string(entry["to"].string())});
  }
  reporter.report(std::move(hit));
}

template <typename Visit>
void each_expression_key(Node spec, Visit visit) {
  const Node node_affinity = spec["affinity"]["nodeAffinity"];
  const auto term = [&](Node item) {
    for (Node expression : item["matchExpressions"].items())
      visit(expression["key"]);
  };
  for (Node item : node_affinity["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"].items())
    term(item);
  for (Node item : node_affinity["preferredDuringSchedulingIgnoredDuringExecution"].items())
    term(item["preference"]);
}

template <typename Visit>
void each_topology_key(Node spec, Visit visit) {
  for (Node constraint : spec["topologySpreadConstraints"].items())
    visit(constraint["topologyKey"]);
  for (const char* kind : {"podAffinity", "podAntiAffinity"}) {
    const Node affinity = spec["affinity"][kind];
    for (Node term : affinity["requiredDuringSchedulingIgnoredDuringExecution"].items())
      visit(term["topologyKey"]);
    for (Node term : affinity["preferredDuringSchedulingIgnoredDuringExecution"].items())
      visit(term["podAffinityTerm"]["topologyKey"]);
  }
}

}  // namespace

void check_node_label_deprecated(const Place& place, Reporter& reporter) {
  const Node labels = place.params()["labels"];
  const Node spec = place.pod->spec;
  for (const document::Member& member : spec["nodeSelector"].members())
    if (const Node entry = replacement(labels, member.key)) {
      // Renaming onto a key that is there already would make it twice.
      if (!spec["nodeSelector"].has(entry["to"].string()))
        report(reporter, member.value, true, entry);
    }
  const auto value = [&](Node key) {
    if (const Node entry = replacement(labels, key.string()))
      report(reporter, key, false, entry);
  };
  each_expression_key(spec, value);
  each_topology_key(spec, value);
}

void check_taint_key_legacy(const Place& place, Reporter& reporter) {
  const Node spec = place.pod->spec;
  const Node tolerations = spec["tolerations"];
  Node legacy;
  for (Node toleration : tolerations.items())
    if (toleration["key"].string() == legacy_taint && !legacy)
      legacy = toleration;
  const auto items = tolerations.items();
  // An empty key with Exists tolerates everything.
  const bool tolerated = std::any_of(items.begin(), items.end(), [](Node t) {
    return t["key"].string() == control_plane || (t["key"].string().empty() && t["operator"].string() == "Exists");
  });
  if (legacy && !tolerated) {
    Hit hit;
    hit.at = legacy["key"];
    hit.values = {{"key", std::string(legacy_taint)}, {"replacement", std::string(control_plane)}};
    hit.safety = finding::Safety::safe;
    if (place.object->object.kind != "DaemonSet")
      hit.severity = finding::Severity::info;  // the pod may run elsewhere
    std::string copy = "{key: " + std::string(control_plane);
    for (const char* field : {"operator", "value", "effect"})
      if (legacy[field].is_string())
        copy += ", " + std::string(field) + ": " + std::string(legacy[field].string());
    if (!tolerations.shared())
      hit.changes.push_back({Hit::Change::Kind::append_item, tolerations, {}, copy + "}"});
    reporter.report(std::move(hit));
  }
  const auto selector = [&](Node at, bool on_key) {
    Hit hit;
    hit.at = at;
    hit.on_key = on_key;
    hit.variant = "selector";
    hit.values = {{"key", std::string(legacy_taint)}, {"replacement", std::string(control_plane)}};
    hit.safety = finding::Safety::safe;
    if (!at.shared() && on_key)
      hit.changes.push_back({Hit::Change::Kind::replace_key, at, std::string(control_plane), {}});
    reporter.report(std::move(hit));
  };
  if (const Node label = spec["nodeSelector"][legacy_taint]; label && !spec["nodeSelector"].has(control_plane))
    selector(label, true);
  for (Node term :
       spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
           .items()) {
    // Several terms are alternatives: one for the old name and one for the new is how both are supported.
    if (spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"].size() >
        1)
      break;
    for (Node expression : term["matchExpressions"].items())
      if (expression["key"].string() == legacy_taint && expression["operator"].string() != "DoesNotExist" &&
          expression["operator"].string() != "NotIn")
        selector(expression["key"], false);
  }
}

void check_node_pinned(const Place& place, Reporter& reporter) {
  const Node spec = place.pod->spec;
  const auto report_pin = [&](Node at, const char* variant) {
    Hit hit;
    hit.at = at;
    hit.variant = variant;
    hit.values = {{"node", at.text()}};
    reporter.report(std::move(hit));
  };
  if (!spec["nodeName"].string().empty())
    report_pin(spec["nodeName"], "name");
  if (const Node host = spec["nodeSelector"]["kubernetes.io/hostname"]; host.is_string())
    report_pin(host, "selector");
}

void check_scheduler_name_unknown(const Place& place, Reporter& reporter) {
  const Node name = place.pod->spec["schedulerName"];
  if (name.string().empty() || name.string() == "default-scheduler")
    return;
  if (place.settings.is_known_external("Scheduler", name.string()))
    return;
  // A workload of the input that runs such a scheduler.
  for (const BundleObject& object : place.bundle.objects())
    if (object.object.name == name.string())
      return;
  Hit hit;
  hit.at = name;
  hit.values = {{"name", std::string(name.string())}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
