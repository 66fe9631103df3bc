#include <algorithm>
#include <map>
#include <set>

#include "kube/names.hpp"
#include "lint/invalid/ip.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

void check_network(Faults& faults, std::string_view rule, Node node, std::optional<Network>& network) {
  if (!node.is_string())
    return;
  network = parse_network(node.string());
  if (!network)
    faults.value(rule, "cidr", node);
  else if (network->has_host_bits())
    faults.value(rule, "cidr-host-bits", node);
}

void check_peer(Faults& faults, Node peer) {
  constexpr const char* rule = "network-policy-invalid";
  if (!is_struct(peer))
    return;
  const Node pods = get(peer, "podSelector");
  const Node spaces = get(peer, "namespaceSelector");
  const Node block = get(peer, "ipBlock");
  label_selector(faults, rule, pods);
  label_selector(faults, rule, spaces);
  if (!pods && !spaces && !block)
    faults.value(rule, "one-of", peer, {{"allowed", "podSelector, namespaceSelector, ipBlock"}});
  if (!block.is_mapping())
    return;
  if (pods || spaces)
    not_with(faults, rule, block, pods ? "podSelector" : "namespaceSelector");
  std::optional<Network> whole;
  const Node cidr = required(faults, rule, block, "cidr");
  check_network(faults, rule, cidr, whole);
  for (const Node except : get(block, "except").items()) {
    std::optional<Network> part;
    check_network(faults, rule, except, part);
    if (whole && part && !whole->contains(*part))
      faults.value(rule, "outside", except, {{"cidr", std::string(cidr.string())}});
  }
}

void check_rules(Faults& faults, Node rules, const char* peers) {
  constexpr const char* rule = "network-policy-invalid";
  for (const Node item : rules.items()) {
    for (const Node port : get(item, "ports").items()) {
      if (!is_struct(port))
        continue;
      choice(faults, rule, get(port, "protocol"), {"SCTP", "TCP", "UDP"}, true);
      const Node number = get(port, "port");
      const Node end = get(port, "endPort");
      if (number.is_string())
        port_name(faults, rule, number);
      else
        port_number(faults, rule, number);
      if (!end)
        continue;
      if (!number || number.is_string())
        only_with(faults, rule, end, number ? "port: NUMBER" : "port");
      else if (integer_or(end, 65535) < integer_or(number, 0))
        faults.value(rule, "minimum", end, {{"minimum", number.text()}});
      port_number(faults, rule, end);
    }
    for (const Node peer : get(item, peers).items())
      check_peer(faults, peer);
  }
}

bool is_host_name(Faults& faults, std::string_view rule, Node node) {
  if (!node.is_string())
    return true;
  std::string_view host = node.string();
  if (parse_address(host)) {
    faults.value(rule, "host-ip", node);
    return false;
  }
  const bool wildcard = host.find('*') != std::string_view::npos;
  if (wildcard && host.substr(0, 2) != "*.") {
    faults.value(rule, "wildcard", node);
    return false;
  }
  if (wildcard)
    host.remove_prefix(2);
  if (kube::is_dns1123_subdomain(host))
    return true;
  faults.value(rule, wildcard ? "wildcard" : "dns-subdomain", node);
  return false;
}

void check_backend(Faults& faults, Node backend) {
  constexpr const char* rule = "ingress-invalid";
  if (!backend.is_mapping())
    return;
  const Node service = get(backend, "service");
  const Node resource = get(backend, "resource");
  if (service && resource) {
    not_with(faults, rule, resource, "service");
    return;
  }
  if (!service && !resource) {
    faults.value(rule, "one-of", backend, {{"allowed", "service, resource"}});
    return;
  }
  if (resource.is_mapping()) {
    required(faults, rule, resource, "kind");
    required(faults, rule, resource, "name");
    return;
  }
  if (!service.is_mapping())
    return;
  if (const Node name = required(faults, rule, service, "name"))
    dns_label(faults, rule, name);
  const Node port = get(service, "port");
  if (port && !port.is_mapping())
    return;
  const Node name = get(port, "name");
  const Node number = get(port, "number");
  const bool named = !string_or(name, "").empty();
  const bool numbered = integer_or(number, 0) != 0;
  if (named && numbered)
    not_with(faults, rule, number, "name");
  else if (named)
    port_name(faults, rule, name);
  else if (numbered)
    port_number(faults, rule, number);
  else if (!number || number.is_number())
    faults.missing(rule, service, port ? "port.number" : "port", "backend-port");
}

void check_path(Faults& faults, Node path) {
  constexpr const char* rule = "ingress-invalid";
  if (!is_struct(path))
    return;
  const Node type = get(path, "pathType");
  const Node text = get(path, "path");
  if (!type)
    faults.missing(rule, path, "pathType", "path-type");
  else
    choice(faults, rule, type, {"Exact", "ImplementationSpecific", "Prefix"}, true);
  const std::string_view value = text.string();
  if (type.string() == "Exact" || type.string() == "Prefix") {
    if (!text) {
      faults.missing(rule, path, "path", "absolute-path");
    } else if (text.is_string()) {
      if (value.empty() || value[0] != '/')
        faults.value(rule, "absolute-path", text);
      for (const std::string_view part : {"//", "/./", "/../", "%2f", "%2F"})
        if (value.find(part) != std::string_view::npos)
          faults.value(rule, "path-part", text, {{"part", std::string(part)}});
      for (const std::string_view end : {"/..", "/."})
        if (value.size() >= end.size() && value.substr(value.size() - end.size()) == end)
          faults.value(rule, "path-part", text, {{"part", std::string(end)}});
    }
  } else if (type.string() == "ImplementationSpecific" && !value.empty() && value[0] != '/') {
    faults.value(rule, "absolute-path", text);
  }
  const Node backend = get(path, "backend");
  if (!backend)
    faults.missing(rule, path, "backend");
  else
    check_backend(faults, backend);
}

}  // namespace

void check_network_policy(Faults& faults, Node object) {
  constexpr const char* rule = "network-policy-invalid";
  const Node spec = get(object, "spec");
  label_selector(faults, rule, get(spec, "podSelector"));
  check_rules(faults, get(spec, "ingress"), "from");
  check_rules(faults, get(spec, "egress"), "to");
  const Node types = get(spec, "policyTypes");
  if (types.size() > 2)
    faults.value(rule, "too-many", types, {{"maximum", "2"}, {"count", std::to_string(types.size())}});
  for (const Node type : types.items())
    choice(faults, rule, type, {"Ingress", "Egress"}, true);
}

void check_ingress(Faults& faults, Node object) {
  constexpr const char* rule = "ingress-invalid";
  const Node spec = get(object, "spec");
  if (spec && !spec.is_mapping())
    return;
  const Node rules = get(spec, "rules");
  const Node fallback = get(spec, "defaultBackend");
  if (rules.empty() && !fallback && (!rules || rules.is_sequence())) {
    Hit& hit = faults.value(rule, "no-rules", spec ? spec : object);
    hit.absent = spec ? "rules" : "spec.rules";
  }
  check_backend(faults, fallback);
  for (const Node item : rules.items()) {
    if (!is_struct(item))
      continue;
    if (const Node host = get(item, "host"); !string_or(host, "").empty())
      is_host_name(faults, rule, host);
    const Node http = get(item, "http");
    if (!is_struct(http))
      continue;
    const Node paths = get(http, "paths");
    if (!paths)
      faults.missing(rule, http, "paths");
    else if (paths.is_sequence() && paths.empty())
      faults.value(rule, "empty", paths);
    for (const Node path : paths.items())
      check_path(faults, path);
  }
  for (const Node tls : get(spec, "tls").items()) {
    for (const Node host : get(tls, "hosts").items())
      is_host_name(faults, rule, host);
    if (const Node secret = get(tls, "secretName"); !string_or(secret, "").empty())
      dns_subdomain(faults, rule, secret);
  }
  const Node class_name = get(spec, "ingressClassName");
  dns_subdomain(faults, rule, class_name);
  if (class_name && get(get(get(object, "metadata"), "annotations"), "kubernetes.io/ingress.class"))
    not_with(faults, rule, class_name, "kubernetes.io/ingress.class");
}

void check_ingress_class(Faults& faults, Node object) {
  constexpr const char* rule = "ingress-invalid";
  const Node spec = get(object, "spec");
  if (spec && !spec.is_mapping())
    return;
  const Node controller = required(faults, rule, spec ? spec : object, spec ? "controller" : "spec.controller");
  if (!controller.is_string())
    return;
  const std::size_t slash = controller.string().find('/');
  if (slash == std::string_view::npos || slash + 1 == controller.string().size() ||
      !kube::is_dns1123_subdomain(controller.string().substr(0, slash)))
    faults.value(rule, "domain-path", controller);
}

}  // namespace podcheck::lint::invalid
