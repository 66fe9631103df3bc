// Pods that may talk to others by name, but not to the name service.
#include <algorithm>

#include "kube/selector.hpp"
#include "lint/checks/pods.hpp"
#include "lint/checks/scheduling/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

constexpr std::int64_t dns_port = 53;

bool is_egress(Node spec) {
  if (!spec["policyTypes"])
    return static_cast<bool>(spec["egress"]);
  for (Node type : spec["policyTypes"].items())
    if (type.string() == "Egress")
      return true;
  return false;
}

bool allows_dns_port(Node rule) {
  if (rule["ports"].empty())
    return true;
  for (Node port : rule["ports"].items()) {
    if (port["protocol"].string("TCP") != "UDP")
      continue;
    const Node number = port["port"];
    if (!number || number.is_string())
      return true;  // all ports, or a name such as dns
    if (number.integer() == dns_port)
      return true;
    if (number.integer().value_or(0) <= dns_port && port["endPort"].integer().value_or(0) >= dns_port)
      return true;
  }
  return false;
}

// Whether the rule lets pods reach the name service: everywhere, other namespaces, or addresses.
bool reaches_dns(Node rule) {
  if (!allows_dns_port(rule))
    return false;
  if (rule["to"].empty() || !rule["ports"].empty())
    return true;
  for (Node peer : rule["to"].items())
    if (peer["namespaceSelector"] || peer["ipBlock"])
      return true;
  return false;
}

// Rules towards pods: such peers are reached by the name of their Service.
bool goes_to_pods(Node rule) {
  for (Node peer : rule["to"].items())
    if (peer["podSelector"] || peer["namespaceSelector"])
      return true;
  return false;
}

}  // namespace

void check_networkpolicy_egress_blocks_dns(const Place& place, Reporter& reporter) {
  const PodsByNamespace& pods = place.bundle.index<PodIndex>().all();
  std::vector<const BundleObject*> reported;
  for (const auto& [namespace_, list] : pods) {
    std::vector<const BundleObject*> policies;
    for (const BundleObject* policy : place.bundle.of_kind("NetworkPolicy", namespace_))
      if (policy->object.group == "networking.k8s.io" && is_egress(policy->object.root["spec"]))
        policies.push_back(policy);
    if (policies.empty())
      continue;
    for (const PodOf& pod : list) {
      const BundleObject* to_pods = nullptr;
      bool dns =
          pod.pod->spec["hostNetwork"].boolean().value_or(false) || pod.pod->spec["dnsPolicy"].string() == "None";
      for (const BundleObject* policy : policies) {
        const Node spec = policy->object.root["spec"];
        if (!belong_together(place.settings, *policy, *pod.object) || !kube::matches(spec["podSelector"], pod.labels()))
          continue;
        for (Node rule : spec["egress"].items()) {
          dns = dns || reaches_dns(rule);
          if (goes_to_pods(rule))
            to_pods = policy;
        }
      }
      if (dns || to_pods == nullptr || to_pods->context)
        continue;
      if (std::find(reported.begin(), reported.end(), to_pods) != reported.end())
        continue;
      reported.push_back(to_pods);
      Hit hit;
      hit.object = to_pods;
      hit.at = to_pods->object.root["spec"]["egress"];
      hit.on_key = true;
      hit.values = {{"workload", title(*pod.object)}, {"policy", std::string(to_pods->object.name)}};
      if (pod.labels())
        hit.related.push_back({pod.labels(), "pods", pod.object, hit.values});
      if (!hit.at.shared())
        hit.changes.push_back({Hit::Change::Kind::append_item,
                               hit.at,
                               {},
                               "{ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}"});
      reporter.report(std::move(hit));
    }
  }
}

}  // namespace podcheck::lint
