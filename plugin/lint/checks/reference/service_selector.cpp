// Which pods a Service selects: none although they are nearly right, or more than it can serve.
#include <algorithm>

#include "kube/references.hpp"
#include "kube/selector.hpp"
#include "lint/checks/container/place.hpp"
#include "lint/checks/pods.hpp"
#include "lint/checks/reference/checks.hpp"
#include "lint/inputs/kustomize.hpp"

namespace podcheck::lint {
namespace {

using document::Member;
using document::Node;

std::string text_of(Node selector) {
  std::string out;
  for (const Member& m : selector.members()) {
    if (!out.empty())
      out += ",";
    out += std::string(m.key) + "=" + m.value.text();
  }
  return out;
}

// Labels that a controller or the application itself puts on running pods.
bool is_set_at_run_time(std::string_view key) {
  for (const char* word : {"role", "leader", "master", "primary", "pod-name", "pod-index", "hash", "active", "shard"})
    if (key.find(word) != std::string_view::npos)
      return true;
  return false;
}

// The one label by which a selector misses pods that it is clearly meant for.
struct Miss {
  const PodOf* pod = nullptr;
  Member wanted;
  std::string actual;  // empty: the pods lack the label
};

// Meant for them: the values are a typing slip apart, or Service and workload have the same name.
std::optional<Miss> near_miss(const BundleObject& service, Node selector, const std::vector<PodOf>& pods) {
  for (const PodOf& pod : pods) {
    std::optional<Miss> miss;
    bool one_label = true;
    for (const Member& m : selector.members()) {
      const std::optional<std::string> actual = kube::label(pod.labels(), m.key);
      if (actual == m.value.text())
        continue;
      if (miss)
        one_label = false;
      miss = Miss{&pod, m, actual.value_or("")};
      if (!m.value.is_string())
        one_label = false;
      if (is_set_at_run_time(m.key))
        one_label = false;
    }
    if (!miss || !one_label)
      continue;
    const bool slip = !miss->actual.empty() && kube::is_near_miss(miss->actual, miss->wanted.value.text());
    const bool same_name = pod.object->object.name == service.object.name && !runs_to_completion(pod.object->object);
    if (slip || same_name)
      return miss;
  }
  return std::nullopt;
}

void report_unmatched(const Place& place, Reporter& reporter, const BundleObject& service, Node selector,
                      const std::vector<PodOf>& pods) {
  Hit hit;
  hit.object = &service;
  hit.values = {{"selector", text_of(selector)},
                {"service", std::string(service.object.name)},
                {"namespace", service.namespace_}};
  if (const auto miss = near_miss(service, selector, pods)) {
    hit.at = miss->wanted.value;
    hit.variant = miss->actual.empty() ? "lacks" : "differs";
    hit.values.emplace_back("key", std::string(miss->wanted.key));
    hit.values.emplace_back("wanted", miss->wanted.value.text());
    hit.values.emplace_back("actual", miss->actual);
    hit.values.emplace_back("workload", title(*miss->pod->object));
    const Node labels = miss->pod->labels();
    const Node other = labels[miss->wanted.key];
    hit.related.push_back({other    ? other
                           : labels ? labels
                                    : miss->pod->pod->metadata,
                           "labels", miss->pod->object, hit.values});
    if (!miss->actual.empty() && !hit.at.shared())
      hit.changes.push_back({Hit::Change::Kind::replace_value, hit.at, {}, scalar_like(hit.at, miss->actual)});
  } else if (place.settings.closed_bundle) {
    hit.at = selector;
    hit.on_key = true;
  } else {
    return;
  }
  reporter.report(std::move(hit));
}

std::string names_of(const std::vector<const PodOf*>& pods) {
  std::string out;
  for (const PodOf* pod : pods) {
    const std::string name = title(*pod->object);
    if (out.find(name) != std::string::npos)
      continue;
    if (!out.empty())
      out += ", ";
    out += name;
  }
  return out;
}

bool declares_ports(const kube::PodTemplate& pod) {
  return std::any_of(pod.containers.begin(), pod.containers.end(),
                     [](const kube::Container& c) { return !c.node["ports"].empty(); });
}

bool declares(const kube::PodTemplate& pod, Node target) {
  for (const kube::Container& c : pod.containers)
    for (Node port : c.node["ports"].items())
      if (target.is_string() ? port["name"].string() == target.string()
                             : port["containerPort"].integer() == target.integer())
        return true;
  return false;
}

// Pods that a port of the Service cannot reach, while others of its pods serve that port.
void report_too_broad(Reporter& reporter, const BundleObject& service, Node selector,
                      const std::vector<const PodOf*>& selected) {
  for (Node port : service.object.root["spec"]["ports"].items()) {
    const Node target = port["targetPort"] ? port["targetPort"] : port["port"];
    std::vector<const PodOf*> serving, others;
    for (const PodOf* pod : selected) {
      if (declares(*pod->pod, target))
        serving.push_back(pod);
      else if (declares_ports(*pod->pod) || runs_to_completion(pod->object->object))
        others.push_back(pod);
    }
    if (serving.empty() || others.empty())
      continue;
    Hit hit;
    hit.object = &service;
    hit.at = selector;
    hit.on_key = true;
    hit.values = {{"selector", text_of(selector)},
                  {"service", std::string(service.object.name)},
                  {"serving", names_of(serving)},
                  {"others", names_of(others)},
                  {"port", target.text()}};
    for (const PodOf* pod : others)
      hit.related.push_back({pod->labels(), "other", pod->object, {{"workload", title(*pod->object)}}});
    reporter.report(std::move(hit));
    return;
  }
}

}  // namespace

void check_service_selector(const Place& place, Reporter& reporter) {
  const bool broad = place.params()["of"].string() == "too-broad";
  const auto& pods = place.bundle.index<PodIndex>();
  for (const BundleObject& service : place.bundle.objects()) {
    if (service.context || service.object.kind != "Service" || !service.object.group.empty())
      continue;
    const Node selector = service.object.root["spec"]["selector"];
    if (!selector.is_mapping() || selector.empty() || service.object.root["spec"]["type"].string() == "ExternalName")
      continue;
    std::vector<const PodOf*> selected = pods.for_service(service.namespace_, selector);
    if (broad) {
      std::erase_if(selected,
                    [&](const PodOf* pod) { return !belong_together(place.settings, service, *pod->object); });
      report_too_broad(reporter, service, selector, selected);
    } else if (selected.empty() && !is_selected_by_kustomize(service))
      report_unmatched(place, reporter, service, selector, pods.in(service.namespace_));
  }
}

}  // namespace podcheck::lint
