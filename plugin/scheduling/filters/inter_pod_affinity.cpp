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

namespace podcheck::scheduling {

using document::Node;

namespace {

// How many pods match, by topology domain of one key; and one of them, for the sentence.
struct Matches {
  std::int64_t count = 0;
  std::uint32_t example = 0;
};
using Domains = std::unordered_map<std::string_view, Matches>;

bool in_namespaces(const AffinityTerm& term, std::string_view namespace_, Node namespace_labels) {
  if (std::find(term.namespaces.begin(), term.namespaces.end(), namespace_) != term.namespaces.end()) {
    return true;
  }
  return term.namespace_selector && selects(*term.namespace_selector, namespace_labels);
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
  InterPodAffinity(const Cluster& cluster, const Incoming& incoming)
      : cluster_(cluster),
        incoming_(incoming),
        affinity_(required_terms(incoming.pod.object, "podAffinity")),
        affinity_domains_(affinity_.size()),
        anti_domains_(incoming.pod.anti_affinity.size()) {
    if (!affinity_.empty() || !anti().empty()) {
      count_matches();
    }
    count_existing();
    matches_itself_ = matches_all(incoming.pod);
  }

  bool idle() const { return affinity_.empty() && anti().empty() && existing_.empty(); }

  void check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const override {
    check_affinity(node, evicted, reasons);
    check_anti_affinity(node, evicted, reasons);
    check_existing(node, evicted, reasons);
  }

 private:
  const Cluster& cluster_;
  const Incoming& incoming_;
  std::vector<AffinityTerm> affinity_;
  std::vector<Domains> affinity_domains_;  // a term's
  std::int64_t affinity_matches_ = 0;      // domain entries over all terms
  std::vector<Domains> anti_domains_;
  std::unordered_map<std::string_view, Domains> existing_;  // by topology key
  bool matches_itself_ = false;

  const std::vector<AffinityTerm>& anti() const { return incoming_.pod.anti_affinity; }

  bool matches(const AffinityTerm& term, const PodInfo& pod) const {
    return term.selector && selects(*term.selector, pod.labels) &&
           in_namespaces(term, pod.namespace_,
                         term.namespace_selector ? cluster_.namespace_labels(pod.namespace_) : Node());
  }

  bool matches_all(const PodInfo& pod) const {
    return !affinity_.empty() && std::all_of(affinity_.begin(), affinity_.end(),
                                             [&](const AffinityTerm& term) { return matches(term, pod); });
  }

  void count_matches() {
    for (const NodeInfo& node : cluster_.nodes()) {
      for (std::uint32_t index : node.pods) {
        const PodInfo& pod = cluster_.pods()[index];
        if (matches_all(pod)) {
          for (std::size_t term = 0; term < affinity_.size(); ++term) {
            affinity_matches_ += note(affinity_domains_[term], node, affinity_[term].topology_key, index);
          }
        }
        for (std::size_t term = 0; term < anti().size(); ++term) {
          if (matches(anti()[term], pod)) {
            note(anti_domains_[term], node, anti()[term].topology_key, index);
          }
        }
      }
    }
  }

  void count_existing() {
    for (std::uint32_t index : cluster_.pods_with_anti_affinity()) {
      const PodInfo& pod = cluster_.pods()[index];
      const NodeInfo& node = cluster_.nodes()[static_cast<std::size_t>(pod.node)];
      for (const AffinityTerm& term : pod.anti_affinity) {
        if (matches(term, incoming_.pod)) {
          note(existing_[term.topology_key], node, term.topology_key, index);
        }
      }
    }
  }

  static int note(Domains& domains, const NodeInfo& node, std::string_view key, std::uint32_t pod) {
    std::optional<std::string_view> domain = node.label(key);
    if (!domain) {
      return 0;
    }
    Matches& matches = domains[*domain];
    if (matches.count++ == 0) {
      matches.example = pod;
    }
    return 1;
  }

  static const Matches* find(const Domains& domains, std::string_view domain) {
    auto found = domains.find(domain);
    return found == domains.end() ? nullptr : &found->second;
  }

  void check_affinity(const NodeInfo& node, Evicted evicted, Reasons& reasons) const {
    std::int64_t gone = 0;  // evicted pods that all terms match
    for (std::uint32_t index : evicted) {
      gone += matches_all(cluster_.pods()[index]) ? 1 : 0;
    }
    bool anyone = affinity_matches_ - gone * static_cast<std::int64_t>(affinity_.size()) > 0;
    for (std::size_t index = 0; index < affinity_.size(); ++index) {
      const AffinityTerm& term = affinity_[index];
      std::optional<std::string_view> domain = node.label(term.topology_key);
      const char* variant = "";
      if (!domain) {
        variant = "no-label";
      } else {
        const Matches* found = find(affinity_domains_[index], *domain);
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
      const Matches* found = domain ? find(anti_domains_[index], *domain) : nullptr;
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
      const Matches* found = domain ? find(domains, *domain) : nullptr;
      if (found == nullptr) {
        continue;
      }
      std::int64_t count = found->count;
      for (std::uint32_t index : evicted) {
        for (const AffinityTerm& term : cluster_.pods()[index].anti_affinity) {
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
