#include "kube/selector.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr std::int64_t default_progress_deadline = 600;
// Since this minor version the server looks into the pods of a StatefulSet.
// https://github.com/kubernetes/kubernetes/pull/131790
constexpr int checks_stateful_pods = 34;
// controller-revision-hash is the name, a dash and ten characters; a label's value has at most 63.
constexpr std::size_t longest_stateful_name = 52;

void check_template(Faults& faults, Node spec, const char* kind, const std::set<std::string_view>& claims = {}) {
  const Node made = get(spec, "template");
  const Node pod = get(made, "spec");
  if (made && !made.is_mapping())
    return;
  if (pod && !pod.is_mapping())
    return;
  if (!pod) {
    faults.missing("containers-missing",
                   made   ? made
                   : spec ? spec
                          : faults.root(),
                   made   ? "spec.containers"
                   : spec ? "template.spec.containers"
                          : "spec.template.spec.containers");
  } else {
    check_pod(faults, get(made, "metadata"), pod, false, claims);
  }
  labels(faults, get(get(made, "metadata"), "labels"));
  annotations(faults, get(get(made, "metadata"), "annotations"));
  const Node policy = get(pod, "restartPolicy");
  if (policy.string() == "OnFailure" || policy.string() == "Never") {
    Hit& hit = faults.value("restart-policy-invalid", "always", policy, {{"kind", kind}});
    hit.changes.push_back({Hit::Change::Kind::replace_value, policy, {}, "Always"});
  }
  if (const Node deadline = get(pod, "activeDeadlineSeconds"))
    faults.key("deadline-invalid", "not-here", deadline, {{"kind", kind}});
}

std::string joined(Node labels) {
  std::string text;
  for (const auto& member : labels.members())
    text.append(text.empty() ? "" : ", ").append(member.key).append("=").append(member.value.text());
  return text.empty() ? "{}" : text;
}

// spec.selector is there, not empty, well-formed, and matches the labels of the template.
void check_selector(Faults& faults, Node spec, const char* kind) {
  const Node selector = get(spec, "selector");
  const Node made = get(spec, "template");
  if (selector && !selector.is_mapping())
    return;
  if (!selector) {
    faults.missing("selector-missing", spec ? spec : faults.root(), spec ? "selector" : "spec.selector", "",
                   {{"kind", kind}});
    return;
  }
  if (!label_selector(faults, "selector-invalid", selector))
    return;
  if (get(selector, "matchLabels").empty() && get(selector, "matchExpressions").empty()) {
    faults.value("selector-missing", "empty", selector, {{"kind", kind}});
    return;
  }
  const Node metadata = get(made, "metadata");
  const Node labels = get(metadata, "labels");
  if ((metadata && !metadata.is_mapping()) || (labels && !labels.is_mapping()))
    return;
  if (kube::matches(selector, labels))
    return;
  const Node at = labels ? labels : metadata ? metadata : made ? made : spec;
  Hit& hit = faults.value("selector-mismatch", labels ? "" : "no-labels", at,
                          {{"selector", joined(get(selector, "matchLabels"))}, {"labels", joined(labels)}});
  if (!labels)
    hit.absent = metadata ? "labels" : made ? "metadata.labels" : "template.metadata.labels";
  hit.related.push_back({selector, "selector", nullptr, {}});
}

std::int64_t amount(Node node, std::int64_t fallback) {
  if (!node)
    return fallback;
  if (const auto percent = percentage(node))
    return *percent;
  return integer_or(node, fallback);
}

void at_most_whole(Faults& faults, const char* rule, Node node) {
  if (percentage(node).value_or(0) > 100)
    faults.value(rule, "percent-above-100", node);
}

void check_deployment_strategy(Faults& faults, Node spec) {
  const Node strategy = get(spec, "strategy");
  const Node type = get(strategy, "type");
  const Node rolling = get(strategy, "rollingUpdate");
  choice(faults, "strategy-invalid", type, {"Recreate", "RollingUpdate"});
  if (type.string() == "Recreate") {
    if (rolling)
      faults.key("strategy-invalid", "not-with", rolling, {{"other", "type: Recreate"}});
    return;
  }
  const Node unavailable = get(rolling, "maxUnavailable");
  const Node surge = get(rolling, "maxSurge");
  int_or_percent(faults, "strategy-invalid", unavailable);
  int_or_percent(faults, "strategy-invalid", surge);
  at_most_whole(faults, "strategy-invalid", unavailable);
  if (amount(unavailable, 25) == 0 && amount(surge, 25) == 0) {
    Hit& hit = faults.value("rollout-cannot-progress", "", unavailable);
    hit.related.push_back({surge, "surge", nullptr, {}});
  }
}

void check_replicated(Faults& faults, Node object, const char* kind) {
  const Node spec = get(object, "spec");
  if (spec && !spec.is_mapping())
    return;
  at_least(faults, "replicas-invalid", get(spec, "replicas"), 0);
  at_least(faults, "replicas-invalid", get(spec, "minReadySeconds"), 0);
  check_selector(faults, spec, kind);
  check_template(faults, spec, kind);
}

}  // namespace

void check_bare_pod(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  if (spec && !spec.is_mapping())
    return;
  check_pod(faults, get(object, "metadata"), spec, true);
}

void check_pod_template_object(Faults& faults, Node object) {
  const Node made = get(object, "template");
  if (made.is_mapping())
    check_pod(faults, get(made, "metadata"), get(made, "spec"), false);
}

void check_deployment(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  check_replicated(faults, object, "Deployment");
  check_deployment_strategy(faults, spec);
  at_least(faults, "replicas-invalid", get(spec, "revisionHistoryLimit"), 0);
  const Node deadline = get(spec, "progressDeadlineSeconds");
  const std::int64_t ready = integer_or(get(spec, "minReadySeconds"), 0);
  at_least(faults, "progress-deadline-too-short", deadline, 0);
  if (integer_or(deadline, default_progress_deadline) <= ready && integer_or(deadline, 0) >= 0) {
    const Values values = {{"seconds", std::to_string(ready)},
                           {"value", std::to_string(integer_or(deadline, default_progress_deadline))}};
    faults.value("progress-deadline-too-short", "", deadline ? deadline : get(spec, "minReadySeconds"), values);
  }
}

void check_replica_set(Faults& faults, Node object) {
  check_replicated(faults, object, "ReplicaSet");
}

void check_replication_controller(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  if (spec && !spec.is_mapping())
    return;
  at_least(faults, "replicas-invalid", get(spec, "replicas"), 0);
  at_least(faults, "replicas-invalid", get(spec, "minReadySeconds"), 0);
  const Node labels = get(get(get(spec, "template"), "metadata"), "labels");
  const Node selector = get(spec, "selector");
  if (labels.empty() && selector.empty())
    faults.missing("selector-missing", spec ? spec : object, "selector", "", {{"kind", "ReplicationController"}});
  for (const auto& member : selector.members())
    if (get(labels, member.key).string() != member.value.string()) {
      faults.value("selector-mismatch", "", selector, {{"selector", joined(selector)}, {"labels", joined(labels)}});
      break;
    }
  check_template(faults, spec, "ReplicationController");
}

void check_daemon_set(Faults& faults, Node object) {
  constexpr const char* rule = "strategy-invalid";
  const Node spec = get(object, "spec");
  if (spec && !spec.is_mapping())
    return;
  check_selector(faults, spec, "DaemonSet");
  check_template(faults, spec, "DaemonSet");
  at_least(faults, "replicas-invalid", get(spec, "minReadySeconds"), 0);
  at_least(faults, "replicas-invalid", get(spec, "revisionHistoryLimit"), 0);
  const Node strategy = get(spec, "updateStrategy");
  choice(faults, rule, get(strategy, "type"), {"RollingUpdate", "OnDelete"});
  if (string_or(get(strategy, "type"), "RollingUpdate") != "RollingUpdate")
    return;
  const Node rolling = get(strategy, "rollingUpdate");
  const Node unavailable = get(rolling, "maxUnavailable");
  const Node surge = get(rolling, "maxSurge");
  for (const Node node : {unavailable, surge}) {
    int_or_percent(faults, rule, node);
    at_most_whole(faults, rule, node);
  }
  const bool some_unavailable = amount(unavailable, 1) != 0;
  const bool some_surge = amount(surge, 0) != 0;
  if (some_unavailable && some_surge)
    faults.value(rule, "not-with", surge,
                 {{"other", "maxUnavailable: " + (unavailable ? unavailable.text() : std::string("1"))}});
  else if (!some_unavailable && !some_surge)
    faults.value("rollout-cannot-progress", "", unavailable);
}

void check_stateful_set(Faults& faults, Node object) {
  constexpr const char* rule = "strategy-invalid";
  const Node spec = get(object, "spec");
  if (spec && !spec.is_mapping())
    return;
  at_least(faults, "replicas-invalid", get(spec, "replicas"), 0);
  at_least(faults, "replicas-invalid", get(spec, "minReadySeconds"), 0);
  at_least(faults, "replicas-invalid", get(spec, "revisionHistoryLimit"), 0);
  at_least(faults, "replicas-invalid", get(get(spec, "ordinals"), "start"), 0);
  check_selector(faults, spec, "StatefulSet");
  if (const Node service = get(spec, "serviceName"); !string_or(service, "").empty())
    dns_label(faults, "name-invalid", service);
  choice(faults, rule, get(spec, "podManagementPolicy"), {"OrderedReady", "Parallel"});
  const Node strategy = get(spec, "updateStrategy");
  const Node type = get(strategy, "type");
  choice(faults, rule, type, {"RollingUpdate", "OnDelete"});
  const Node rolling = get(strategy, "rollingUpdate");
  if (type.string() == "OnDelete" && rolling)
    faults.key(rule, "not-with", rolling, {{"other", "type: OnDelete"}});
  at_least(faults, rule, get(rolling, "partition"), 0);
  if (const Node unavailable = get(rolling, "maxUnavailable")) {
    int_or_percent(faults, rule, unavailable);
    at_most_whole(faults, rule, unavailable);
    if (amount(unavailable, 1) == 0)
      faults.value(rule, "minimum", unavailable, {{"minimum", "1"}});
  }
  const Node retention = get(spec, "persistentVolumeClaimRetentionPolicy");
  for (const char* key : {"whenDeleted", "whenScaled"})
    choice(faults, rule, get(retention, key), {"Retain", "Delete"});
  std::set<std::string_view> claims;
  for (const Node claim : get(spec, "volumeClaimTemplates").items()) {
    if (!is_struct(claim))
      continue;
    claims.insert(get(get(claim, "metadata"), "name").string());
    if (faults.minor() >= checks_stateful_pods)
      check_claim_spec(faults, claim, get(claim, "spec"));
  }
  const Node name = get(get(object, "metadata"), "name");
  if (const std::size_t length = name.string().size(); length > longest_stateful_name)
    faults.value("statefulset-name-too-long", "", name, {{"length", std::to_string(length)}});
  const std::size_t before = faults.all().size();
  check_template(faults, spec, "StatefulSet", claims);
  if (faults.minor() >= checks_stateful_pods)
    return;
  // Accepted, and then refused pod by pod. Labels and annotations have always been looked at.
  for (std::size_t i = before; i < faults.all().size(); ++i) {
    Fault& fault = faults.all()[i];
    if (fault.rule == "label-invalid" || fault.rule == "annotation-invalid")
      continue;
    fault.hit.values.emplace_back("rule", std::string(fault.rule));
    fault.hit.variant = fault.hit.absent.empty() ? "" : "missing";
    fault.hit.related.clear();
    fault.rule = "statefulset-podspec-invalid";
  }
}

}  // namespace podcheck::lint::invalid
