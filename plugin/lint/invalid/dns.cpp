#include <algorithm>

#include "kube/names.hpp"
#include "lint/invalid/ip.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr std::size_t most_nameservers = 3;
constexpr std::size_t most_searches = 32;
constexpr std::size_t longest_searches = 2048;

// A DNS subdomain with a dot at its end allowed, and underscores (since 1.32).
bool is_search_domain(std::string_view text) {
  if (text == ".")
    return true;
  if (!text.empty() && text.back() == '.')
    text.remove_suffix(1);
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '_', 'a');
  return kube::is_dns1123_subdomain(plain);
}

}  // namespace

void check_dns(Faults& faults, const PodContext& pod) {
  const Node policy = get(pod.spec, "dnsPolicy");
  const Node config = get(pod.spec, "dnsConfig");
  choice(faults, "dns-config-invalid", policy, {"ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"});
  const Node servers = get(config, "nameservers");
  if (policy.string() == "None" && servers.empty())
    faults.missing("dns-config-invalid", config ? config : pod.spec, config ? "nameservers" : "dnsConfig.nameservers",
                   "policy-none");
  if (servers.size() > most_nameservers)
    faults.value("dns-config-invalid", "too-many", servers,
                 {{"maximum", std::to_string(most_nameservers)}, {"count", std::to_string(servers.size())}});
  for (const Node server : servers.items())
    if (server.is_string() && !parse_address(server.string()))
      faults.value("dns-config-invalid", "ip", server);
  const Node searches = get(config, "searches");
  if (searches.size() > most_searches)
    faults.value("dns-config-invalid", "too-many", searches,
                 {{"maximum", std::to_string(most_searches)}, {"count", std::to_string(searches.size())}});
  std::size_t length = 0;
  for (const Node search : searches.items()) {
    length += search.string().size() + 1;
    if (search.is_string() && !is_search_domain(search.string()))
      faults.value("dns-config-invalid", "dns-subdomain", search);
  }
  if (length > longest_searches + 1)
    faults.value("dns-config-invalid", "too-long", searches,
                 {{"maximum", std::to_string(longest_searches)}, {"length", std::to_string(length - 1)}});
  for (const Node option : get(config, "options").items())
    if (option.is_mapping())
      required(faults, "dns-config-invalid", option, "name");

  for (const Node alias : get(pod.spec, "hostAliases").items()) {
    if (!is_struct(alias))
      continue;
    const Node ip = get(alias, "ip");
    if (!ip)
      faults.missing("host-alias-invalid", alias, "ip");
    else if (ip.is_string() && !parse_address(ip.string()))
      faults.value("host-alias-invalid", "ip", ip);
    for (const Node name : get(alias, "hostnames").items())
      dns_subdomain(faults, "host-alias-invalid", name);
  }
}

}  // namespace podcheck::lint::invalid
