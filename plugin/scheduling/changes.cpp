// The smallest change that makes a pod fit. Every node's reasons say which edits it would need; what is promised by few
// edits for many nodes is tried first, and kept only when the filters agree.
#include <algorithm>
#include <map>
#include <optional>

#include "scheduling/edits.hpp"
#include "scheduling/filter_set.hpp"
#include "scheduling/scheduling.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

constexpr std::size_t most_trials = 24;  // of each size; the filters run once for each
constexpr std::size_t most_nodes_searched = 2000;

struct Trial {
  std::vector<Edit> edits;
  std::size_t promised = 0;  // nodes that need just this
  std::size_t node = 0;      // one of them
};

std::string key_of(const std::vector<Edit>& edits) {
  std::string key;
  for (const Edit& edit : edits) {
    key += edit.id + edit.command + to_json(edit.patch) + "|";
  }
  return key;
}

int cost_of(const std::vector<Edit>& edits) {
  int total = 0;
  for (const Edit& edit : edits) {
    total += cost(edit) + 20;
  }
  return total;
}

// One list of alternatives for each distinct reason; nothing when a reason has none.
std::optional<std::vector<std::vector<Edit>>> needs_of(const Cluster& cluster, Node pod, const NodeInfo& node,
                                                       const std::vector<Reason>& reasons, std::size_t most) {
  std::vector<std::vector<Edit>> needs;
  std::vector<std::string> seen;
  for (const Reason& reason : reasons) {
    std::vector<Edit> edits = edits_for(cluster, pod, node, reason);
    if (edits.empty()) {
      return std::nullopt;
    }
    std::string key = key_of({edits.back()});
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      continue;  // two ports of one holder, two terms of one affinity
    }
    seen.push_back(std::move(key));
    needs.push_back(std::move(edits));
    if (needs.size() > most) {
      return std::nullopt;
    }
  }
  return needs;
}

std::int64_t kept(const std::vector<Edit>& edits) {
  std::int64_t total = 0;
  for (const Edit& edit : edits) {
    total += edit.kept;
  }
  return total;
}

// A thousand nodes ask for a thousand sizes of the same edit: the best few of a kind are enough to try.
void thin_out(std::vector<Trial>& trials) {
  constexpr int most_of_a_kind = 3;
  std::map<std::string, int> kinds;
  std::erase_if(trials, [&](const Trial& trial) {
    std::string kind;
    for (const Edit& edit : trial.edits) {
      kind += edit.id;
      if (edit.command.empty() && !edit.values.empty()) {
        kind += "=" + edit.values.front().second;
      }
      kind += "|";
    }
    return ++kinds[kind] > most_of_a_kind;
  });
}

std::vector<Trial> trials_of(const Cluster& cluster, Node pod, const Placement& placement, std::size_t size) {
  std::map<std::string, Trial> trials;
  auto add = [&](std::vector<Edit> edits, std::size_t node) {
    Trial& trial = trials[key_of(edits)];
    if (trial.promised++ == 0) {
      trial.edits = std::move(edits);
      trial.node = node;
    }
  };
  std::size_t count = std::min(placement.nodes.size(), most_nodes_searched);
  for (std::size_t index = 0; index < count; ++index) {
    const std::vector<Reason>& own = placement.nodes[index].reasons;
    std::vector<Reason> all = own;
    for (const Reason& reason : placement.pod) {
      if (reason.id == "scheduling-gate" || reason.id == "unknown-scheduler") {
        all.push_back(reason);  // not among the nodes' reasons
      }
    }
    if (all.empty() || all.size() > size * 3) {
      continue;
    }
    auto needs = needs_of(cluster, pod, cluster.nodes()[index], all, size);
    if (!needs || needs->size() != size) {
      continue;
    }
    for (const Edit& first : needs->front()) {
      if (size == 1) {
        add({first}, index);
        continue;
      }
      add({first, needs->back().front()}, index);
    }
  }
  std::vector<Trial> list;
  for (auto& [key, trial] : trials) {
    list.push_back(std::move(trial));
  }
  std::stable_sort(list.begin(), list.end(), [](const Trial& a, const Trial& b) {
    int cost_a = cost_of(a.edits);
    int cost_b = cost_of(b.edits);
    if (cost_a != cost_b) {
      return cost_a < cost_b;
    }
    std::int64_t kept_a = kept(a.edits);
    std::int64_t kept_b = kept(b.edits);
    return kept_a != kept_b ? kept_a > kept_b : a.promised > b.promised;
  });
  thin_out(list);
  return list;
}

Node changed_node(const NodeInfo& node, const Edit& edit, NodeInfo& copy, std::unique_ptr<document::Tree>& tree) {
  copy = node;
  if (edit.id == "uncordon") {
    copy.unschedulable = false;
    std::erase_if(copy.taints, [](const Taint& taint) { return taint.key == "node.kubernetes.io/unschedulable"; });
    return node.object;
  }
  Value object = Value::from(node.object);
  for (const auto& [name, text] : edit.values) {
    if (name == "label") {
      std::size_t equals = text.find('=');
      object.member("metadata").member("labels").member(text.substr(0, equals)) =
          Value::string(text.substr(equals + 1));
    }
  }
  tree = object.tree();
  copy.labels = tree->root()["metadata"]["labels"];
  return tree->root();
}

std::vector<std::string> names(const Cluster& cluster, const std::vector<std::size_t>& nodes) {
  std::vector<std::string> found;
  for (std::size_t index : nodes) {
    found.emplace_back(cluster.nodes()[index].name);
  }
  return found;
}

std::optional<Change> tried(const Cluster& cluster, Node pod, const Trial& trial) {
  Value changed = Value::from(pod);
  const Edit* on_node = nullptr;
  for (const Edit& edit : trial.edits) {
    if (!edit.command.empty()) {
      if (on_node != nullptr) {
        return std::nullopt;
      }
      on_node = &edit;
    } else if (!apply_patch(edit.patch, changed.member("spec"))) {
      return std::nullopt;
    }
  }
  std::unique_ptr<document::Tree> tree = changed.tree();
  Change change;
  change.edits = trial.edits;
  if (on_node == nullptr) {
    change.fits_on = names(cluster, fitting_nodes(cluster, tree->root()));
  } else {
    FilterSet filters(cluster, tree->root(), false);
    Reasons reasons(false);
    NodeInfo copy;
    std::unique_ptr<document::Tree> node_tree;
    changed_node(cluster.nodes()[trial.node], *on_node, copy, node_tree);
    filters.check(copy, {}, reasons);
    if (!filters.before().any() && !filters.refused().any() && !reasons.any()) {
      change.fits_on.emplace_back(copy.name);
    }
  }
  if (change.fits_on.empty()) {
    return std::nullopt;
  }
  return change;
}

// The same kind of edit with other numbers adds little: of two lowered CPU requests the milder one is enough.
bool says_the_same(const Change& a, const Change& b) {
  if (a.edits.size() != b.edits.size()) {
    return false;
  }
  for (std::size_t index = 0; index < a.edits.size(); ++index) {
    const Edit& one = a.edits[index];
    const Edit& other = b.edits[index];
    if (one.id != other.id || (one.id != "lower-request" && one.values != other.values) ||
        (one.id == "lower-request" && one.values.front() != other.values.front())) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string Change::patch(std::string_view prefix) const {
  Patch all;
  for (const Edit& edit : edits) {
    for (const PatchStep& step : edit.patch) {
      all.push_back({step.op, std::string(prefix) + step.path, step.value});
    }
  }
  return all.empty() ? std::string() : to_json(all);
}

std::vector<Change> smallest_changes(const Cluster& cluster, Node pod, const Placement& placement, std::size_t most) {
  std::vector<Change> changes;
  if (placement.fits()) {
    return changes;
  }
  for (std::size_t size = 1; size <= 2 && changes.empty(); ++size) {
    std::vector<Trial> trials = trials_of(cluster, pod, placement, size);
    for (std::size_t index = 0; index < trials.size() && index < most_trials; ++index) {
      std::optional<Change> change = tried(cluster, pod, trials[index]);
      if (!change) {
        continue;
      }
      auto known = std::find_if(changes.begin(), changes.end(),
                                [&](const Change& other) { return says_the_same(*change, other); });
      if (known == changes.end()) {
        changes.push_back(std::move(*change));
      }
    }
  }
  if (changes.size() > most) {
    changes.resize(most);
  }
  return changes;
}

}  // namespace podcheck::scheduling
