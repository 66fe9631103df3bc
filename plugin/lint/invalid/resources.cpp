#include "kube/effective.hpp"
#include "kube/names.hpp"
#include "kube/quantity.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/resource_names.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

using kube::Quantity;

void check_name(Faults& faults, Node quantity) {
  const std::string_view name = quantity.key();
  const bool domain = name.find('/') != std::string_view::npos;
  if (!kube::is_qualified_name(name))
    faults.key("resource-name-invalid", "qualified-name", quantity);
  else if (!domain && !is_standard_container_resource(name))
    faults.key("resource-name-invalid", "", quantity, {{"allowed", "cpu, memory, ephemeral-storage, hugepages-SIZE"}});
  else if (domain && !is_native_resource(name) && !is_extended_resource(name))
    faults.key("resource-name-invalid", "qualified-name", quantity);
}

void check_amount(Faults& faults, Node node, const std::optional<Quantity>& amount) {
  if (!amount)
    return;
  const std::string_view name = node.key();
  if (amount->is_negative())
    faults.value("quantity-invalid", "negative", node);
  if (is_whole_resource(name) && !amount->is_whole())
    faults.value("extended-resource-fraction", "", node, {{"resource", std::string(name)}});
  if (!is_huge_page(name))
    return;
  const auto page = kube::parse_quantity(name.substr(10));
  if (!page || page->is_zero() || page->is_negative() || amount->nanos() % page->nanos() != 0)
    faults.value("quantity-invalid", "huge-page", node, {{"size", std::string(name.substr(10))}});
}

bool has_nonzero(Node list, std::string_view name) {
  return static_cast<bool>(get(list, name));
}

// The limits and requests of a container or a pod.
void check_limits_and_requests(Faults& faults, Node resources) {
  const Node limits = get(resources, "limits");
  const Node requests = get(resources, "requests");
  bool huge = false;
  Node first_huge;
  for (const Node list : {limits, requests})
    for (const auto& member : list.members()) {
      if (member.value.is_null())
        continue;
      check_name(faults, member.value);
      check_amount(faults, member.value, kube::quantity_of(member.value));
      if (is_huge_page(member.key) && !huge) {
        huge = true;
        first_huge = member.value;
      }
    }
  for (const auto& member : requests.members()) {
    const auto request = kube::quantity_of(member.value);
    const Node limit_node = get(limits, member.key);
    const auto limit = kube::quantity_of(limit_node);
    const bool exact = !is_native_resource(member.key) || is_huge_page(member.key);
    if (!request)
      continue;
    if (!limit_node) {
      if (exact) {
        faults.key("gpu-request-without-limit", "", member.value, {{"resource", std::string(member.key)}});
      }
      continue;
    }
    if (!limit)
      continue;
    if (exact ? !(*request == *limit) : *request > *limit) {
      Hit& hit = faults.value(
          "request-exceeds-limit", exact ? "differs" : "", member.value,
          {{"resource", std::string(member.key)}, {"limit", limit_node.text()}, {"value", member.value.text()}});
      hit.related.push_back({limit_node, "limit", nullptr, {}});
    }
  }
  const bool cpu_or_memory = has_nonzero(limits, "cpu") || has_nonzero(limits, "memory") ||
                             has_nonzero(requests, "cpu") || has_nonzero(requests, "memory");
  if (huge && !cpu_or_memory)
    faults.key("resources-invalid", "huge-pages-alone", first_huge);
}

}  // namespace

void check_container_resources(Faults& faults, const PodContext& pod, Node container) {
  const Node resources = get(container, "resources");
  if (!resources.is_mapping())
    return;
  check_limits_and_requests(faults, resources);
  std::set<std::string> seen;
  for (const Node claim : get(resources, "claims").items()) {
    if (!is_struct(claim))
      continue;
    const Node name = required(faults, "resource-claim-invalid", claim, "name");
    if (!name.is_string())
      continue;
    const std::string key = std::string(name.string()) + "/" + std::string(get(claim, "request").string());
    if (!seen.insert(key).second)
      faults.value("resource-claim-invalid", "duplicate", name);
    else if (pod.resource_claims.count(name.string()) == 0)
      faults.value("resource-claim-invalid", "unresolved", name);
  }
}

void check_resource_map(Faults& faults, Node list) {
  for (const auto& member : list.members()) {
    if (member.value.is_null())
      continue;
    check_name(faults, member.value);
    check_amount(faults, member.value, kube::quantity_of(member.value));
  }
}

void check_pod_resources(Faults& faults, const PodContext& pod) {
  const Node resources = get(pod.spec, "resources");
  if (!resources.is_mapping())
    return;
  for (const char* key : {"limits", "requests"})
    for (const auto& member : get(resources, key).members())
      if (member.key != "cpu" && member.key != "memory" && !is_huge_page(member.key))
        faults.key("resource-name-invalid", "pod-level", member.value, {{"allowed", "cpu, memory, hugepages-SIZE"}});
      else
        check_amount(faults, member.value, kube::quantity_of(member.value));
  const Node limits = get(resources, "limits");
  const Node requests = get(resources, "requests");
  kube::ResourceList sum;
  for (const Node container : get(pod.spec, "containers").items())
    kube::add(sum, kube::requests(kube::Container{container, pod.spec, {}, kube::ContainerRole::app, 0}));
  for (const auto& member : requests.members()) {
    const auto request = kube::quantity_of(member.value);
    const auto limit = kube::quantity_of(get(limits, member.key));
    if (!request)
      continue;
    if (limit && *request > *limit)
      faults.value("request-exceeds-limit", "", member.value,
                   {{"resource", std::string(member.key)},
                    {"limit", get(limits, member.key).text()},
                    {"value", member.value.text()}});
    if (const auto all = sum.find(member.key); all != sum.end() && all->second > *request)
      faults.value("resources-invalid", "pod-below-containers", member.value, {{"sum", kube::to_string(all->second)}});
  }
  for (const char* list : {"containers", "initContainers"})
    for (const Node container : get(pod.spec, list).items())
      for (const auto& member : get(get(container, "resources"), "limits").members()) {
        const auto own = kube::quantity_of(member.value);
        const auto limit = kube::quantity_of(get(limits, member.key));
        if (own && limit && *own > *limit)
          faults.value("resources-invalid", "above-pod-limit", member.value,
                       {{"limit", get(limits, member.key).text()}});
      }
}

}  // namespace podcheck::lint::invalid
