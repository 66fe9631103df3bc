#include <algorithm>
#include <map>
#include <set>

#include "kube/names.hpp"
#include "lint/invalid/ip.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr const char* rule = "service-invalid";

struct Kind {
  std::string_view type;
  bool headless = false;
  bool external_name = false;
  bool load_balancer = false;
  bool node_port = false;
};

void check_ports(Faults& faults, Node spec, const Kind& kind) {
  const Node ports = get(spec, "ports");
  if (ports.empty() && !kind.headless && !kind.external_name) {
    if (ports && ports.is_sequence())
      faults.value(rule, "empty", ports);
    else if (!ports)
      faults.missing(rule, spec, "ports");
  }
  std::set<std::string_view> names;
  std::set<std::pair<std::string_view, std::int64_t>> numbers;
  std::map<std::int64_t, std::pair<std::int64_t, std::string_view>> node_ports;
  for (const Node port : ports.items()) {
    if (!is_struct(port))
      continue;
    const Node name = get(port, "name");
    if (string_or(name, "").empty()) {
      if (ports.size() > 1 && (!name || name.is_string()))
        faults.missing(rule, port, "name", "port-name-missing");
    } else if (dns_label(faults, rule, name) && !names.insert(name.string()).second) {
      faults.value(rule, "duplicate", name);
    }
    const Node number = get(port, "port");
    if (!number)
      faults.missing(rule, port, "port");
    else
      port_number(faults, rule, number);
    const Node target = get(port, "targetPort");
    if (target.is_string() && !target.string().empty())
      port_name(faults, rule, target);
    else if (target.is_number() && integer_or(target, 1) != 0)
      port_number(faults, rule, target);
    choice(faults, rule, get(port, "protocol"), {"SCTP", "TCP", "UDP"});
    qualified_name(faults, rule, get(port, "appProtocol"));
    const std::string_view protocol = string_or(get(port, "protocol"), "TCP");
    if (number && !numbers.emplace(protocol, integer_or(number, 0)).second)
      faults.value(rule, "port-twice", number, {{"protocol", std::string(protocol)}});
    const Node node_port = get(port, "nodePort");
    const std::int64_t node_number = integer_or(node_port, 0);
    if (node_number == 0)
      continue;
    if (!kind.node_port && !kind.load_balancer) {
      only_with(faults, rule, node_port, "type: NodePort, type: LoadBalancer");
      continue;
    }
    between(faults, rule, node_port, 30000, 32767);
    const auto [known, added] = node_ports.emplace(node_number, std::pair(integer_or(number, 0), protocol));
    if (!added && (known->second.first != integer_or(number, 0) || known->second.second == protocol))
      faults.value(rule, "duplicate", node_port);
  }
}

void check_addresses(Faults& faults, Node spec, const Kind& kind) {
  const Node ip = get(spec, "clusterIP");
  const Node ips = get(spec, "clusterIPs");
  const std::string_view first = string_or(ip, "");
  if (kind.external_name) {
    if (!first.empty())
      not_with(faults, rule, ip, "type: ExternalName");
    if (!ips.empty())
      not_with(faults, rule, ips, "type: ExternalName");
  } else {
    if (kind.headless && (kind.node_port || kind.load_balancer))
      not_with(faults, rule, ip, "type: " + std::string(kind.type));
    if (!first.empty() && first != "None" && !parse_address(first))
      faults.value(rule, "ip", ip);
    if (first.empty() && !ips.empty())
      only_with(faults, rule, ips, "clusterIP");
    if (!first.empty() && !ips.empty() && ips[0].string() != first)
      faults.value(rule, "first-cluster-ip", ips[0], {{"cluster_ip", std::string(first)}});
    for (const Node item : ips.items())
      if (item.is_string() && item.string() != "None" && !parse_address(item.string()))
        faults.value(rule, "ip", item);
    if (ips.size() > 2)
      faults.value(rule, "too-many", ips, {{"maximum", "2"}, {"count", std::to_string(ips.size())}});
  }
  for (const Node address : get(spec, "externalIPs").items()) {
    if (!address.is_string())
      continue;
    const auto parsed = parse_address(address.string());
    if (!parsed)
      faults.value(rule, "ip", address);
    else if (parsed->is_unspecified() || parsed->is_loopback() || parsed->is_link_local_unicast() ||
             parsed->is_link_local_multicast())
      faults.value(rule, "ip-local", address);
  }
  const Node families = get(spec, "ipFamilies");
  std::set<std::string_view> seen;
  for (const Node family : families.items())
    if (choice(faults, rule, family, {"IPv4", "IPv6"}, true) && family.is_string() &&
        !seen.insert(family.string()).second)
      faults.value(rule, "duplicate", family);
  const Node policy = get(spec, "ipFamilyPolicy");
  choice(faults, rule, policy, {"PreferDualStack", "RequireDualStack", "SingleStack"}, true);
  if (seen.size() > 1 && string_or(policy, "SingleStack") == "SingleStack") {
    if (policy)
      faults.value(rule, "dual-stack", policy);
    else
      faults.missing(rule, spec, "ipFamilyPolicy", "dual-stack");
  }
  if (kind.external_name)
    for (const char* key : {"ipFamilies", "ipFamilyPolicy"})
      if (const Node node = get(spec, key); node && !(node.is_sequence() && node.empty()))
        not_with(faults, rule, node, "type: ExternalName");
}

void check_balancer(Faults& faults, Node spec, const Kind& kind) {
  for (const char* key : {"loadBalancerSourceRanges", "loadBalancerClass", "allocateLoadBalancerNodePorts"}) {
    const Node node = get(spec, key);
    if (node && !kind.load_balancer && !(node.is_sequence() && node.empty()))
      only_with(faults, rule, node, "type: LoadBalancer");
  }
  if (kind.load_balancer)
    qualified_name(faults, rule, get(spec, "loadBalancerClass"));
  for (const Node range : get(spec, "loadBalancerSourceRanges").items()) {
    if (!range.is_string())
      continue;
    std::string_view text = range.string();
    while (!text.empty() && text.front() == ' ')
      text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
      text.remove_suffix(1);
    if (!parse_network(text))
      faults.value(rule, "cidr", range);
  }
  const Node policy = get(spec, "externalTrafficPolicy");
  const bool external =
      kind.node_port || kind.load_balancer || (kind.type == "ClusterIP" && !get(spec, "externalIPs").empty());
  if (!string_or(policy, "").empty()) {
    if (!external)
      only_with(faults, rule, policy, "type: NodePort, type: LoadBalancer");
    else
      choice(faults, rule, policy, {"Cluster", "Local"});
  }
  const Node health = get(spec, "healthCheckNodePort");
  if (integer_or(health, 0) != 0) {
    if (!kind.load_balancer || policy.string() != "Local")
      only_with(faults, rule, health, "type: LoadBalancer, externalTrafficPolicy: Local");
    else
      port_number(faults, rule, health);
  }
}

}  // namespace

void check_service(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  if (spec && !spec.is_mapping())
    return;
  if (!spec) {
    faults.missing(rule, object, "spec.ports");
    return;
  }
  const Node type = get(spec, "type");
  if (type && !type.is_string())
    return;
  Kind kind;
  kind.type = string_or(type, "ClusterIP");
  kind.headless = get(spec, "clusterIP").string() == "None";
  kind.external_name = kind.type == "ExternalName";
  kind.load_balancer = kind.type == "LoadBalancer";
  kind.node_port = kind.type == "NodePort";
  if (!choice(faults, rule, type, {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"}))
    return;
  check_ports(faults, spec, kind);
  check_addresses(faults, spec, kind);
  check_balancer(faults, spec, kind);
  if (kind.external_name) {
    if (const Node name = required(faults, rule, spec, "externalName"); name.is_string()) {
      std::string_view text = name.string();
      if (!text.empty() && text.back() == '.')
        text.remove_suffix(1);
      if (!kube::is_dns1123_subdomain(text))
        faults.value(rule, "dns-subdomain", name);
    }
  }
  for (const auto& member : get(spec, "selector").members()) {
    if (!kube::is_qualified_name(member.key))
      faults.key(rule, "qualified-name", member.value);
    label_value(faults, rule, member.value);
  }
  const Node affinity = get(spec, "sessionAffinity");
  const Node config = get(spec, "sessionAffinityConfig");
  choice(faults, rule, affinity, {"ClientIP", "None"});
  if (affinity.string() == "ClientIP")
    between(faults, rule, get(get(config, "clientIP"), "timeoutSeconds"), 1, 86400);
  choice(faults, rule, get(spec, "internalTrafficPolicy"), {"Cluster", "Local"}, true);
  choice(faults, rule, get(spec, "trafficDistribution"), {"PreferClose", "PreferSameZone", "PreferSameNode"}, true);
}

}  // namespace podcheck::lint::invalid
