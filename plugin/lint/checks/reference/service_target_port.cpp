// A Service forwards to a port that none of its pods serves.
#include <algorithm>

#include "kube/references.hpp"
#include "kube/selector.hpp"
#include "lint/checks/container/place.hpp"
#include "lint/checks/pods.hpp"
#include "lint/checks/reference/checks.hpp"
#include "lint/inputs/kustomize.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

// Whether a number stands anywhere in a tree as a word of its own: a flag, a variable, a probe, a configuration file.
bool mentions(Node node, std::string_view number, int depth = 0) {
  constexpr int deepest = 64;
  if (!node || depth > deepest)
    return false;
  if (node.is_sequence()) {
    for (Node item : node.items())
      if (mentions(item, number, depth + 1))
        return true;
    return false;
  }
  if (node.is_mapping()) {
    for (const document::Member& m : node.members())
      if (mentions(m.value, number, depth + 1))
        return true;
    return false;
  }
  const std::string text = node.text();
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = text.find(number); at != std::string::npos; at = text.find(number, at + 1)) {
    const std::size_t end = at + number.size();
    if ((at == 0 || !digit(text[at - 1])) && (end == text.size() || !digit(text[end])))
      return true;
  }
  return false;
}

bool mentioned_by(const Bundle& bundle, const PodOf& pod, std::string_view number) {
  if (mentions(pod.pod->spec, number))
    return true;
  for (const kube::Reference& reference : kube::pod_references(*pod.pod))
    if (reference.kind == "ConfigMap")
      if (const BundleObject* map = bundle.find("ConfigMap", pod.object->namespace_, reference.name))
        if (mentions(map->object.root["data"], number))
          return true;
  return false;
}

struct Declared {
  std::vector<std::string> names, numbers, all;
  Node first;
  const BundleObject* object = nullptr;
};

Declared declared_by(const std::vector<const PodOf*>& pods) {
  Declared out;
  const auto add = [](std::vector<std::string>& list, std::string text) {
    if (std::find(list.begin(), list.end(), text) == list.end())
      list.push_back(std::move(text));
  };
  for (const PodOf* pod : pods)
    for (const kube::Container& c : pod->pod->containers)
      for (Node port : c.node["ports"].items()) {
        const std::string number = port["containerPort"].text();
        const std::string name(port["name"].string());
        if (!name.empty())
          add(out.names, name);
        add(out.numbers, number);
        add(out.all, name.empty() ? number : number + " (" + name + ")");
        if (!out.first) {
          out.first = c.node["ports"];
          out.object = pod->object;
        }
      }
  return out;
}

std::string listed(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items)
    out += (out.empty() ? "" : ", ") + item;
  return out;
}

}  // namespace

void check_service_target_port(const Place& place, Reporter& reporter) {
  const auto& pods = place.bundle.index<PodIndex>();
  for (const BundleObject& service : place.bundle.objects()) {
    if (service.context || service.object.kind != "Service" || !service.object.group.empty())
      continue;
    const Node spec = service.object.root["spec"];
    if (!spec["selector"].is_mapping() || spec["selector"].empty() || spec["type"].string() == "ExternalName")
      continue;
    std::vector<const PodOf*> selected = pods.for_service(service.namespace_, spec["selector"]);
    std::erase_if(selected, [](const PodOf* pod) { return kube::runs_to_completion(pod->object->object); });
    // What a kustomization patches may declare more ports.
    const bool patched =
        std::any_of(selected.begin(), selected.end(), [](const PodOf* pod) { return is_patched(*pod->object); });
    if (selected.empty() || patched)
      continue;
    const Declared declared = declared_by(selected);
    for (Node port : spec["ports"].items()) {
      const Node target = port["targetPort"] && !port["targetPort"].is_null() ? port["targetPort"] : port["port"];
      Hit hit;
      hit.object = &service;
      hit.at = target;
      hit.values = {{"target", target.text()},
                    {"service", std::string(service.object.name)},
                    {"workload", title(*selected.front()->object)},
                    {"declared", listed(declared.all)}};
      if (target.is_string()) {
        if (std::find(declared.names.begin(), declared.names.end(), target.string()) != declared.names.end())
          continue;
        hit.variant = declared.all.empty() ? "name-none" : "name";
        hit.severity = finding::Severity::error;
        const std::string near = catalogue::nearest(target.string(), declared.names);
        if (!near.empty() && !target.shared())
          hit.changes.push_back({Hit::Change::Kind::replace_value, target, {}, scalar_like(target, near)});
      } else {
        const std::string number = target.text();
        if (declared.numbers.empty() || spec["clusterIP"].string() == "None")
          continue;
        if (std::find(declared.numbers.begin(), declared.numbers.end(), number) != declared.numbers.end())
          continue;
        // Containers need not declare the ports that they serve.
        if (std::any_of(selected.begin(), selected.end(),
                        [&](const PodOf* pod) { return mentioned_by(place.bundle, *pod, number); }))
          continue;
        const bool single = declared.numbers.size() == 1 && spec["ports"].size() == 1;
        if (!single && declared.numbers.size() > 3)
          continue;
      }
      if (declared.first)
        hit.related.push_back({declared.first, "ports", declared.object, hit.values});
      reporter.report(std::move(hit));
    }
  }
}

}  // namespace podcheck::lint
