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
// - Preemption counts evicted pods down even where they were not counted: pods that are being deleted, and any pod
// under
//   an empty selector (updateWithPod). The domain's count can go below zero then.
// - matchLabelKeys: the pod's own values of those labels join the selector; keys that the pod lacks do not.
#include <algorithm>
#include <limits>

#include "scheduling/filters/filter.hpp"
#include "scheduling/topology.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

struct Constraint {
  Topology topology;
  std::int64_t max_skew = 1;
  std::int64_t min_domains = 1;
  bool honor_affinity = true;
  bool honor_taints = false;
  std::optional<kube::Selector> selector = {};  // none: matches nothing
  bool selects_itself = false;
  std::size_t index = 0;  // in spec.topologySpreadConstraints

  std::vector<std::int64_t> counts = {};  // matching pods by domain
  std::vector<char> eligible = {};        // by domain: some node that counts lies in it
  std::int64_t domains = 0;               // eligible ones
  // The two eligible domains with the fewest pods, so that the minimum without one of them is known at once.
  std::string_view emptiest = {};
  std::int64_t fewest = 0;
  std::int64_t second_fewest = 0;
};

Constraint constraint_from(const Cluster& cluster, Node node, Node labels, std::size_t index) {
  Constraint constraint{Topology(cluster, node["topologyKey"].string())};
  constraint.index = index;
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
    for (Constraint& constraint : constraints_) {
      count(constraint);
      find_emptiest(constraint);
    }
  }

  void check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const override {
    for (const Constraint& constraint : constraints_) {
      std::optional<std::string_view> domain = node.label(constraint.topology.key());
      if (!domain) {
        if (Reason* reason = reasons.add("topology-spread", "PodTopologySpread", false)) {
          reason->variant = "no-label";
          reason->values = {{"key", std::string(constraint.topology.key())},
                            {"constraint", std::to_string(constraint.index)}};
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

  bool is_selected(std::string_view namespace_, Node labels, const Constraint& constraint) const {
    return constraint.selector && namespace_ == incoming_.pod.namespace_ && selects(*constraint.selector, labels);
  }

  bool admits(const NodeInfo& node, const Constraint& constraint) const {
    if (constraint.honor_affinity && !incoming_.required_nodes.matches(node)) {
      return false;
    }
    return !constraint.honor_taints || untolerated(node, incoming_.tolerations) == nullptr;
  }

  // Whether pods on a node count, by node.
  std::vector<char> counting_nodes(const Constraint& constraint) const {
    std::vector<char> counting(cluster_.nodes().size());
    for (std::size_t node = 0; node < counting.size(); ++node) {
      bool has_all_keys = std::all_of(constraints_.begin(), constraints_.end(),
                                      [&](const Constraint& one) { return one.topology.of_node(node) >= 0; });
      counting[node] = has_all_keys && admits(cluster_.nodes()[node], constraint) ? 1 : 0;
    }
    return counting;
  }

  void count(Constraint& constraint) const {
    constraint.counts.resize(constraint.topology.size());
    constraint.eligible.resize(constraint.topology.size());
    std::vector<char> counting = counting_nodes(constraint);
    for (std::size_t node = 0; node < counting.size(); ++node) {
      if (counting[node] != 0) {
        constraint.eligible[static_cast<std::size_t>(constraint.topology.of_node(node))] = 1;
      }
    }
    constraint.domains = std::count(constraint.eligible.begin(), constraint.eligible.end(), 1);
    if (!constraint.selector || constraint.selector->empty()) {
      return;
    }
    std::vector<char> selected;
    for (const PodGroup& group : cluster_.groups()) {
      selected.push_back(is_selected(group.namespace_, group.labels, constraint) ? 1 : 0);
    }
    for (const PlacedPod& pod : cluster_.placed()) {
      if (selected[pod.group] != 0 && pod.node >= 0 && !pod.terminating &&
          counting[static_cast<std::size_t>(pod.node)] != 0) {
        int domain = constraint.topology.of_node(static_cast<std::size_t>(pod.node));
        ++constraint.counts[static_cast<std::size_t>(domain)];
      }
    }
  }

  static void find_emptiest(Constraint& constraint) {
    constexpr std::int64_t none = std::numeric_limits<std::int32_t>::max();
    constraint.fewest = none;
    constraint.second_fewest = none;
    for (std::size_t domain = 0; domain < constraint.counts.size(); ++domain) {
      if (constraint.eligible[domain] == 0) {
        continue;
      }
      std::int64_t matching = constraint.counts[domain];
      std::string_view name = constraint.topology.value(domain);
      if (matching < constraint.fewest || (matching == constraint.fewest && name < constraint.emptiest)) {
        constraint.second_fewest = constraint.fewest;
        constraint.fewest = matching;
        constraint.emptiest = name;
      } else {
        constraint.second_fewest = std::min(constraint.second_fewest, matching);
      }
    }
  }

  void check_skew(const NodeInfo& node, std::string_view domain, const Constraint& constraint, Evicted evicted,
                  Reasons& reasons) const {
    int number = constraint.topology.find(domain);
    auto at = static_cast<std::size_t>(number);
    bool eligible = number >= 0 && constraint.eligible[at] != 0;
    std::int64_t matching = eligible ? constraint.counts[at] : 0;
    std::int64_t minimum = constraint.fewest;
    if (!evicted.empty() && eligible && admits(node, constraint)) {
      for (std::uint32_t index : evicted) {
        const PodInfo& pod = cluster_.pods()[index];
        matching -= is_selected(pod.namespace_, pod.labels, constraint) ? 1 : 0;
      }
      std::int64_t others = constraint.emptiest == domain ? constraint.second_fewest : constraint.fewest;
      minimum = std::min(others, matching);
    }
    if (constraint.domains < constraint.min_domains) {
      minimum = 0;
    }
    std::int64_t skew = matching + (constraint.selects_itself ? 1 : 0) - minimum;
    if (skew <= constraint.max_skew) {
      return;
    }
    if (Reason* reason = reasons.add("topology-spread", "PodTopologySpread", true)) {
      reason->values = {{"key", std::string(constraint.topology.key())},
                        {"domain", std::string(domain)},
                        {"count", std::to_string(matching)},
                        {"minimum", std::to_string(minimum)},
                        {"emptiest", std::string(constraint.emptiest)},
                        {"skew", std::to_string(skew)},
                        {"max_skew", std::to_string(constraint.max_skew)},
                        {"domains", std::to_string(constraint.domains)},
                        {"min_domains", std::to_string(constraint.min_domains)},
                        {"constraint", std::to_string(constraint.index)}};
      if (constraint.domains < constraint.min_domains) {
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
      constraints.push_back(constraint_from(cluster, node, incoming.pod.labels, index));
    }
    ++index;
  }
  if (constraints.empty()) {
    return nullptr;
  }
  return std::make_unique<TopologySpread>(cluster, incoming, std::move(constraints));
}

}  // namespace podcheck::scheduling
