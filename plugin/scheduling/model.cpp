#include "scheduling/model.hpp"

#include <algorithm>
#include <charconv>

namespace podcheck::scheduling {

using document::Node;

// "0.0.0.0" clashes with every address; "::" does not: the scheduler compares it as any other address
// (pkg/scheduler/framework/types.go HostPortInfo.CheckConflict).
bool HostPort::conflicts_with(const HostPort& other) const {
  constexpr std::string_view any = "0.0.0.0";
  return port == other.port && protocol == other.protocol && (ip == any || other.ip == any || ip == other.ip);
}

namespace {

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

// k8s.io/component-helpers/scheduling/corev1/helpers.go, k8s.io/api/core/v1/toleration.go. Gt and Lt compare integers:
// a toleration "Gt 950" tolerates taints whose value is above 950. Servers accept them only with the gate
// TaintTolerationComparisonOperators, so a pod that has them came from a cluster that compares them.
bool Toleration::tolerates(const Taint& taint) const {
  if (!effect.empty() && effect != taint.effect) {
    return false;
  }
  if (!key.empty() && key != taint.key) {
    return false;
  }
  if (op.empty() || op == "Equal") {
    return value == taint.value;
  }
  if (op == "Exists") {
    return true;
  }
  if (op == "Gt" || op == "Lt") {
    std::optional<std::int64_t> bound = integer(value);
    std::optional<std::int64_t> has = integer(taint.value);
    return bound && has && (op == "Gt" ? *has > *bound : *has < *bound);
  }
  return false;
}

std::optional<std::string_view> NodeInfo::label(std::string_view key) const {
  Node value = labels[key];
  if (!value) {
    return std::nullopt;
  }
  return value.string();
}

namespace {

void add_ports(Node container, bool host_network, std::vector<HostPort>& ports) {
  for (Node entry : container["ports"].items()) {
    std::int64_t port = entry["hostPort"].integer().value_or(0);
    if (port == 0 && host_network) {
      port = entry["containerPort"].integer().value_or(0);  // the API server fills it in
    }
    if (port <= 0) {
      continue;
    }
    std::string_view ip = entry["hostIP"].string();
    ports.push_back({ip.empty() ? "0.0.0.0" : ip, entry["protocol"].string("TCP"), port});
  }
}

}  // namespace

// Sidecars hold their ports as long as the app does; other init containers' ports do not count
// (pkg/scheduler/util/utils.go GetHostPorts).
std::vector<HostPort> host_ports_of(Node pod) {
  std::vector<HostPort> ports;
  Node spec = pod["spec"];
  bool host_network = spec["hostNetwork"].boolean().value_or(false);
  for (Node container : spec["initContainers"].items()) {
    if (container["restartPolicy"].string() == "Always") {
      add_ports(container, host_network, ports);
    }
  }
  for (Node container : spec["containers"].items()) {
    add_ports(container, host_network, ports);
  }
  return ports;
}

std::vector<Toleration> tolerations_of(Node pod) {
  std::vector<Toleration> tolerations;
  for (Node entry : pod["spec"]["tolerations"].items()) {
    tolerations.push_back(
        {entry["key"].string(), entry["operator"].string(), entry["value"].string(), entry["effect"].string()});
  }
  return tolerations;
}

std::vector<ClaimUse> claims_of(Node pod) {
  std::vector<ClaimUse> claims;
  for (Node volume : pod["spec"]["volumes"].items()) {
    if (Node claim = volume["persistentVolumeClaim"]) {
      claims.push_back({std::string(claim["claimName"].string()), false, volume});
    } else if (volume.has("ephemeral")) {
      std::string name(pod["metadata"]["name"].string());
      claims.push_back({name.append("-").append(volume["name"].string()), true, volume});
    }
  }
  return claims;
}

bool selects(const kube::Selector& selector, Node labels) {
  for (const kube::Requirement& requirement : selector.requirements) {
    Node value = labels[requirement.key];
    if (!requirement.matches(value ? std::optional<std::string_view>(value.string()) : std::nullopt)) {
      return false;
    }
  }
  return true;
}

void merge_label_keys(Node keys, Node labels, bool excluding, kube::Selector& selector) {
  for (Node key : keys.items()) {
    Node value = labels[key.string()];
    if (!value) {
      continue;  // a key that the pod does not have is left out of the selector
    }
    kube::Requirement requirement;
    requirement.key = std::string(key.string());
    requirement.op = excluding ? kube::Operator::not_in : kube::Operator::in;
    requirement.values.emplace_back(value.string());
    selector.requirements.push_back(std::move(requirement));
  }
}

// pkg/scheduler/framework/types.go newAffinityTerm, getNamespacesFromPodAffinityTerm. The API server writes
// matchLabelKeys and mismatchLabelKeys into the selector when it creates the pod (pkg/registry/core/pod/strategy.go
// applyMatchLabelKeysAndMismatchLabelKeys); doing it again changes nothing, so manifests and stored pods are read
// alike.
AffinityTerms required_terms(Node pod, std::string_view kind) {
  AffinityTerms terms;
  for (Node entry : pod["spec"]["affinity"][kind]["requiredDuringSchedulingIgnoredDuringExecution"].items()) {
    AffinityTerm term;
    term.node = entry;
    term.topology_key = entry["topologyKey"].string();
    if (entry["labelSelector"].is_mapping()) {
      term.selector = kube::label_selector(entry["labelSelector"]);
      if (term.selector) {
        Node labels = pod["metadata"]["labels"];
        merge_label_keys(entry["matchLabelKeys"], labels, false, *term.selector);
        merge_label_keys(entry["mismatchLabelKeys"], labels, true, *term.selector);
      }
    }
    for (Node name : entry["namespaces"].items()) {
      term.namespaces.push_back(name.string());
    }
    if (entry["namespaceSelector"].is_mapping()) {
      term.namespace_selector = kube::label_selector(entry["namespaceSelector"]);
    } else if (term.namespaces.empty()) {
      term.namespaces.push_back(pod["metadata"]["namespace"].string());
    }
    terms.push_back(std::move(term));
  }
  return terms;
}

}  // namespace podcheck::scheduling
