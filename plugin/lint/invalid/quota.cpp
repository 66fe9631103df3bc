#include <algorithm>
#include <set>

#include "kube/names.hpp"
#include "kube/quantity.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/resource_names.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

using kube::Quantity;

constexpr const char* quota = "quota-object-invalid";
constexpr const char* range = "limitrange-invalid";
constexpr std::int64_t highest_priority = 1000000000;

bool is_scope(std::string_view scope) {
  constexpr std::string_view scopes[] = {
      "BestEffort",  "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass",
      "Terminating", "VolumeAttributesClass"};
  return std::find(std::begin(scopes), std::end(scopes), scope) != std::end(scopes);
}

bool scope_counts(std::string_view scope, std::string_view resource) {
  constexpr std::string_view compute[] = {"cpu",           "memory",       "limits.cpu",
                                          "limits.memory", "requests.cpu", "requests.memory"};
  if (scope == "VolumeAttributesClass")
    return resource == "persistentvolumeclaims" || resource == "requests.storage";
  if (resource == "pods" || resource == "count/pods")
    return true;
  return scope != "BestEffort" && std::find(std::begin(compute), std::end(compute), resource) != std::end(compute);
}

void check_scope(Faults& faults, Node scope, Node hard) {
  if (!scope.is_string())
    return;
  if (!is_scope(scope.string())) {
    faults.value(quota, "choice", scope,
                 {{"allowed", listed({"BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating",
                                      "PriorityClass", "Terminating", "VolumeAttributesClass"})}});
    return;
  }
  for (const auto& member : hard.members())
    if (!scope_counts(scope.string(), member.key)) {
      faults.value(quota, "scope-resource", scope, {{"resource", std::string(member.key)}});
      return;
    }
}

void check_scope_selector(Faults& faults, Node selector, Node hard) {
  for (const Node expression : get(selector, "matchExpressions").items()) {
    if (!is_struct(expression))
      continue;
    const Node name = required(faults, quota, expression, "scopeName");
    check_scope(faults, name, hard);
    const Node op = required(faults, quota, expression, "operator");
    const Node values = get(expression, "values");
    if (!op || !choice(faults, quota, op, {"DoesNotExist", "Exists", "In", "NotIn"}))
      continue;
    const bool listing = op.string() == "In" || op.string() == "NotIn";
    if (listing && values.empty())
      faults.missing(quota, expression, "values", "values-missing", {{"operator", std::string(op.string())}});
    if (!listing && !values.empty())
      not_with(faults, quota, values, "operator " + std::string(op.string()));
    const std::string_view scope = name.string();
    if (scope != "PriorityClass" && scope != "VolumeAttributesClass" && is_scope(scope) && op.string() != "Exists")
      faults.value(quota, "choice", op, {{"allowed", listed({"Exists"})}});
  }
}

void check_limit(Faults& faults, Node limit) {
  const Node type = get(limit, "type");
  const std::string_view name = type.string();
  const bool in_container = name == "Container" || name == "Pod";
  constexpr const char* lists[] = {"max", "min", "default", "defaultRequest", "maxLimitRequestRatio"};
  std::set<std::string_view> resources;
  for (const char* key : lists) {
    const Node list = get(limit, key);
    if (name == "Pod" && !list.empty() && (key[0] == 'd')) {
      not_with(faults, range, list, "type: Pod");
      continue;
    }
    for (const auto& member : list.members()) {
      if (member.value.is_null())
        continue;
      const std::string_view resource = member.key;
      const bool domain = resource.find('/') != std::string_view::npos;
      if (!kube::is_qualified_name(resource) ||
          (domain && in_container && !is_native_resource(resource) && !is_extended_resource(resource)))
        faults.key("resource-name-invalid", "qualified-name", member.value);
      else if (!domain && !(in_container ? is_standard_container_resource(resource) : is_standard_resource(resource)))
        faults.key("resource-name-invalid", "", member.value,
                   {{"allowed", "cpu, memory, ephemeral-storage, hugepages-SIZE"}});
      resources.insert(resource);
      const auto amount = kube::quantity_of(member.value);
      if (amount && amount->is_negative())
        faults.value("quantity-invalid", "negative", member.value);
      if (amount && is_whole_resource(resource) && !amount->is_whole())
        faults.value("extended-resource-fraction", "", member.value, {{"resource", std::string(resource)}});
    }
  }
  if (name == "PersistentVolumeClaim" && !get(get(limit, "min"), "storage") && !get(get(limit, "max"), "storage"))
    faults.value(range, "one-of", limit, {{"allowed", "max.storage, min.storage"}});
  const auto amount = [&](const char* key, std::string_view resource) {
    return kube::quantity_of(get(get(limit, key), resource));
  };
  const auto above = [&](const char* low, const char* high, std::string_view resource) {
    const auto a = amount(low, resource);
    const auto b = amount(high, resource);
    if (a && b && *a > *b)
      faults.value(range, "above", get(get(limit, low), resource),
                   {{"other", std::string(high) + ": " + get(get(limit, high), resource).text()}});
  };
  for (const std::string_view resource : resources) {
    above("min", "max", resource);
    above("min", "defaultRequest", resource);
    above("defaultRequest", "max", resource);
    above("defaultRequest", "default", resource);
    above("min", "default", resource);
    above("default", "max", resource);
    const auto ratio = amount("maxLimitRequestRatio", resource);
    if (ratio && *ratio < Quantity::from_units(1))
      faults.value(range, "minimum", get(get(limit, "maxLimitRequestRatio"), resource), {{"minimum", "1"}});
    const auto low = amount("min", resource);
    const auto high = amount("max", resource);
    if (ratio && low && high && !low->is_zero() && ratio->approximate() > high->approximate() / low->approximate())
      faults.value(range, "above", get(get(limit, "maxLimitRequestRatio"), resource), {{"other", "max / min"}});
  }
}

}  // namespace

void check_resource_quota(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  const Node hard = get(spec, "hard");
  for (const auto& member : hard.members()) {
    if (member.value.is_null())
      continue;
    const bool domain = member.key.find('/') != std::string_view::npos;
    if (!kube::is_qualified_name(member.key))
      faults.key("resource-name-invalid", "qualified-name", member.value);
    else if (!domain && !is_standard_quota_resource(member.key))
      faults.key("resource-name-invalid", "quota", member.value,
                 {{"allowed", "pods, requests.cpu, limits.memory, count/RESOURCE.GROUP …"}});
    const auto amount = kube::quantity_of(member.value);
    if (!amount)
      continue;
    if (amount->is_negative())
      faults.value("quantity-invalid", "negative", member.value);
    if (is_whole_resource(member.key) && !amount->is_whole())
      faults.value("extended-resource-fraction", "", member.value, {{"resource", std::string(member.key)}});
  }
  std::set<std::string_view> scopes;
  for (const Node scope : get(spec, "scopes").items()) {
    check_scope(faults, scope, hard);
    scopes.insert(scope.string());
    for (const auto& [a, b] : {std::pair("BestEffort", "NotBestEffort"), std::pair("Terminating", "NotTerminating")})
      if ((scope.string() == a && scopes.count(b) != 0) || (scope.string() == b && scopes.count(a) != 0))
        not_with(faults, quota, scope, scope.string() == a ? b : a);
  }
  check_scope_selector(faults, get(spec, "scopeSelector"), hard);
}

void check_limit_range(Faults& faults, Node object) {
  std::set<std::string_view> types;
  for (const Node limit : get(get(object, "spec"), "limits").items()) {
    if (!is_struct(limit))
      continue;
    const Node type = required(faults, range, limit, "type");
    if (type.is_string()) {
      const std::string_view name = type.string();
      if (!kube::is_qualified_name(name))
        faults.value(range, "qualified-name", type);
      else if (name.find('/') == std::string_view::npos)
        choice(faults, range, type, {"Container", "PersistentVolumeClaim", "Pod"});
      if (!types.insert(name).second)
        faults.value(range, "duplicate", type);
    }
    check_limit(faults, limit);
  }
}

void check_priority_class(Faults& faults, Node object) {
  const Node name = get(get(object, "metadata"), "name");
  const bool system = name.string() == "system-cluster-critical" || name.string() == "system-node-critical";
  if (!system && name.string().substr(0, 7) == "system-")
    faults.value("priority-invalid", "system-name", name);
  if (const Node value = get(object, "value"); !system && integer_or(value, 0) > highest_priority)
    faults.value("priority-invalid", "maximum", value, {{"maximum", std::to_string(highest_priority)}});
  choice(faults, "priority-invalid", get(object, "preemptionPolicy"), {"PreemptLowerPriority", "Never"}, true);
}

}  // namespace podcheck::lint::invalid
