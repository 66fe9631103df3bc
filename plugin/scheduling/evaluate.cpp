#include <algorithm>
#include <array>

#include "scheduling/filter_set.hpp"
#include "scheduling/filters/filter.hpp"
#include "scheduling/scheduling.hpp"

namespace podcheck::scheduling {

std::string_view Reason::value(std::string_view name) const {
  for (const auto& [key, text] : values) {
    if (key == name) {
      return text;
    }
  }
  return {};
}

Reason* Reasons::add(std::string_view id, std::string_view plugin, bool resolvable) {
  any_ = true;
  unresolvable_ = unresolvable_ || !resolvable;
  if (!explain_) {
    return nullptr;
  }
  Reason& reason = list_.emplace_back();
  reason.id = id;
  reason.plugin = plugin;
  reason.resolvable = resolvable;
  return &reason;
}

void Reasons::clear() {
  any_ = false;
  unresolvable_ = false;
  list_.clear();
}

Incoming compile(const Cluster& cluster, document::Node pod) {
  Incoming incoming;
  incoming.pod = pod_info(pod);
  if (!pod["spec"].has("priority")) {
    document::Node value = cluster.priority_class(pod["spec"]["priorityClassName"].string())["value"];
    incoming.pod.priority = static_cast<std::int32_t>(value.integer().value_or(0));
  }
  incoming.affinity = required_terms(pod, "podAffinity");
  incoming.anti_affinity = required_terms(pod, "podAntiAffinity");
  incoming.tolerations = tolerations_of(pod);
  incoming.required_nodes = required_nodes(pod["spec"]);
  return incoming;
}

FilterSet::FilterSet(const Cluster& cluster, document::Node pod, bool explain)
    : incoming_(compile(cluster, pod)), before_(explain), refused_(explain) {
  static constexpr std::array<MakeFilter, 13> all = {
      node_unschedulable, node_name,           taint_toleration, node_affinity,  node_ports,
      resource_fit,       volume_restrictions, volume_limits,    volume_binding, volume_zone,
      topology_spread,    inter_pod_affinity,  dynamic_resources};
  check_before_scheduling(incoming_, before_);
  for (MakeFilter make : all) {
    if (std::unique_ptr<Filter> filter = make(cluster, incoming_, refused_)) {
      filters_.push_back(std::move(filter));
    }
  }
}

void FilterSet::check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const {
  for (const std::unique_ptr<Filter>& filter : filters_) {
    filter->check(node, evicted, reasons);
    if (reasons.any() && !reasons.explain()) {
      return;
    }
  }
}

Placement evaluate(const Cluster& cluster, document::Node pod) {
  FilterSet filters(cluster, pod, true);
  Placement placement;
  placement.pod = filters.before().list();
  const std::vector<Reason>& refused = filters.refused().list();
  placement.pod.insert(placement.pod.end(), refused.begin(), refused.end());
  placement.not_judged = not_judged(cluster, filters.incoming());
  placement.nodes.reserve(cluster.nodes().size());
  for (const NodeInfo& node : cluster.nodes()) {
    Reasons reasons(true);
    filters.check(node, {}, reasons);
    NodeResult& result = placement.nodes.emplace_back();
    result.node = node.name;
    result.reasons = std::move(reasons.list());
    result.reasons.insert(result.reasons.end(), refused.begin(), refused.end());
  }
  return placement;
}

std::vector<std::size_t> fitting_nodes(const Cluster& cluster, document::Node pod) {
  FilterSet filters(cluster, pod, false);
  std::vector<std::size_t> fitting;
  if (filters.before().any() || filters.refused().any()) {
    return fitting;
  }
  Reasons reasons(false);
  for (std::size_t index = 0; index < cluster.nodes().size(); ++index) {
    reasons.clear();
    filters.check(cluster.nodes()[index], {}, reasons);
    if (!reasons.any()) {
      fitting.push_back(index);
    }
  }
  return fitting;
}

std::vector<std::size_t> Placement::fitting() const {
  std::vector<std::size_t> found;
  for (std::size_t index = 0; index < nodes.size(); ++index) {
    if (nodes[index].fits()) {
      found.push_back(index);
    }
  }
  return found;
}

bool Placement::fits() const {
  return pod.empty() && std::any_of(nodes.begin(), nodes.end(), [](const NodeResult& node) { return node.fits(); });
}

}  // namespace podcheck::scheduling
