#include <set>

#include "kube/names.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr const char* rule = "affinity-invalid";

void check_expression(Faults& faults, Node expression) {
  if (!is_struct(expression))
    return;
  if (const Node key = required(faults, rule, expression, "key"))
    qualified_name(faults, rule, key);
  const Node op = get(expression, "operator");
  const Node values = get(expression, "values");
  const std::string_view name = op.string();
  const Values operator_value = {{"operator", std::string(name)}};
  if (name == "In" || name == "NotIn") {
    if (values.empty())
      faults.missing(rule, expression, "values", "values-missing", operator_value);
  } else if (name == "Exists" || name == "DoesNotExist") {
    if (!values.empty())
      not_with(faults, rule, values, "operator " + std::string(name));
  } else if (name == "Gt" || name == "Lt") {
    if (values.size() != 1)
      faults.missing(rule, expression, "values", "one-value", operator_value);
  } else if (!op) {
    faults.missing(rule, expression, "operator");
  } else {
    choice(faults, rule, op, {"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"}, true);
  }
}

void check_field(Faults& faults, Node field) {
  if (!is_struct(field))
    return;
  const Node op = required(faults, rule, field, "operator");
  const Node values = get(field, "values");
  if (choice(faults, rule, op, {"In", "NotIn"}) && op && values.size() != 1)
    faults.missing(rule, field, "values", "one-value", {{"operator", std::string(op.string())}});
  const Node key = required(faults, rule, field, "key");
  if (!choice(faults, rule, key, {"metadata.name"}) || !key)
    return;
  for (const Node value : values.items())
    dns_subdomain(faults, rule, value);
}

void check_pod_term(Faults& faults, Node term) {
  if (!is_struct(term))
    return;
  const Node selector = get(term, "labelSelector");
  label_selector(faults, rule, selector);
  label_selector(faults, rule, get(term, "namespaceSelector"));
  for (const Node name : get(term, "namespaces").items())
    dns_label(faults, rule, name);
  if (const Node key = required(faults, rule, term, "topologyKey"))
    qualified_name(faults, rule, key);
  std::set<std::string_view> others, selected;
  for (const Node key : get(term, "mismatchLabelKeys").items())
    others.insert(key.string());
  for (const auto& member : get(selector, "matchLabels").members())
    selected.insert(member.key);
  for (const Node expression : get(selector, "matchExpressions").items())
    selected.insert(get(expression, "key").string());
  for (const char* list : {"matchLabelKeys", "mismatchLabelKeys"}) {
    const Node keys = get(term, list);
    if (!keys.empty() && !selector) {
      faults.value(rule, "only-with", keys, {{"other", "labelSelector"}});
      continue;
    }
    for (const Node key : keys.items()) {
      qualified_name(faults, rule, key);
      if (list[1] == 'a' && others.count(key.string()) != 0)
        not_with(faults, rule, key, "mismatchLabelKeys");
      if (list[1] == 'a' && selected.count(key.string()) != 0)
        not_with(faults, rule, key, "labelSelector");
    }
  }
}

void check_weight(Faults& faults, Node preferred) {
  const Node weight = get(preferred, "weight");
  if (!weight)
    faults.missing(rule, preferred, "weight");
  else
    between(faults, rule, weight, 1, 100);
}

}  // namespace

void check_node_selector_term(Faults& faults, Node term) {
  for (const Node expression : get(term, "matchExpressions").items())
    check_expression(faults, expression);
  for (const Node field : get(term, "matchFields").items())
    check_field(faults, field);
}

void check_affinity(Faults& faults, Node affinity) {
  const Node node = get(affinity, "nodeAffinity");
  if (const Node need = get(node, "requiredDuringSchedulingIgnoredDuringExecution"); need.is_mapping()) {
    const Node terms = get(need, "nodeSelectorTerms");
    if (!terms)
      faults.missing(rule, need, "nodeSelectorTerms");
    else if (terms.is_sequence() && terms.empty())
      faults.value(rule, "empty", terms);
    for (const Node term : terms.items()) {
      check_node_selector_term(faults, term);
      // Values of required terms are labels' values, except those that Gt and Lt compare.
      for (const Node expression : get(term, "matchExpressions").items())
        for (const Node value : get(expression, "values").items())
          label_value(faults, rule, value);
    }
  }
  for (const Node preferred : get(node, "preferredDuringSchedulingIgnoredDuringExecution").items()) {
    if (!is_struct(preferred))
      continue;
    check_weight(faults, preferred);
    check_node_selector_term(faults, get(preferred, "preference"));
  }
  for (const char* kind : {"podAffinity", "podAntiAffinity"}) {
    const Node pods = get(affinity, kind);
    for (const Node term : get(pods, "requiredDuringSchedulingIgnoredDuringExecution").items())
      check_pod_term(faults, term);
    for (const Node preferred : get(pods, "preferredDuringSchedulingIgnoredDuringExecution").items()) {
      if (!is_struct(preferred))
        continue;
      check_weight(faults, preferred);
      const Node term = get(preferred, "podAffinityTerm");
      if (!term)
        faults.missing(rule, preferred, "podAffinityTerm");
      else
        check_pod_term(faults, term);
    }
  }
}

void check_tolerations(Faults& faults, Node tolerations) {
  constexpr const char* toleration_rule = "toleration-invalid";
  for (const Node toleration : tolerations.items()) {
    if (!is_struct(toleration))
      continue;
    const Node key = get(toleration, "key");
    const Node op = get(toleration, "operator");
    const Node value = get(toleration, "value");
    const Node effect = get(toleration, "effect");
    const bool keyed = !string_or(key, "").empty();
    if (keyed)
      qualified_name(faults, toleration_rule, key);
    if (!keyed && op.string() != "Exists" && !(op && !op.is_string()) && !(key && !key.is_string()))
      faults.missing(toleration_rule, toleration, "key", "key-missing");
    if (get(toleration, "tolerationSeconds") && effect.string() != "NoExecute" && !(effect && !effect.is_string())) {
      if (effect && !effect.string().empty())
        faults.value(toleration_rule, "seconds", effect);
      else
        faults.missing(toleration_rule, toleration, "effect", "seconds", {{"value", "\"\""}});
    }
    if (op.string() == "Exists") {
      if (!string_or(value, "").empty()) {
        Hit& hit = faults.value(toleration_rule, "exists-value", value);
        hit.changes.push_back({Hit::Change::Kind::remove_member, value, {}, {}});
        hit.safety = finding::Safety::safe;
      }
    } else if (string_or(op, "Equal") == "Equal") {
      label_value(faults, toleration_rule, value);
    } else {
      choice(faults, toleration_rule, op, {"Equal", "Exists"});
    }
    choice(faults, toleration_rule, effect, {"NoSchedule", "PreferNoSchedule", "NoExecute"});
  }
}

void check_topology_spread(Faults& faults, Node constraints) {
  constexpr const char* spread = "topology-spread-invalid";
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Node constraint : constraints.items()) {
    if (!is_struct(constraint))
      continue;
    const Node skew = get(constraint, "maxSkew");
    if (!skew)
      faults.missing(spread, constraint, "maxSkew");
    else
      at_least(faults, spread, skew, 1);
    const Node key = required(faults, spread, constraint, "topologyKey");
    if (key)
      qualified_name(faults, spread, key);
    const Node when = required(faults, spread, constraint, "whenUnsatisfiable");
    if (when)
      choice(faults, spread, when, {"DoNotSchedule", "ScheduleAnyway"});
    if (const Node domains = get(constraint, "minDomains")) {
      at_least(faults, spread, domains, 1);
      if (when.string() != "DoNotSchedule")
        only_with(faults, spread, domains, "whenUnsatisfiable: DoNotSchedule");
    }
    if (key && when && !seen.emplace(key.string(), when.string()).second)
      faults.value(spread, "duplicate-pair", constraint,
                   {{"key", std::string(key.string())}, {"when", std::string(when.string())}});
    choice(faults, spread, get(constraint, "nodeAffinityPolicy"), {"Honor", "Ignore"}, true);
    choice(faults, spread, get(constraint, "nodeTaintsPolicy"), {"Honor", "Ignore"}, true);
    const Node selector = get(constraint, "labelSelector");
    label_selector(faults, spread, selector);
    const Node keys = get(constraint, "matchLabelKeys");
    if (!keys.empty() && !selector)
      only_with(faults, spread, keys, "labelSelector");
    if (!selector)
      continue;
    for (const Node match : keys.items()) {
      qualified_name(faults, spread, match);
      bool selected = get(get(selector, "matchLabels"), match.string()).is_string();
      for (const Node expression : get(selector, "matchExpressions").items())
        selected |= get(expression, "key").string() == match.string();
      if (selected)
        not_with(faults, spread, match, "labelSelector");
    }
  }
}

}  // namespace podcheck::lint::invalid
