// DefaultPreemption: whether evicting pods of lower priority would make room, where, and which pods.
//
// pkg/scheduler/framework/preemption/preemption.go, plugins/defaultpreemption/default_preemption.go: on every node that
// is not refused for good, all pods of lower priority are taken away; if the pod fits then, they come back one by one,
// those whose disruption budget is used up before all others and the most important first, as long as it still fits;
// those that cannot come back are the victims. Among the nodes the one whose victims matter least is nominated: the
// fewest violated budgets, then the lowest priorities, the fewest pods, the youngest. A budget is no protection: where
// nothing else helps, its pods are evicted all the same. A budget with an empty selector covers no pod here.
#include <algorithm>
#include <limits>
#include <tuple>

#include "kube/selector.hpp"
#include "scheduling/filter_set.hpp"
#include "scheduling/scheduling.hpp"

namespace podcheck::scheduling {

namespace {

// The scheduler stops at a tenth of the nodes, but looks at a hundred at least.
std::size_t most_candidates(std::size_t nodes) {
  return std::max<std::size_t>(100, nodes / 10);
}

std::string_view start_time(const PodInfo& pod) {
  std::string_view started = pod.object["status"]["startTime"].string();
  return started.empty() ? "9999" : started;  // not yet started counts as now
}

bool more_important(const PodInfo& a, const PodInfo& b) {
  if (a.priority != b.priority) {
    return a.priority > b.priority;
  }
  return start_time(a) < start_time(b);
}

struct Candidate {
  std::size_t node = 0;
  std::vector<std::uint32_t> victims;  // most important first
  std::size_t violating = 0;           // of them, those whose budget is used up
};

// Disruption budgets with what each still allows (filterPodsWithPDBViolation).
class Budgets {
 public:
  explicit Budgets(const Cluster& cluster) {
    for (document::Node object : cluster.objects().disruption_budgets) {
      std::optional<kube::Selector> selector;
      if (object["spec"]["selector"].is_mapping()) {
        selector = kube::label_selector(object["spec"]["selector"]);
      }
      if (selector && !selector->empty()) {
        budgets_.push_back(
            {object, std::move(*selector), object["status"]["disruptionsAllowed"].integer().value_or(0)});
      }
    }
  }

  // Which of the pods, in this order, could not be evicted without violating a budget.
  std::vector<char> violated(const Cluster& cluster, const std::vector<std::uint32_t>& pods) const {
    std::vector<std::int64_t> left;
    for (const Budget& budget : budgets_) {
      left.push_back(budget.allowed);
    }
    std::vector<char> answer;
    for (std::uint32_t index : pods) {
      const PodInfo& pod = cluster.pods()[index];
      bool violates = false;
      for (std::size_t at = 0; at < budgets_.size(); ++at) {
        if (covers(budgets_[at], pod) && --left[at] < 0) {
          violates = true;
        }
      }
      answer.push_back(violates ? 1 : 0);
    }
    return answer;
  }

 private:
  struct Budget {
    document::Node object;
    kube::Selector selector;
    std::int64_t allowed = 0;
  };
  std::vector<Budget> budgets_;

  static bool covers(const Budget& budget, const PodInfo& pod) {
    return budget.object["metadata"]["namespace"].string() == pod.namespace_ && !pod.labels.empty() &&
           selects(budget.selector, pod.labels) && !budget.object["status"]["disruptedPods"].has(pod.name);
  }
};

class Search {
 public:
  Search(const Cluster& cluster, const FilterSet& filters) : cluster_(cluster), filters_(filters), budgets_(cluster) {}

  // Nothing when no pod has a lower priority, or when even without all of those the node refuses.
  std::optional<Candidate> victims_on(std::size_t index) {
    const NodeInfo& node = cluster_.nodes()[index];
    std::vector<std::uint32_t> lower;
    for (std::uint32_t pod : node.pods) {
      if (cluster_.pods()[pod].priority < filters_.incoming().pod.priority) {
        lower.push_back(pod);
      }
    }
    if (lower.empty()) {
      return std::nullopt;
    }
    any_lower_ = true;
    if (!fits(node, lower)) {
      return std::nullopt;
    }
    std::stable_sort(lower.begin(), lower.end(), [&](std::uint32_t a, std::uint32_t b) {
      return more_important(cluster_.pods()[a], cluster_.pods()[b]);
    });
    Candidate candidate{index, lower, 0};
    std::vector<char> violated = budgets_.violated(cluster_, lower);
    for (char turn : {1, 0}) {
      for (std::size_t at = 0; at < lower.size(); ++at) {
        if (violated[at] == turn && !reprieve(node, lower[at], candidate.victims)) {
          candidate.violating += static_cast<std::size_t>(turn);
        }
      }
    }
    return candidate;
  }

  bool any_lower() const { return any_lower_; }

  // Smaller is better: violated budgets, priority of the first victim, sum of priorities, number, and the youngest
  // start.
  bool better(const Candidate& a, const Candidate& b) const {
    auto rank = [&](const Candidate& candidate) {
      std::int64_t sum = 0;
      std::int32_t highest = std::numeric_limits<std::int32_t>::min();
      for (std::uint32_t pod : candidate.victims) {
        std::int32_t priority = cluster_.pods()[pod].priority;
        sum += static_cast<std::int64_t>(priority) + std::numeric_limits<std::int32_t>::max() + 1;
        highest = std::max(highest, priority);
      }
      return std::tuple(candidate.violating, highest, sum, candidate.victims.size());
    };
    auto rank_a = rank(a);
    auto rank_b = rank(b);
    return rank_a != rank_b ? rank_a < rank_b : earliest_start(a) > earliest_start(b);
  }

 private:
  const Cluster& cluster_;
  const FilterSet& filters_;
  Budgets budgets_;
  bool any_lower_ = false;

  // Takes the pod from the victims when the newcomer still fits with it.
  bool reprieve(const NodeInfo& node, std::uint32_t pod, std::vector<std::uint32_t>& victims) const {
    std::vector<std::uint32_t> fewer = victims;
    std::erase(fewer, pod);
    if (!fits(node, fewer)) {
      return false;
    }
    victims = std::move(fewer);
    return true;
  }

  bool fits(const NodeInfo& node, const std::vector<std::uint32_t>& evicted) const {
    Reasons reasons(false);
    filters_.check(node, evicted, reasons);
    return !reasons.any();
  }

  std::string_view earliest_start(const Candidate& candidate) const {
    std::string_view earliest = "9999";
    std::int32_t highest = std::numeric_limits<std::int32_t>::min();
    for (std::uint32_t index : candidate.victims) {
      const PodInfo& pod = cluster_.pods()[index];
      if (pod.priority > highest) {
        highest = pod.priority;
        earliest = start_time(pod);
      } else if (pod.priority == highest) {
        earliest = std::min(earliest, start_time(pod));
      }
    }
    return earliest;
  }
};

bool is_resolvable(const NodeResult& node) {
  return std::all_of(node.reasons.begin(), node.reasons.end(), [](const Reason& reason) { return reason.resolvable; });
}

}  // namespace

Preemption preemption_for(const Cluster& cluster, document::Node pod, const Placement& placement) {
  Preemption preemption;
  if (placement.fits()) {
    return preemption;
  }
  preemption.verdict = Preemption::Verdict::not_helpful;
  if (!placement.pod.empty()) {
    return preemption;
  }
  std::string_view policy = pod["spec"]["preemptionPolicy"].string();
  if (policy.empty()) {
    policy = cluster.priority_class(pod["spec"]["priorityClassName"].string())["preemptionPolicy"].string();
  }
  if (policy == "Never") {
    preemption.verdict = Preemption::Verdict::never;
    return preemption;
  }
  FilterSet filters(cluster, pod, false);
  Search search(cluster, filters);
  std::optional<Candidate> best;
  std::size_t found = 0;
  bool any_resolvable = false;
  for (std::size_t index = 0; index < placement.nodes.size() && found < most_candidates(placement.nodes.size());
       ++index) {
    if (!is_resolvable(placement.nodes[index])) {
      continue;
    }
    any_resolvable = true;
    if (std::optional<Candidate> candidate = search.victims_on(index)) {
      ++found;
      if (!best || search.better(*candidate, *best)) {
        best = std::move(candidate);
      }
    }
  }
  if (!best) {
    if (any_resolvable && !search.any_lower()) {
      preemption.verdict = Preemption::Verdict::no_victims;
    }
    return preemption;
  }
  preemption.verdict = Preemption::Verdict::would_help;
  preemption.violating = best->violating;
  preemption.node = cluster.nodes()[best->node].name;
  for (std::uint32_t victim : best->victims) {
    preemption.victims.push_back(cluster.pods()[victim].object);
  }
  return preemption;
}

}  // namespace podcheck::scheduling
