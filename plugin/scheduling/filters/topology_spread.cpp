// PodTopologySpread: constraints with whenUnsatisfiable DoNotSchedule.
//
// pkg/scheduler/framework/plugins/podtopologyspread/{common,filtering}.go:
// - Domains are counted over the nodes that have the topology keys of *all* constraints and pass the constraint's
//   policies (nodeAffinityPolicy, default Honor; nodeTaintsPolicy, default Ignore). A node without a key is refused for
//   good, as "missing required label".
// - Pods of the incoming pod's namespace count, unless they are being deleted. An empty selector counts nobody, though
//   it matches the incoming pod itself.
// - A node is refused when count(domain) + (1 if the pod matches its own selector) - min(count) > maxSkew. With fewer
//   domains than minDomains (default 1) the minimum is taken as 0. A domain that only an excluded node makes counts 0.
// - matchLabelKeys: the pod's own values of those labels join the selector; keys that the pod lacks do not.
#include <algorithm>
#include <limits>
#include <unordered_map>

#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

struct Constraint {
  std::string_view key;
  std::int64_t max_skew = 1;
  std::int64_t min_domains = 1;
  bool honor_affinity = true;
  bool honor_taints = false;
  std::optional<kube::Selector> selector;  // none: matches nothing
  bool selects_itself = false;
  std::unordered_map<std::string_view, std::int64_t> counts;  // matching pods by domain
  // The two domains with the fewest pods, so that the minimum without one of them is known at once.
  std::string_view emptiest;
  std::int64_t fewest = 0;
  std::int64_t second_fewest = 0;
  std::size_t index = 0;  // in spec.topologySpreadConstraints
};

Constraint constraint_from(Node node, Node labels, std::size_t index) {
  Constraint constraint;
  constraint.index = index;
  constraint.key = node["topologyKey"].string();
  constraint.max_skew = node["maxSkew"].integer().value_or(1);
  constraint.min_domains = node["minDomains"].integer().value_or(1);
  constraint.honor_affinity = node["nodeAffinityPolicy"].string("Honor") != "Ignore";
  constraint.honor_taints = node["nodeTaintsPolicy"].string("Ignore") == "Honor";
  if (node["labelSelector"].is_mapping()) {
    constraint.selector = kube::label_selector(node["labelSelector"]);
  }
  if (constraint.selector) {
    merge_label_keys(node["matchLabelKeys"], labels, false, *constraint.selector);
    constraint.selects_itself = selects(*constraint.selector, labels);
  }
  return constraint;
}

class TopologySpread : public Filter {
 public:
  TopologySpread(const Cluster& cluster, const Incoming& incoming, std::vector<Constraint> constraints)
      : cluster_(cluster), incoming_(incoming), constraints_(std::move(constraints)) {
    for (const NodeInfo& node : cluster.nodes()) {
      count(node);
    }
    for (Constraint& constraint : constraints_) {
      find_emptiest(constraint);
    }
  }

  void check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const override {
    for (const Constraint& constraint : constraints_) {
      std::optional<std::string_view> domain = node.label(constraint.key);
      if (!domain) {
        if (Reason* reason = reasons.add("topology-spread", "PodTopologySpread", false)) {
          reason->variant = "no-label";
          reason->values = {{"key", std::string(constraint.key)}, {"constraint", std::to_string(constraint.index)}};
        }
        continue;
      }
      check_skew(node, *domain, constraint, evicted, reasons);
    }
  }

 private:
  const Cluster& cluster_;
  const Incoming& incoming_;
  std::vector<Constraint> constraints_;

  bool counts(const PodInfo& pod, const Constraint& constraint) const {
    return !pod.terminating && constraint.selector && !constraint.selector->empty() &&
           pod.namespace_ == incoming_.pod.namespace_ && selects(*constraint.selector, pod.labels);
  }

  bool admits(const NodeInfo& node, const Constraint& constraint) const {
    if (constraint.honor_affinity && !incoming_.required_nodes.matches(node)) {
      return false;
    }
    return !constraint.honor_taints || untolerated(node, incoming_.tolerations) == nullptr;
  }

  void count(const NodeInfo& node) {
    for (const Constraint& constraint : constraints_) {
      if (!node.label(constraint.key)) {
        return;
      }
    }
    for (Constraint& constraint : constraints_) {
      if (!admits(node, constraint)) {
        continue;
      }
      std::int64_t matching = 0;
      for (std::uint32_t index : node.pods) {
        matching += counts(cluster_.pods()[index], constraint) ? 1 : 0;
      }
      constraint.counts[*node.label(constraint.key)] += matching;
    }
  }

  static void find_emptiest(Constraint& constraint) {
    constexpr std::int64_t none = std::numeric_limits<std::int32_t>::max();
    constraint.fewest = none;
    constraint.second_fewest = none;
    for (const auto& [domain, matching] : constraint.counts) {
      if (matching < constraint.fewest || (matching == constraint.fewest && domain < constraint.emptiest)) {
        constraint.second_fewest = constraint.fewest;
        constraint.fewest = matching;
        constraint.emptiest = domain;
      } else {
        constraint.second_fewest = std::min(constraint.second_fewest, matching);
      }
    }
  }

  void check_skew(const NodeInfo& node, std::string_view domain, const Constraint& constraint, Evicted evicted,
                  Reasons& reasons) const {
    auto found = constraint.counts.find(domain);
    std::int64_t matching = found == constraint.counts.end() ? 0 : found->second;
    std::int64_t minimum = constraint.fewest;
    if (!evicted.empty() && found != constraint.counts.end() && admits(node, constraint)) {
      for (std::uint32_t index : evicted) {
        matching -= counts(cluster_.pods()[index], constraint) ? 1 : 0;
      }
      std::int64_t others = constraint.emptiest == domain ? constraint.second_fewest : constraint.fewest;
      minimum = std::min(others, matching);
    }
    auto domains = static_cast<std::int64_t>(constraint.counts.size());
    if (domains < constraint.min_domains) {
      minimum = 0;
    }
    std::int64_t skew = matching + (constraint.selects_itself ? 1 : 0) - minimum;
    if (skew <= constraint.max_skew) {
      return;
    }
    if (Reason* reason = reasons.add("topology-spread", "PodTopologySpread", true)) {
      reason->values = {{"key", std::string(constraint.key)},
                        {"domain", std::string(domain)},
                        {"count", std::to_string(matching)},
                        {"minimum", std::to_string(minimum)},
                        {"emptiest", std::string(constraint.emptiest)},
                        {"skew", std::to_string(skew)},
                        {"max_skew", std::to_string(constraint.max_skew)},
                        {"domains", std::to_string(domains)},
                        {"min_domains", std::to_string(constraint.min_domains)},
                        {"constraint", std::to_string(constraint.index)}};
      if (domains < constraint.min_domains) {
        reason->variant = "min-domains";
      }
    }
  }
};

}  // namespace

std::unique_ptr<Filter> topology_spread(const Cluster& cluster, const Incoming& incoming, Reasons&) {
  std::vector<Constraint> constraints;
  std::size_t index = 0;
  for (Node node : incoming.pod.object["spec"]["topologySpreadConstraints"].items()) {
    if (node["whenUnsatisfiable"].string("DoNotSchedule") == "DoNotSchedule") {
      constraints.push_back(constraint_from(node, incoming.pod.labels, index));
    }
    ++index;
  }
  if (constraints.empty()) {
    return nullptr;
  }
  return std::make_unique<TopologySpread>(cluster, incoming, std::move(constraints));
}

}  // namespace podcheck::scheduling
