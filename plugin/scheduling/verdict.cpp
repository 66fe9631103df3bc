#include "scheduling/verdict.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "scheduling/capacity.hpp"
#include "scheduling/value.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

// Reasons that lie in the node or in the pod's demands on it, not in who else runs there.
bool is_inherent(const Reason& reason) {
  static constexpr std::array<std::string_view, 12> inherent = {"resource-claim-elsewhere",
                                                                "node-cordoned",
                                                                "node-name-mismatch",
                                                                "untolerated-taint",
                                                                "node-selector-mismatch",
                                                                "node-affinity-mismatch",
                                                                "volume-node-affinity-conflict",
                                                                "volume-zone-conflict",
                                                                "volume-topology-mismatch",
                                                                "volume-no-match",
                                                                "volume-storage-capacity",
                                                                "volume-missing"};
  return std::find(inherent.begin(), inherent.end(), reason.id) != inherent.end();
}

bool is_control_plane(const NodeResult& node) {
  return std::any_of(node.reasons.begin(), node.reasons.end(), [](const Reason& reason) {
    std::string_view key = reason.value("key");
    return reason.id == "untolerated-taint" &&
           (key == "node-role.kubernetes.io/control-plane" || key == "node-role.kubernetes.io/master");
  });
}

// Which of several causes that every node shares is named: the pod's own demands before the state of nodes, what can
// never fit before what does not fit now.
int rank(std::string_view cause) {
  static constexpr std::array<std::string_view, 24> order = {"node-name-mismatch",
                                                             "node-selector-mismatch",
                                                             "node-affinity-mismatch",
                                                             "volume-node-affinity-conflict",
                                                             "volume-zone-conflict",
                                                             "volume-missing",
                                                             "volume-no-match",
                                                             "volume-topology-mismatch",
                                                             "volume-storage-capacity",
                                                             "untolerated-taint",
                                                             "node-not-ready",
                                                             "node-cordoned",
                                                             "extended-resource-missing",
                                                             "insufficient-hugepages",
                                                             "insufficient-extended-resource",
                                                             "insufficient-cpu",
                                                             "insufficient-memory",
                                                             "insufficient-ephemeral-storage",
                                                             "rwop-claim-in-use",
                                                             "host-port-conflict",
                                                             "pod-affinity",
                                                             "pod-anti-affinity",
                                                             "topology-spread",
                                                             "existing-pod-anti-affinity"};
  return static_cast<int>(std::find(order.begin(), order.end(), cause) - order.begin());
}

struct Shared {
  const Reason* reason = nullptr;
  std::size_t nodes = 0;
};

// Nodes without an extended resource and nodes with too little of it have one thing in common, as long as some have it:
// these resources.
std::set<std::string_view> scarce_resources(const Placement& placement, const std::vector<std::size_t>& nodes) {
  std::set<std::string_view> scarce;
  for (std::size_t index : nodes) {
    for (const Reason& reason : placement.nodes[index].reasons) {
      if (reason.id == "insufficient-extended-resource") {
        scarce.insert(reason.value("resource"));
      }
    }
  }
  return scarce;
}

// The cause that refuses every one of the nodes; nullptr when there is none.
const Reason* common_reason(const Placement& placement, const std::vector<std::size_t>& nodes) {
  std::map<std::string, Shared> shared;
  std::set<std::string_view> scarce = scarce_resources(placement, nodes);
  for (std::size_t index : nodes) {
    std::vector<std::string> seen;
    for (const Reason& reason : placement.nodes[index].reasons) {
      bool stands_for_scarce = reason.id == "extended-resource-missing" && scarce.count(reason.value("resource")) != 0;
      std::string cause = stands_for_scarce ? "insufficient-extended-resource" : cause_of(reason);
      if (std::find(seen.begin(), seen.end(), cause) != seen.end()) {
        continue;
      }
      Shared& entry = shared[cause];
      ++entry.nodes;
      entry.reason = entry.reason == nullptr && !stands_for_scarce ? &reason : entry.reason;
      seen.push_back(std::move(cause));
    }
  }
  const Reason* best = nullptr;
  for (const auto& [cause, entry] : shared) {
    if (entry.nodes == nodes.size() && (best == nullptr || rank(cause) < rank(cause_of(*best)))) {
      best = entry.reason;
    }
  }
  return best;
}

std::string_view resource_of(const Reason& reason) {
  return reason.id.starts_with("insufficient-") ? reason.value("resource") : std::string_view();
}

bool fits_without_overhead(const Cluster& cluster, Node pod) {
  if (pod["spec"]["overhead"].empty()) {
    return false;
  }
  Value changed = Value::from(pod);
  changed.member("spec").erase("overhead");
  std::unique_ptr<document::Tree> tree = changed.tree();
  return !fitting_nodes(cluster, tree->root()).empty();
}

std::string overhead_text(Node pod) {
  std::string text;
  for (const document::Member& member : pod["spec"]["overhead"].members()) {
    text += (text.empty() ? "" : ", ") + std::string(member.key) + " " + member.value.text();
  }
  return text;
}

// Room is short: is it short for ever, only here, or only in one piece?
void refine_capacity(const Cluster& cluster, Node pod, const Reason& reason, const std::vector<std::size_t>& nodes,
                     Verdict& verdict) {
  std::string_view resource = resource_of(reason);
  std::int64_t need = amount(requests_of(pod), resource);
  Capacity everywhere = capacity_of(cluster, resource, all_nodes(cluster));
  Capacity here = capacity_of(cluster, resource, nodes);
  verdict.values = {{"resource", std::string(resource)},
                    {"need", format_amount(resource, need)},
                    {"free", format_amount(resource, std::max<std::int64_t>(here.largest_free, 0))},
                    {"node", here.freest_node},
                    {"largest", format_amount(resource, everywhere.largest_allocatable)},
                    {"largest_node", everywhere.largest_node},
                    {"total_free", format_amount(resource, here.total_free)},
                    {"nodes", std::to_string(here.nodes)}};
  if (const NodeInfo* freest = cluster.node(here.freest_node)) {
    verdict.values.emplace_back("allocatable", format_amount(resource, amount(freest->allocatable, resource)));
  }
  std::vector<Consumer> top = consumers(cluster, here.freest_node, resource, 1);
  verdict.values.emplace_back("holder", top.empty() ? "" : top[0].namespace_ + "/" + top[0].name);
  verdict.values.emplace_back("holder_amount", top.empty() ? "" : format_amount(resource, top[0].amount));
  if (fits_without_overhead(cluster, pod)) {
    verdict.cause = "runtimeclass-overhead";
    verdict.values.emplace_back("overhead", overhead_text(pod));
    verdict.values.emplace_back("class", std::string(pod["spec"]["runtimeClassName"].string()));
    return;
  }
  bool plain = resource == "cpu" || resource == "memory";
  if (plain && need > everywhere.largest_allocatable) {
    verdict.cause = "request-exceeds-node-capacity";
  } else if (plain && here.total_free >= need && here.nodes > 1) {
    verdict.cause = "fragmented-capacity";
  } else {
    verdict.variant = top.empty() ? "" : "holder";
  }
}

// "insufficient-cpu 2, untolerated-taint 1": how many nodes each reason refuses.
std::string tally(const Placement& placement, const std::vector<std::size_t>& nodes) {
  std::map<std::string, std::size_t> counts;
  for (std::size_t index : nodes) {
    std::vector<std::string> seen;
    for (const Reason& reason : placement.nodes[index].reasons) {
      std::string cause = cause_of(reason);
      if (std::find(seen.begin(), seen.end(), cause) == seen.end()) {
        ++counts[cause];
        seen.push_back(std::move(cause));
      }
    }
  }
  std::vector<std::pair<std::string, std::size_t>> most_first(counts.begin(), counts.end());
  std::stable_sort(most_first.begin(), most_first.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [cause, count] : most_first) {
    text += (text.empty() ? "" : ", ") + cause + " " + std::to_string(count);
  }
  return text;
}

// The taints that the nodes have between them, each once, when they are several.
void name_taints(const Placement& placement, const std::vector<std::size_t>& nodes, Verdict& verdict) {
  constexpr std::size_t most = 4;
  std::vector<std::string> taints;
  for (std::size_t index : nodes) {
    for (const Reason& reason : placement.nodes[index].reasons) {
      std::string taint(reason.value("taint"));
      if (!taint.empty() && std::find(taints.begin(), taints.end(), taint) == taints.end()) {
        taints.push_back(std::move(taint));
      }
    }
  }
  if (taints.size() < 2) {
    return;
  }
  std::string text;
  for (std::size_t index = 0; index < std::min(taints.size(), most); ++index) {
    text += (index > 0 ? ", " : "") + taints[index];
  }
  verdict.variant = "several";
  verdict.values.emplace_back("taints", taints.size() > most ? text + ", …" : text);
}

Verdict from_reason(const Reason& reason) {
  Verdict verdict;
  verdict.cause = cause_of(reason);
  verdict.variant = verdict.cause == reason.id ? reason.variant : "";
  verdict.values = reason.values;
  return verdict;
}

}  // namespace

std::string cause_of(const Reason& reason) {
  if (reason.id == "untolerated-taint") {
    std::string_view key = reason.value("key");
    if (key == "node.kubernetes.io/not-ready" || key == "node.kubernetes.io/unreachable") {
      return "node-not-ready";
    }
    if (key == "node.kubernetes.io/disk-pressure") {
      return "node-disk-pressure";
    }
    if (key == "node.kubernetes.io/memory-pressure" || key == "node.kubernetes.io/pid-pressure") {
      return "node-pressure";
    }
    if (key == "node.kubernetes.io/unschedulable") {
      return "node-cordoned";
    }
  }
  if (reason.id == "resource-claim-elsewhere") {
    return "resource-claim-unsatisfied";
  }
  if (reason.id == "volume-unbound") {
    return reason.variant.empty() ? "provisioner-not-responding" : reason.variant;
  }
  return reason.id;
}

Verdict judge(const Cluster& cluster, Node pod, const Placement& placement) {
  if (!placement.pod.empty()) {
    return from_reason(placement.pod.front());
  }
  Verdict verdict;
  if (placement.nodes.empty()) {
    verdict.cause = "no-nodes";
    return verdict;
  }
  if (placement.fits()) {
    return verdict;
  }
  std::vector<std::size_t> judged;
  for (std::size_t index = 0; index < placement.nodes.size(); ++index) {
    if (!is_control_plane(placement.nodes[index])) {
      judged.push_back(index);
    }
  }
  if (judged.empty()) {
    judged = all_nodes(cluster);
  }
  std::vector<std::size_t> admissible;
  std::copy_if(judged.begin(), judged.end(), std::back_inserter(admissible), [&](std::size_t index) {
    const std::vector<Reason>& reasons = placement.nodes[index].reasons;
    return std::none_of(reasons.begin(), reasons.end(), is_inherent);
  });
  const std::vector<std::size_t>& decisive = admissible.empty() ? judged : admissible;
  const Reason* common = common_reason(placement, decisive);
  if (common == nullptr) {
    verdict.cause = "mixed-shortage";
    verdict.admissible = admissible;
    verdict.values = {{"nodes", std::to_string(decisive.size())}, {"tally", tally(placement, decisive)}};
    return verdict;
  }
  verdict = from_reason(*common);
  verdict.admissible = admissible;
  if (verdict.cause == "untolerated-taint") {
    name_taints(placement, decisive, verdict);
  }
  if (!resource_of(*common).empty()) {
    refine_capacity(cluster, pod, *common, decisive, verdict);
  }
  verdict.values.emplace_back("judged", std::to_string(decisive.size()));
  return verdict;
}

}  // namespace podcheck::scheduling
