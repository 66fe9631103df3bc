#include "kube/quantity.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr const char* rule = "hpa-invalid";
// The first minor version that is known to ask for an API group.
constexpr int needs_api_group = 36;

void positive(Faults& faults, Node node) {
  const auto amount = kube::quantity_of(node);
  if (amount && (amount->is_zero() || amount->is_negative()))
    faults.value(rule, "positive", node);
}

void check_name(Faults& faults, Node holder, const char* key) {
  const Node name = required(faults, rule, holder, key);
  if (name.is_string() &&
      (name.string() == "." || name.string() == ".." || name.string().find_first_of("/%") != std::string_view::npos))
    faults.value(rule, "path-segment", name);
}

void check_reference(Faults& faults, Node reference, Node holder, const char* key) {
  if (reference && !reference.is_mapping())
    return;
  if (!reference) {
    faults.missing(rule, holder, key);
    return;
  }
  check_name(faults, reference, "kind");
  check_name(faults, reference, "name");
  const Node version = get(reference, "apiVersion");
  if (faults.minor() < needs_api_group || (version && !version.is_string()))
    return;
  if (version.string().find('/') != std::string_view::npos ||
      get(reference, "kind").string() == "ReplicationController")
    return;
  if (version)
    faults.value(rule, "api-group", version);
  else
    faults.missing(rule, reference, "apiVersion", "api-group");
}

void check_metric(Faults& faults, Node source) {
  const Node metric = get(source, "metric");
  if (metric && !metric.is_mapping())
    return;
  if (!metric) {
    faults.missing(rule, source, "metric");
    return;
  }
  check_name(faults, metric, "name");
  label_selector(faults, rule, get(metric, "selector"));
}

void check_target_type(Faults& faults, Node target) {
  const Node type = required(faults, rule, target, "type");
  choice(faults, rule, type, {"Utilization", "Value", "AverageValue"});
  positive(faults, get(target, "value"));
  positive(faults, get(target, "averageValue"));
  at_least(faults, rule, get(target, "averageUtilization"), 1);
}

void check_resource_source(Faults& faults, Node source) {
  required(faults, rule, source, "name");
  const Node target = get(source, "target");
  if (!target.is_mapping()) {
    if (!target)
      faults.missing(rule, source, "target");
    return;
  }
  check_target_type(faults, target);
  const Node utilization = get(target, "averageUtilization");
  const Node average = get(target, "averageValue");
  if (!utilization && !average)
    faults.missing(rule, target, "averageUtilization", "one-of", {{"allowed", "averageUtilization, averageValue"}});
  if (utilization && average)
    not_with(faults, rule, average, "averageUtilization");
}

void check_value_source(Faults& faults, Node source, bool average_only) {
  check_metric(faults, source);
  const Node target = get(source, "target");
  if (!target.is_mapping()) {
    if (!target)
      faults.missing(rule, source, "target");
    return;
  }
  check_target_type(faults, target);
  const Node value = get(target, "value");
  const Node average = get(target, "averageValue");
  if (average_only) {
    if (!average)
      faults.missing(rule, target, "averageValue");
  } else if (value && average) {
    not_with(faults, rule, value, "averageValue");
  } else if (!value && !average) {
    faults.missing(rule, target, "averageValue", "one-of", {{"allowed", "value, averageValue"}});
  }
}

struct Source {
  std::string_view type;
  const char* field;
};
constexpr Source sources[] = {{"ContainerResource", "containerResource"},
                              {"External", "external"},
                              {"Object", "object"},
                              {"Pods", "pods"},
                              {"Resource", "resource"}};

void check_metric_spec(Faults& faults, Node metric) {
  if (!is_struct(metric))
    return;
  const Node type = required(faults, rule, metric, "type");
  if (!choice(faults, rule, type, {"ContainerResource", "External", "Object", "Pods", "Resource"}))
    return;
  for (const Source& source : sources) {
    const Node node = get(metric, source.field);
    if (type.string() == source.type && !node)
      faults.missing(rule, metric, source.field);
    if (type.is_string() && type.string() != source.type && node)
      not_with(faults, rule, node, "type: " + std::string(type.string()));
  }
  if (const Node node = get(metric, "resource"); node.is_mapping())
    check_resource_source(faults, node);
  if (const Node node = get(metric, "containerResource"); node.is_mapping()) {
    required(faults, rule, node, "container");
    check_resource_source(faults, node);
  }
  if (const Node node = get(metric, "pods"); node.is_mapping())
    check_value_source(faults, node, true);
  if (const Node node = get(metric, "external"); node.is_mapping())
    check_value_source(faults, node, false);
  if (const Node node = get(metric, "object"); node.is_mapping()) {
    check_reference(faults, get(node, "describedObject"), node, "describedObject");
    check_value_source(faults, node, false);
  }
}

void check_scaling_rules(Faults& faults, Node rules) {
  if (!rules.is_mapping())
    return;
  between(faults, rule, get(rules, "stabilizationWindowSeconds"), 0, 3600);
  choice(faults, rule, get(rules, "selectPolicy"), {"Disabled", "Max", "Min"}, true);
  const Node policies = get(rules, "policies");
  if (policies && policies.is_sequence() && policies.empty())
    faults.value(rule, "empty", policies);
  for (const Node policy : policies.items()) {
    if (!is_struct(policy))
      continue;
    choice(faults, rule, required(faults, rule, policy, "type"), {"Percent", "Pods"});
    if (!get(policy, "value"))
      faults.missing(rule, policy, "value");
    at_least(faults, rule, get(policy, "value"), 1);
    if (!get(policy, "periodSeconds"))
      faults.missing(rule, policy, "periodSeconds");
    between(faults, rule, get(policy, "periodSeconds"), 1, 1800);
  }
  if (const auto tolerance = kube::quantity_of(get(rules, "tolerance")); tolerance && tolerance->is_negative())
    faults.value(rule, "minimum", get(rules, "tolerance"), {{"minimum", "0"}});
}

void check_budget_amount(Faults& faults, Node node) {
  int_or_percent(faults, "pdb-invalid", node);
  if (percentage(node).value_or(0) > 100)
    faults.value("pdb-invalid", "percent-above-100", node);
}

}  // namespace

void check_autoscaler(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  if (spec && !spec.is_mapping())
    return;
  const Node holder = spec ? spec : object;
  const Node minimum = get(spec, "minReplicas");
  const Node maximum = get(spec, "maxReplicas");
  at_least(faults, rule, minimum, 1);
  if (!maximum)
    faults.missing(rule, holder, spec ? "maxReplicas" : "spec.maxReplicas");
  else if (at_least(faults, rule, maximum, 1) && integer_or(maximum, 1) < integer_or(minimum, 1))
    faults.value(rule, "below-minimum", maximum, {{"minimum", minimum.text()}});
  check_reference(faults, get(spec, "scaleTargetRef"), holder, spec ? "scaleTargetRef" : "spec.scaleTargetRef");
  at_least(faults, rule, get(spec, "targetCPUUtilizationPercentage"), 1);
  for (const Node metric : get(spec, "metrics").items())
    check_metric_spec(faults, metric);
  const Node behavior = get(spec, "behavior");
  check_scaling_rules(faults, get(behavior, "scaleUp"));
  check_scaling_rules(faults, get(behavior, "scaleDown"));
}

void check_disruption_budget(Faults& faults, Node object) {
  constexpr const char* pdb = "pdb-invalid";
  const Node spec = get(object, "spec");
  const Node minimum = get(spec, "minAvailable");
  const Node maximum = get(spec, "maxUnavailable");
  if (minimum && maximum)
    not_with(faults, pdb, maximum, "minAvailable");
  check_budget_amount(faults, minimum);
  check_budget_amount(faults, maximum);
  label_selector(faults, pdb, get(spec, "selector"));
  choice(faults, pdb, get(spec, "unhealthyPodEvictionPolicy"), {"AlwaysAllow", "IfHealthyBudget"}, true);
}

}  // namespace podcheck::lint::invalid
