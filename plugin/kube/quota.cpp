#include "kube/quota.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "kube/selector.hpp"

namespace podcheck::kube {
namespace {

using document::Node;

// Adds what items of type Container give; the API server itself completes those (SetDefaults_LimitRangeItem): `max`
// stands in for `default`, and `default` and then `min` for `defaultRequest`.
void add_defaults(ResourceList& list, const LimitRanges& ranges, std::initializer_list<const char*> fields) {
  for (Node range : ranges)
    for (Node item : range["limits"].items()) {
      if (item["type"].string() != "Container")
        continue;
      for (const char* field : fields)
        for (const document::Member& m : item[field].members())
          if (const auto value = quantity_of(m.value))
            list.emplace(m.key, *value);
    }
}

void take_larger(ResourceList& list, const ResourceList& other) {
  for (const auto& [name, value] : other) {
    const auto [at, is_new] = list.emplace(name, value);
    if (!is_new)
      at->second = std::max(at->second, value);
  }
}

// The larger of all app containers with all sidecars, and of each init container with the sidecars before it.
template <typename Of>
ResourceList pod_total(const PodTemplate& pod, Of of) {
  ResourceList apps, sidecars, init;
  for (const Container& c : pod.containers) {
    if (c.role == ContainerRole::app)
      add(apps, of(c));
    if (c.role == ContainerRole::sidecar)
      add(sidecars, of(c));
    if (c.role == ContainerRole::init) {
      ResourceList with = sidecars;
      add(with, of(c));
      take_larger(init, with);
    }
  }
  add(apps, sidecars);
  take_larger(apps, init);
  return apps;
}

bool is_best_effort(const PodTemplate& pod, const LimitRanges& ranges) {
  return std::all_of(pod.containers.begin(), pod.containers.end(), [&](const Container& c) {
    const auto counts = [](const ResourceList& list) {
      return std::any_of(list.begin(), list.end(), [](const auto& r) {
        return (r.first == "cpu" || r.first == "memory") && !r.second.is_zero();
      });
    };
    return !counts(admitted_requests(c, ranges)) && !counts(admitted_limits(c, ranges));
  });
}

bool in_scope(std::string_view scope, const PodTemplate& pod, const LimitRanges& ranges) {
  if (scope == "BestEffort")
    return is_best_effort(pod, ranges);
  if (scope == "NotBestEffort")
    return !is_best_effort(pod, ranges);
  const bool terminating = static_cast<bool>(pod.spec["activeDeadlineSeconds"]);
  if (scope == "Terminating")
    return terminating;
  if (scope == "NotTerminating")
    return !terminating;
  if (scope == "PriorityClass")
    return !pod.spec["priorityClassName"].string().empty();
  return false;  // CrossNamespacePodAffinity and what is not known yet
}

bool matches_expression(Node expression, const PodTemplate& pod, const LimitRanges& ranges) {
  const std::string_view scope = expression["scopeName"].string();
  const auto op = operator_from(expression["operator"].string());
  if (scope != "PriorityClass" || op == Operator::exists)
    return in_scope(scope, pod, ranges);
  const Node name = pod.spec["priorityClassName"];
  if (op == Operator::does_not_exist)
    return !name;
  bool listed = false;
  for (Node value : expression["values"].items())
    listed = listed || value.string() == name.string();
  return op == Operator::in ? name && listed : !listed;
}

std::string ratio(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

class RangeCheck {
 public:
  RangeCheck(Node rule, std::string_view type, const Container* container, std::vector<LimitRangeViolation>& out)
      : rule_(rule), type_(type), container_(container), out_(out) {}

  void run(const ResourceList& requests, const ResourceList& limits) {
    for (const document::Member& m : rule_["min"].members()) {
      const auto least = quantity_of(m.value);
      if (!least)
        continue;
      const auto request = find(requests, m.key), limit = find(limits, m.key);
      if (!request)
        report("min", m.key, {}, *least, false, true);
      else if (*request < *least)
        report("min", m.key, format_resource(m.key, *request), *least, false, false);
      else if (limit && *limit < *least)
        report("min", m.key, format_resource(m.key, *limit), *least, true, false);
    }
    for (const document::Member& m : rule_["max"].members()) {
      const auto most = quantity_of(m.value);
      if (!most)
        continue;
      const auto request = find(requests, m.key), limit = find(limits, m.key);
      if (!limit)
        report("max", m.key, {}, *most, true, true);
      else if (*limit > *most)
        report("max", m.key, format_resource(m.key, *limit), *most, true, false);
      else if (request && *request > *most)
        report("max", m.key, format_resource(m.key, *request), *most, false, false);
    }
    for (const document::Member& m : rule_["maxLimitRequestRatio"].members()) {
      const auto most = quantity_of(m.value);
      const auto request = find(requests, m.key), limit = find(limits, m.key);
      if (!most || !request || !limit || request->is_zero())
        continue;
      const double found = limit->approximate() / request->approximate();
      constexpr double tolerance = 1e-9;
      if (found > most->approximate() * (1 + tolerance))
        report("maxLimitRequestRatio", m.key, ratio(found), *most, true, false);
    }
  }

 private:
  Node rule_;
  std::string_view type_;
  const Container* container_;
  std::vector<LimitRangeViolation>& out_;

  static std::optional<Quantity> find(const ResourceList& list, std::string_view name) {
    const auto at = list.find(name);
    return at == list.end() ? std::nullopt : std::optional(at->second);
  }

  void report(std::string_view bound, std::string_view resource, std::string value, const Quantity& allowed, bool limit,
              bool absent) {
    const std::string shown =
        bound == "maxLimitRequestRatio" ? ratio(allowed.approximate()) : format_resource(resource, allowed);
    out_.push_back({type_, bound, std::string(resource), std::move(value), shown, limit, absent, container_, rule_});
  }
};

}  // namespace

ResourceList admitted_limits(const Container& container, const LimitRanges& ranges) {
  ResourceList out = limits(container);
  add_defaults(out, ranges, {"default", "max"});
  return out;
}

ResourceList admitted_requests(const Container& container, const LimitRanges& ranges) {
  ResourceList out = requests(container);  // the limits that are written stand in first
  add_defaults(out, ranges, {"defaultRequest", "default", "max", "min"});
  return out;
}

ResourceList quota_usage(const PodTemplate& pod, const LimitRanges& ranges) {
  const ResourceList requested = pod_total(pod, [&](const Container& c) { return admitted_requests(c, ranges); });
  const ResourceList limited = pod_total(pod, [&](const Container& c) { return admitted_limits(c, ranges); });
  ResourceList out;
  out.emplace("pods", Quantity::from_units(1));
  out.emplace("count/pods", Quantity::from_units(1));
  for (const auto& [name, value] : requested) {
    out.emplace("requests." + name, value);
    if (name == "cpu" || name == "memory" || name == "ephemeral-storage" || name.starts_with("hugepages-"))
      out.emplace(name, value);
  }
  for (const auto& [name, value] : limited)
    out.emplace("limits." + name, value);
  return out;
}

bool quota_covers(Node spec, const PodTemplate& pod, const LimitRanges& ranges) {
  for (Node scope : spec["scopes"].items())
    if (!in_scope(scope.string(), pod, ranges))
      return false;
  for (Node expression : spec["scopeSelector"]["matchExpressions"].items())
    if (!matches_expression(expression, pod, ranges))
      return false;
  return true;
}

std::vector<Unspecified> unspecified_under(Node spec, const PodTemplate& pod, const LimitRanges& ranges) {
  constexpr auto demanded = std::to_array<std::string_view>(
      {"cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"});
  std::vector<Unspecified> out;
  if (pod.spec["resources"].is_mapping())
    return out;  // resources of the pod as a whole count instead
  for (const document::Member& hard : spec["hard"].members()) {
    if (std::find(demanded.begin(), demanded.end(), hard.key) == demanded.end())
      continue;
    const bool limit = hard.key.starts_with("limits.");
    const std::string_view name =
        hard.key.substr(hard.key.find('.') == std::string_view::npos ? 0 : hard.key.find('.') + 1);
    for (const Container& c : pod.containers) {
      if (c.role == ContainerRole::ephemeral)
        continue;
      const ResourceList set = limit ? admitted_limits(c, ranges) : admitted_requests(c, ranges);
      const auto value = set.find(name);
      if (value == set.end() || value->second.is_zero())
        out.push_back({std::string(hard.key), &c});
    }
  }
  return out;
}

std::vector<LimitRangeViolation> limit_range_violations(Node spec, const PodTemplate& pod, const LimitRanges& ranges) {
  std::vector<LimitRangeViolation> out;
  for (Node rule : spec["limits"].items()) {
    const std::string_view type = rule["type"].string();
    if (type == "Container") {
      for (const Container& c : pod.containers)
        if (c.role != ContainerRole::ephemeral)
          RangeCheck(rule, "Container", &c, out).run(admitted_requests(c, ranges), admitted_limits(c, ranges));
    } else if (type == "Pod") {
      RangeCheck(rule, "Pod", nullptr, out)
          .run(pod_total(pod, [&](const Container& c) { return admitted_requests(c, ranges); }),
               pod_total(pod, [&](const Container& c) { return admitted_limits(c, ranges); }));
    }
  }
  return out;
}

}  // namespace podcheck::kube
