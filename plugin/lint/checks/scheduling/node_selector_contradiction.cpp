// Node selectors that no node can meet, whatever its labels.
#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <set>

#include "kube/selector.hpp"
#include "lint/checks/scheduling/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;
using kube::Operator;

struct Demand {
  kube::Requirement requirement;
  Node at;
};

std::optional<std::int64_t> whole(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

// Whether one label value, or its absence, meets all demands on a key. Returns the demand that clashes with the ones
// before it; nullptr when they go together.
const Demand* clash(const std::vector<const Demand*>& demands) {
  std::optional<std::set<std::string>> allowed;
  bool must_exist = false, must_lack = false;
  std::int64_t above = std::numeric_limits<std::int64_t>::min(), below = std::numeric_limits<std::int64_t>::max();
  std::set<std::string> forbidden;
  for (const Demand* demand : demands) {
    const auto& [key, op, values] = demand->requirement;
    switch (op) {
      case Operator::in: {
        std::set<std::string> these(values.begin(), values.end());
        if (allowed)
          std::erase_if(*allowed, [&](const std::string& v) { return !these.contains(v); });
        else
          allowed = std::move(these);
        must_exist = true;
        break;
      }
      case Operator::not_in:
        forbidden.insert(values.begin(), values.end());
        break;
      case Operator::exists:
        must_exist = true;
        break;
      case Operator::does_not_exist:
        must_lack = true;
        break;
      case Operator::greater:
      case Operator::less: {
        if (values.size() != 1)
          return nullptr;
        const auto bound = whole(values.front());
        if (!bound)
          return nullptr;
        must_exist = true;
        if (op == Operator::greater)
          above = std::max(above, *bound);
        else
          below = std::min(below, *bound);
        break;
      }
    }
    if (must_exist && must_lack)
      return demand;
    if (above > std::numeric_limits<std::int64_t>::min() && below < std::numeric_limits<std::int64_t>::max() &&
        above >= below - 1)
      return demand;
    if (!allowed)
      continue;
    const bool possible = std::any_of(allowed->begin(), allowed->end(), [&](const std::string& v) {
      if (forbidden.contains(v))
        return false;
      if (above == std::numeric_limits<std::int64_t>::min() && below == std::numeric_limits<std::int64_t>::max())
        return true;
      const auto number = whole(v);
      return number && *number > above && *number < below;
    });
    if (!possible)
      return demand;
  }
  return nullptr;
}

const Demand* clash_in(const std::vector<Demand>& demands) {
  std::map<std::string_view, std::vector<const Demand*>> by_key;
  for (const Demand& demand : demands)
    by_key[demand.requirement.key].push_back(&demand);
  for (const auto& [key, list] : by_key)
    if (const Demand* found = clash(list))
      return found;
  return nullptr;
}

std::vector<Demand> selector_demands(Node selector) {
  std::vector<Demand> out;
  for (const document::Member& m : selector.members())
    out.push_back({{std::string(m.key), Operator::in, {m.value.text()}}, m.value});
  return out;
}

}  // namespace

void check_node_selector_contradiction(const Place& place, Reporter& reporter) {
  const Node spec = place.pod->spec;
  const std::vector<Demand> base = selector_demands(spec["nodeSelector"]);
  const Node terms =
      spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"];
  if (terms.empty())
    return;
  Node first;
  const Demand* against = nullptr;
  std::vector<std::vector<Demand>> keep;
  keep.reserve(terms.size());
  for (Node term : terms.items()) {
    std::vector<Demand> demands = base;
    for (Node expression : term["matchExpressions"].items())
      if (auto requirement = kube::requirement(expression))
        demands.push_back({std::move(*requirement), expression});
    keep.push_back(std::move(demands));
    const Demand* found = clash_in(keep.back());
    if (found == nullptr)
      return;  // one term that can be met is enough
    if (!first) {
      first = found->at;
      against = found;
    }
  }
  Hit hit;
  hit.at = first["key"] ? first["key"] : first;
  hit.values = {{"key", against->requirement.key}};
  for (const Demand& demand : keep.front())
    if (demand.requirement.key == against->requirement.key && !(demand.at == first))
      hit.related.push_back({demand.at, "other", nullptr, hit.values});
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
