// InterPodAffinity: required affinity and anti-affinity of the incoming pod, and the anti-affinity of those that run.
//
// pkg/scheduler/framework/plugins/interpodaffinity/filtering.go:
// - Affinity: a pod counts when it matches *all* required terms at once; then every term's topology of its node counts.
//   The node must have every topology key. When nobody in the whole cluster matches and the pod matches its own terms,
//   the first pod of a group is let through, on nodes that have the keys.
// - Anti-affinity: each term counts for itself; a node without the key is never refused by it.
// - Existing pods' required anti-affinity refuses the pod in the topology domain of the node that they run on.
// - Terminating pods count in all three. A missing labelSelector matches nobody, an empty one everybody. Without
//   namespaces and namespaceSelector a term means its own pod's namespace; an empty namespaceSelector means all.
#include <algorithm>
#include <unordered_map>

#include "scheduling/filters/filter.hpp"
#include "scheduling/topology.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

// How many pods match, by topology domain of one key; and one of them, for the sentence.
struct Matches {
  std::int64_t count = 0;
  std::uint32_t example = 0;
};

struct Domains {
  Topology topology;
  std::vector<Matches> matches;

  Domains(const Cluster& cluster, std::string_view key) : topology(cluster, key), matches(topology.size()) {}

  // False when the node has no such label.
  bool note(std::size_t node, std::uint32_t pod) {
    int domain = topology.of_node(node);
    if (domain < 0) {
      return false;
    }
    Matches& found = matches[static_cast<std::size_t>(domain)];
    if (found.count++ == 0) {
      found.example = pod;
    }
    return true;
  }
  // nullptr: nobody matches there.
  const Matches* find(std::optional<std::string_view> value) const {
    int domain = topology.find(value);
    const Matches* found = domain < 0 ? nullptr : &matches[static_cast<std::size_t>(domain)];
    return found != nullptr && found->count > 0 ? found : nullptr;
  }
};

// The API server labels every namespace with its name; recordings and manifests may lack it.
bool selects_namespace(const kube::Selector& selector, Node object, std::string_view name) {
  constexpr std::string_view name_label = "kubernetes.io/metadata.name";
  Node labels = object["metadata"]["labels"];
  return std::all_of(selector.requirements.begin(), selector.requirements.end(),
                     [&](const kube::Requirement& requirement) {
                       Node value = labels[requirement.key];
                       if (!value && requirement.key == name_label) {
                         return requirement.matches(name);
                       }
                       return requirement.matches(value ? std::optional(value.string()) : std::nullopt);
                     });
}

std::string full_name(const PodInfo& pod) {
  return std::string(pod.namespace_) + "/" + std::string(pod.name);
}

std::string describe(const AffinityTerm& term) {
  std::string text;
  if (term.selector) {
    for (const kube::Requirement& requirement : term.selector->requirements) {
      text += (text.empty() ? "" : ", ") + scheduling::describe(requirement);
    }
  }
  return text;
}

class InterPodAffinity : public Filter {
 public:
  InterPodAffinity(const Cluster& cluster, const Incoming& incoming) : cluster_(cluster), incoming_(incoming) {
    for (const AffinityTerm& term : affinity()) {
      affinity_domains_.emplace_back(cluster, term.topology_key);
    }
    for (const AffinityTerm& term : anti()) {
      anti_domains_.emplace_back(cluster, term.topology_key);
    }
    if (!affinity().empty() || !anti().empty()) {
      count_matches();
    }
    count_existing();
    matches_itself_ = matches_all(incoming.pod.namespace_, incoming.pod.labels);
  }

  bool idle() const { return affinity().empty() && anti().empty() && existing_.empty(); }

  void check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const override {
    check_affinity(node, evicted, reasons);
    check_anti_affinity(node, evicted, reasons);
    check_existing(node, evicted, reasons);
  }

 private:
  const Cluster& cluster_;
  const Incoming& incoming_;
  std::vector<Domains> affinity_domains_;                   // a term's
  std::int64_t affinity_matches_ = 0;                       // over all terms
  std::vector<Domains> anti_domains_;                       // a term's
  std::unordered_map<std::string_view, Domains> existing_;  // by topology key
  bool matches_itself_ = false;

  const AffinityTerms& affinity() const { return incoming_.affinity; }
  const AffinityTerms& anti() const { return incoming_.anti_affinity; }

  bool matches(const AffinityTerm& term, std::string_view namespace_, Node labels) const {
    if (!term.selector || !selects(*term.selector, labels)) {
      return false;
    }
    return std::find(term.namespaces.begin(), term.namespaces.end(), namespace_) != term.namespaces.end() ||
           (term.namespace_selector &&
            selects_namespace(*term.namespace_selector, cluster_.namespace_object(namespace_), namespace_));
  }
  bool matches(const AffinityTerm& term, const PodInfo& pod) const { return matches(term, pod.namespace_, pod.labels); }

  bool matches_all(std::string_view namespace_, Node labels) const {
    return !affinity().empty() && std::all_of(affinity().begin(), affinity().end(), [&](const AffinityTerm& term) {
      return matches(term, namespace_, labels);
    });
  }

  // Selectors are asked once a group, pods are only counted.
  void count_matches() {
    std::size_t groups = cluster_.groups().size();
    std::vector<char> all(groups);
    std::vector<std::vector<char>> refused(anti().size(), std::vector<char>(groups));
    for (std::size_t index = 0; index < groups; ++index) {
      const PodGroup& group = cluster_.groups()[index];
      all[index] = matches_all(group.namespace_, group.labels) ? 1 : 0;
      for (std::size_t term = 0; term < anti().size(); ++term) {
        refused[term][index] = matches(anti()[term], group.namespace_, group.labels) ? 1 : 0;
      }
    }
    for (std::uint32_t index = 0; index < cluster_.placed().size(); ++index) {
      const PlacedPod& pod = cluster_.placed()[index];
      if (pod.node < 0) {
        continue;
      }
      auto node = static_cast<std::size_t>(pod.node);
      for (std::size_t term = 0; all[pod.group] != 0 && term < affinity_domains_.size(); ++term) {
        affinity_matches_ += affinity_domains_[term].note(node, index) ? 1 : 0;
      }
      for (std::size_t term = 0; term < anti_domains_.size(); ++term) {
        if (refused[term][pod.group] != 0) {
          anti_domains_[term].note(node, index);
        }
      }
    }
  }

  void count_existing() {
    std::unordered_map<const AffinityTerms*, std::vector<std::string_view>> keys;  // of the terms that match
    for (std::uint32_t index : cluster_.pods_with_anti_affinity()) {
      const PodInfo& pod = cluster_.pods()[index];
      auto [found, fresh] = keys.try_emplace(pod.anti_affinity.get());
      for (const AffinityTerm& term : *pod.anti_affinity) {
        if (fresh && matches(term, incoming_.pod)) {
          found->second.push_back(term.topology_key);
        }
      }
      for (std::string_view key : found->second) {
        existing_.try_emplace(key, cluster_, key).first->second.note(static_cast<std::size_t>(pod.node), index);
      }
    }
    std::erase_if(existing_, [](const auto& entry) {
      const std::vector<Matches>& domains = entry.second.matches;
      return std::none_of(domains.begin(), domains.end(), [](const Matches& found) { return found.count > 0; });
    });
  }

  void check_affinity(const NodeInfo& node, Evicted evicted, Reasons& reasons) const {
    std::int64_t gone = 0;  // evicted pods that all terms match
    for (std::uint32_t index : evicted) {
      const PodInfo& pod = cluster_.pods()[index];
      gone += matches_all(pod.namespace_, pod.labels) ? 1 : 0;
    }
    bool anyone = affinity_matches_ - gone * static_cast<std::int64_t>(affinity().size()) > 0;
    for (std::size_t index = 0; index < affinity().size(); ++index) {
      const AffinityTerm& term = affinity()[index];
      std::optional<std::string_view> domain = node.label(term.topology_key);
      const char* variant = "";
      if (!domain) {
        variant = "no-label";
      } else {
        const Matches* found = affinity_domains_[index].find(domain);
        if ((found != nullptr && found->count - gone > 0) || (!anyone && matches_itself_)) {
          continue;
        }
        variant = anyone ? "elsewhere" : "nobody";
      }
      if (Reason* reason = reasons.add("pod-affinity", "InterPodAffinity", false)) {
        reason->variant = variant;
        reason->values = {{"key", std::string(term.topology_key)},
                          {"domain", std::string(domain.value_or(""))},
                          {"selector", describe(term)},
                          {"term", std::to_string(index)}};
      }
    }
  }

  void check_anti_affinity(const NodeInfo& node, Evicted evicted, Reasons& reasons) const {
    for (std::size_t index = 0; index < anti().size(); ++index) {
      const AffinityTerm& term = anti()[index];
      std::optional<std::string_view> domain = node.label(term.topology_key);
      const Matches* found = anti_domains_[index].find(domain);
      if (found == nullptr) {
        continue;
      }
      std::int64_t count = found->count;
      for (std::uint32_t pod : evicted) {
        count -= matches(term, cluster_.pods()[pod]) ? 1 : 0;
      }
      if (count <= 0) {
        continue;
      }
      if (Reason* reason = reasons.add("pod-anti-affinity", "InterPodAffinity", true)) {
        reason->values = {{"key", std::string(term.topology_key)},
                          {"domain", std::string(*domain)},
                          {"selector", describe(term)},
                          {"count", std::to_string(count)},
                          {"holder", full_name(cluster_.pods()[found->example])},
                          {"term", std::to_string(index)}};
      }
    }
  }

  void check_existing(const NodeInfo& node, Evicted evicted, Reasons& reasons) const {
    for (const auto& [key, domains] : existing_) {
      std::optional<std::string_view> domain = node.label(key);
      const Matches* found = domains.find(domain);
      if (found == nullptr) {
        continue;
      }
      std::int64_t count = found->count;
      for (std::uint32_t index : evicted) {
        const PodInfo& pod = cluster_.pods()[index];
        if (pod.anti_affinity == nullptr) {
          continue;
        }
        for (const AffinityTerm& term : *pod.anti_affinity) {
          count -= term.topology_key == key && matches(term, incoming_.pod) ? 1 : 0;
        }
      }
      if (count <= 0) {
        continue;
      }
      if (Reason* reason = reasons.add("existing-pod-anti-affinity", "InterPodAffinity", true)) {
        reason->values = {{"key", std::string(key)},
                          {"domain", std::string(*domain)},
                          {"count", std::to_string(count)},
                          {"holder", full_name(cluster_.pods()[found->example])}};
      }
    }
  }
};

}  // namespace

std::unique_ptr<Filter> inter_pod_affinity(const Cluster& cluster, const Incoming& incoming, Reasons&) {
  auto filter = std::make_unique<InterPodAffinity>(cluster, incoming);
  if (filter->idle()) {
    return nullptr;
  }
  return filter;
}

}  // namespace podcheck::scheduling
