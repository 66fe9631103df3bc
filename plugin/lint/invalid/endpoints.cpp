#include <set>

#include "kube/names.hpp"
#include "lint/invalid/ip.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr const char* rule = "endpoints-invalid";
constexpr std::size_t most_addresses = 100;

bool is_address_of(std::string_view type, std::string_view text) {
  if (type == "FQDN")
    return kube::is_dns1123_subdomain(text) && text.find('.') != std::string_view::npos;
  const auto address = parse_address(text);
  return address && address->v4 == (type == "IPv4") && !address->is_unspecified() && !address->is_loopback() &&
         !address->is_link_local_unicast() && !address->is_link_local_multicast();
}

void check_slice_ports(Faults& faults, Node ports) {
  std::set<std::string_view> names;
  for (const Node port : ports.items()) {
    if (!is_struct(port))
      continue;
    const Node name = get(port, "name");
    if (!string_or(name, "").empty())
      dns_label(faults, rule, name);
    if (!names.insert(name.string()).second)
      name ? faults.value(rule, "duplicate", name) : faults.missing(rule, port, "name");
    choice(faults, rule, get(port, "protocol"), {"TCP", "UDP", "SCTP"});
  }
}

}  // namespace

void check_endpoint_slice(Faults& faults, Node object) {
  const Node type = required(faults, rule, object, "addressType");
  const bool known = type.is_string() && choice(faults, rule, type, {"IPv4", "IPv6", "FQDN"});
  for (const Node endpoint : get(object, "endpoints").items()) {
    if (!is_struct(endpoint))
      continue;
    const Node addresses = get(endpoint, "addresses");
    if (!addresses)
      faults.missing(rule, endpoint, "addresses");
    else if (addresses.is_sequence() && addresses.empty())
      faults.value(rule, "empty", addresses);
    else if (addresses.size() > most_addresses)
      faults.value(rule, "too-many", addresses,
                   {{"maximum", std::to_string(most_addresses)}, {"count", std::to_string(addresses.size())}});
    for (const Node address : addresses.items())
      if (known && address.is_string() && !is_address_of(type.string(), address.string()))
        faults.value(rule, "address", address, {{"type", std::string(type.string())}});
  }
  check_slice_ports(faults, get(object, "ports"));
}

void check_endpoints(Faults& faults, Node object) {
  for (const Node subset : get(object, "subsets").items()) {
    if (!is_struct(subset))
      continue;
    const Node ready = get(subset, "addresses");
    const Node waiting = get(subset, "notReadyAddresses");
    if (ready.empty() && waiting.empty() && (!ready || ready.is_sequence()))
      faults.value(rule, "one-of", subset, {{"allowed", "addresses, notReadyAddresses"}});
    for (const Node list : {ready, waiting})
      for (const Node address : list.items())
        if (const Node ip = required(faults, rule, address, "ip"); ip.is_string()) {
          const auto parsed = parse_address(ip.string());
          if (!parsed || !is_address_of(parsed->v4 ? "IPv4" : "IPv6", ip.string()))
            faults.value(rule, "ip", ip);
        }
    const Node ports = get(subset, "ports");
    for (const Node port : ports.items()) {
      if (!is_struct(port))
        continue;
      const Node name = get(port, "name");
      if (!string_or(name, "").empty())
        dns_label(faults, rule, name);
      else if (ports.size() > 1)
        faults.missing(rule, port, "name");
      if (const Node number = get(port, "port"))
        port_number(faults, rule, number);
      else
        faults.missing(rule, port, "port");
      choice(faults, rule, get(port, "protocol"), {"TCP", "UDP", "SCTP"});
    }
  }
}

void check_lease(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  at_least(faults, "lease-invalid", get(spec, "leaseDurationSeconds"), 1);
  at_least(faults, "lease-invalid", get(spec, "leaseTransitions"), 0);
}

void check_runtime_class(Faults& faults, Node object) {
  if (const Node handler = required(faults, "runtime-class-invalid", object, "handler"))
    dns_label(faults, "runtime-class-invalid", handler);
  const Node scheduling = get(object, "scheduling");
  for (const auto& member : get(scheduling, "nodeSelector").members()) {
    if (!kube::is_qualified_name(member.key))
      faults.key("runtime-class-invalid", "qualified-name", member.value);
    label_value(faults, "runtime-class-invalid", member.value);
  }
  check_tolerations(faults, get(scheduling, "tolerations"));
}

}  // namespace podcheck::lint::invalid
