#include "preflight/fields.hpp"

#include <charconv>

#include "kube/effective.hpp"

namespace podcheck::preflight {

using document::Node;

namespace {

std::string_view value_of(const finding::Values& values, std::string_view name) {
  for (const auto& [key, text] : values) {
    if (key == name) {
      return text;
    }
  }
  return {};
}

Node element(Node list, std::string_view index) {
  std::size_t at = 0;
  auto [end, status] = std::from_chars(index.data(), index.data() + index.size(), at);
  return status == std::errc() && !index.empty() ? list[at] : Node();
}

// Where the container that asks for most of a resource asks for it.
Node largest_request(const Workload& workload, std::string_view resource) {
  const kube::Container* most = nullptr;
  std::optional<kube::Quantity> largest;
  for (const kube::Container& container : workload.pod->containers) {
    std::optional<kube::Quantity> own = kube::request(container, resource);
    if (own && (!largest || *own > *largest)) {
      largest = own;
      most = &container;
    }
  }
  if (most == nullptr) {
    return {};
  }
  Node resources = most->node["resources"];
  Node request = resources["requests"][resource];
  return request ? request : resources["limits"][resource];
}

Node host_port(const Workload& workload, std::string_view port) {
  for (const kube::Container& container : workload.pod->containers) {
    for (Node entry : container.node["ports"].items()) {
      if (entry["hostPort"].text() == port) {
        return entry["hostPort"];
      }
    }
  }
  return {};
}

Node claim_name(const Workload& workload, std::string_view claim) {
  for (Node volume : workload.pod->spec["volumes"].items()) {
    Node name = volume["persistentVolumeClaim"]["claimName"];
    if (name && name.string() == claim) {
      return name;
    }
  }
  for (Node one : workload.object->object.root["spec"]["volumeClaimTemplates"].items()) {
    if (claim.starts_with(one["metadata"]["name"].string())) {
      return one["metadata"]["name"];
    }
  }
  return {};
}

Node term(Node spec, const char* kind, std::string_view index) {
  return element(spec["affinity"][kind]["requiredDuringSchedulingIgnoredDuringExecution"], index);
}

}  // namespace

Node field_of(const Workload& workload, std::string_view cause, const finding::Values& values) {
  Node spec = workload.pod->spec;
  auto value = [&](std::string_view name) { return value_of(values, name); };
  if (cause == "node-selector-mismatch") {
    Node label = spec["nodeSelector"][value("key")];
    return label ? label : spec["nodeSelector"];
  }
  if (cause == "node-affinity-mismatch") {
    return spec["affinity"]["nodeAffinity"];
  }
  if (cause == "untolerated-taint") {
    return spec["tolerations"];
  }
  if (cause == "host-port-conflict") {
    return host_port(workload, value("port"));
  }
  if (cause == "pod-affinity") {
    return term(spec, "podAffinity", value("term"));
  }
  if (cause == "pod-anti-affinity") {
    return term(spec, "podAntiAffinity", value("term"));
  }
  if (cause == "topology-spread") {
    return element(spec["topologySpreadConstraints"], value("constraint"));
  }
  if (cause == "scheduling-gate") {
    return spec["schedulingGates"];
  }
  if (cause == "unknown-scheduler") {
    return spec["schedulerName"];
  }
  if (Node claim = value("claim").empty() ? Node() : claim_name(workload, value("claim"))) {
    return claim;
  }
  return value("resource").empty() ? Node() : largest_request(workload, value("resource"));
}

}  // namespace podcheck::preflight
