// Pods in the node's network.
#include <algorithm>

#include "lint/checks/pods.hpp"
#include "lint/checks/scheduling/checks.hpp"
#include "lint/checks/scheduling/node_profiles.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

// Whether the text names the Service as a host: alone, with a port or scheme around it, or with its namespace.
bool names_host(std::string_view text, std::string_view service, std::string_view namespace_) {
  for (std::size_t at = text.find(service); at != std::string_view::npos; at = text.find(service, at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    if (name_character(before) || before == '.' || before == '_')
      continue;
    const std::string_view rest = text.substr(at + service.size());
    const bool qualified = rest.starts_with("." + std::string(namespace_)) || rest.starts_with(".svc");
    // Without a namespace the word may be anything; a port or a scheme makes it a host.
    const bool addressed = rest.starts_with(':') || (at >= 3 && text.substr(at - 3, 3) == "://");
    if (qualified || addressed)
      return true;
  }
  return false;
}

struct Mention {
  Node at;
  const BundleObject* service = nullptr;
};

Mention mention_of_service(const Place& place) {
  const auto services = place.bundle.of_kind("Service", place.object->namespace_);
  Mention found;
  const auto look = [&](Node text) {
    if (found.at || !text.is_string())
      return;
    if (text.string().find(".svc.cluster.local") != std::string_view::npos) {
      found = {text, nullptr};
      return;
    }
    for (const BundleObject* service : services)
      if (service->object.name.size() >= 3 && names_host(text.string(), service->object.name, service->namespace_)) {
        found = {text, service};
        return;
      }
  };
  for (const kube::Container& c : place.pod->containers) {
    for (const char* field : {"command", "args"})
      for (Node word : c.node[field].items())
        look(word);
    for (Node variable : c.node["env"].items())
      look(variable["value"]);
  }
  return found;
}

}  // namespace

void check_host_network_dns(const Place& place, Reporter& reporter) {
  const Node spec = place.pod->spec;
  const Node network = spec["hostNetwork"];
  if (network.boolean() != true)
    return;
  const std::string_view policy = spec["dnsPolicy"].string("ClusterFirst");
  if (policy != "ClusterFirst")
    return;
  const Mention mention = mention_of_service(place);
  if (!mention.at)
    return;
  Hit hit;
  hit.at = network;
  hit.values = {{"text", std::string(mention.at.string().substr(0, 80))}};
  hit.related.push_back({mention.at, "mention", nullptr, hit.values});
  if (spec["dnsPolicy"]) {
    if (!spec["dnsPolicy"].shared())
      hit.changes.push_back({Hit::Change::Kind::replace_value, spec["dnsPolicy"], {}, "ClusterFirstWithHostNet"});
  } else if (!spec.shared()) {
    hit.changes.push_back({Hit::Change::Kind::insert_member, spec, "dnsPolicy", "ClusterFirstWithHostNet"});
  }
  reporter.report(std::move(hit));
}

void check_host_network_rolling(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  const Node network = place.pod->spec["hostNetwork"];
  if (object.kind != "Deployment" || network.boolean() != true)
    return;
  const bool has_ports = std::any_of(place.pod->containers.begin(), place.pod->containers.end(),
                                     [](const kube::Container& c) { return !c.node["ports"].empty(); });
  const kube::Rollout rollout = kube::rollout(object);
  if (!has_ports || rollout.type != "RollingUpdate" || rollout.max_unavailable > 0 || rollout.max_surge == 0)
    return;
  const NodeProfiles profiles(place);
  if (!profiles.counted())
    return;
  const std::int64_t nodes = profiles.matching_nodes(*place.object, *place.pod);
  if (rollout.replicas < nodes)
    return;
  Hit hit;
  hit.at = network;
  hit.values = {{"replicas", std::to_string(rollout.replicas)}, {"nodes", std::to_string(nodes)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
