// Ports of the node: one pod at a time can have each.
#include <algorithm>

#include "kube/effective.hpp"
#include "kube/selector.hpp"
#include "lint/checks/pods.hpp"
#include "lint/checks/scheduling/checks.hpp"
#include "lint/checks/scheduling/node_profiles.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

struct HostPort {
  std::int64_t number;
  std::string_view protocol, address;
  Node at;
  const BundleObject* object;
  const kube::PodTemplate* pod;
};

std::vector<HostPort> host_ports(const BundleObject& object, const kube::PodTemplate& pod) {
  const bool host_network = pod.spec["hostNetwork"].boolean().value_or(false);
  std::vector<HostPort> out;
  for (const kube::Container& c : pod.containers)
    for (Node port : c.node["ports"].items()) {
      const Node at = port["hostPort"] ? port["hostPort"] : host_network ? port["containerPort"] : Node();
      if (at.integer().value_or(0) > 0)
        out.push_back({*at.integer(), port["protocol"].string("TCP"), port["hostIP"].string(), at, &object, &pod});
    }
  return out;
}

bool any_address(std::string_view address) {
  return address.empty() || address == "0.0.0.0" || address == "::";
}

bool collide(const HostPort& a, const HostPort& b) {
  return a.number == b.number && a.protocol == b.protocol &&
         (any_address(a.address) || any_address(b.address) || a.address == b.address);
}

bool is_spread_over_nodes(const kube::PodTemplate& pod) {
  constexpr std::string_view hostname = "kubernetes.io/hostname";
  for (Node term : pod.spec["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"].items())
    if (term["topologyKey"].string() == hostname)
      return true;
  for (Node constraint : pod.spec["topologySpreadConstraints"].items())
    if (constraint["topologyKey"].string() == hostname)
      return true;
  return false;
}

// Runs on every node there is, as far as labels go.
bool on_every_node(const HostPort& port) {
  const Node spec = port.pod->spec;
  return port.object->object.kind == "DaemonSet" && spec["nodeSelector"].empty() && !spec["affinity"]["nodeAffinity"];
}

}  // namespace

void check_host_port_replicas(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (!has_replicas(object))
    return;
  const std::int64_t replicas = most_replicas(place.bundle, *place.object);
  const NodeProfiles profiles(place);
  if (replicas <= 1)
    return;
  const std::int64_t nodes = profiles.counted() ? profiles.matching_nodes(*place.object, *place.pod) : -1;
  // Those who spread their pods over nodes on purpose know that each takes one.
  if (nodes >= 0 ? replicas <= nodes : is_spread_over_nodes(*place.pod))
    return;
  for (const HostPort& port : host_ports(*place.object, *place.pod)) {
    if (nodes < 0 && port.at.key() != "hostPort")
      continue;
    Hit hit;
    hit.at = port.at;
    hit.variant = nodes < 0 ? "unknown" : "";
    hit.values = {{"port", std::to_string(port.number)},
                  {"replicas", std::to_string(replicas)},
                  {"nodes", std::to_string(nodes)}};
    reporter.report(std::move(hit));
    return;
  }
}

void check_host_port_conflict(const Place& place, Reporter& reporter) {
  std::map<std::int64_t, std::vector<HostPort>> by_number;
  for (const BundleObject& object : place.bundle.objects())
    for (const kube::PodTemplate& pod : object.pods)
      for (const HostPort& port : host_ports(object, pod))
        by_number[port.number].push_back(port);
  for (const auto& [number, ports] : by_number)
    for (std::size_t i = 0; i < ports.size(); ++i)
      for (std::size_t k = 0; k < i; ++k) {
        const HostPort &earlier = ports[k], &later = ports[i];
        if (earlier.object == later.object || later.object->context || !collide(earlier, later) ||
            !(earlier.object->file == later.object->file || place.settings.closed_bundle ||
              (!earlier.object->object.namespace_.empty() && !later.object->object.namespace_.empty())))
          continue;
        // Two of one name are two versions of the same thing.
        if (earlier.object->object.kind == later.object->object.kind &&
            earlier.object->object.name == later.object->object.name)
          continue;
        // Where one of them is on every node, the other has no node left.
        if (!on_every_node(earlier) && !on_every_node(later))
          continue;
        Hit hit;
        hit.object = later.object;
        hit.at = later.at;
        hit.values = {{"port", std::to_string(number)},
                      {"protocol", std::string(later.protocol)},
                      {"other", title(*earlier.object)}};
        hit.related.push_back({earlier.at, "other", earlier.object, hit.values});
        reporter.report(std::move(hit));
        k = i;
      }
}

}  // namespace podcheck::lint
