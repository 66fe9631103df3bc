#include "scheduling/admission.hpp"

#include <algorithm>

#include "scheduling/value.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

constexpr std::string_view not_ready = "node.kubernetes.io/not-ready";
constexpr std::string_view unreachable = "node.kubernetes.io/unreachable";

Reason problem(std::string_view id, std::string_view plugin, finding::Values values) {
  Reason reason;
  reason.id = id;
  reason.plugin = plugin;
  reason.values = std::move(values);
  reason.resolvable = false;
  return reason;
}

// plugin/pkg/admission/priority/admission.go; the two system classes always exist.
Node default_class(const Cluster& cluster) {
  Node best;
  for (Node candidate : cluster.objects().priority_classes) {
    if (candidate["globalDefault"].boolean().value_or(false) &&
        (!best || candidate["value"].integer().value_or(0) < best["value"].integer().value_or(0))) {
      best = candidate;
    }
  }
  return best;
}

void set_priority(const Cluster& cluster, Node spec, Value& changed, std::vector<Reason>& problems) {
  if (spec.has("priority")) {
    return;  // already admitted
  }
  std::string_view name = spec["priorityClassName"].string();
  Node known = name.empty() ? default_class(cluster) : cluster.priority_class(name);
  std::int64_t priority = known["value"].integer().value_or(0);
  if (!known && name == "system-node-critical") {
    priority = 2000001000;
  } else if (!known && name == "system-cluster-critical") {
    priority = 2000000000;
  } else if (!known && !name.empty()) {
    problems.push_back(problem("priorityclass-missing", "Priority", {{"class", std::string(name)}}));
  }
  changed.member("priority") = Value::integer(priority);
  if (!spec.has("preemptionPolicy")) {
    changed.member("preemptionPolicy") = Value::string(known["preemptionPolicy"].string("PreemptLowerPriority"));
  }
}

// plugin/pkg/admission/runtimeclass/admission.go
void set_runtime_class(const Cluster& cluster, Node spec, Value& changed, std::vector<Reason>& problems) {
  std::string_view name = spec["runtimeClassName"].string();
  if (name.empty()) {
    return;
  }
  Node known = cluster.runtime_class(name);
  if (!known) {
    problems.push_back(problem("runtimeclass-missing", "RuntimeClass", {{"class", std::string(name)}}));
    return;
  }
  if (Node overhead = known["overhead"]["podFixed"]; overhead && !spec.has("overhead")) {
    changed.member("overhead") = Value::from(overhead);
  }
  for (const document::Member& label : known["scheduling"]["nodeSelector"].members()) {
    Node own = spec["nodeSelector"][label.key];
    if (own && own.string() != label.value.string()) {
      problems.push_back(problem("runtimeclass-conflict", "RuntimeClass",
                                 {{"class", std::string(name)},
                                  {"key", std::string(label.key)},
                                  {"has", std::string(own.string())},
                                  {"wanted", std::string(label.value.string())}}));
    }
    changed.member("nodeSelector").member(label.key) = Value::from(label.value);
  }
  for (Node toleration : known["scheduling"]["tolerations"].items()) {
    changed.member("tolerations").append(Value::from(toleration));
  }
}

// plugin/pkg/admission/defaulttolerationseconds/admission.go
void add_default_toleration(Node spec, std::string_view key, Value& changed) {
  for (Node toleration : spec["tolerations"].items()) {
    std::string_view has = toleration["key"].string();
    std::string_view effect = toleration["effect"].string();
    if ((has.empty() || has == key) && (effect.empty() || effect == "NoExecute")) {
      return;
    }
  }
  Value toleration = Value::mapping();
  toleration.member("key") = Value::string(key);
  toleration.member("operator") = Value::string("Exists");
  toleration.member("effect") = Value::string("NoExecute");
  toleration.member("tolerationSeconds") = Value::integer(300);
  changed.member("tolerations").append(std::move(toleration));
}

}  // namespace

Admitted admit(const Cluster& cluster, Node metadata, Node spec, std::string_view namespace_) {
  Admitted admitted;
  Value pod = Value::mapping();
  pod.member("apiVersion") = Value::string("v1");
  pod.member("kind") = Value::string("Pod");
  pod.member("metadata") = metadata.is_mapping() ? Value::from(metadata) : Value::mapping();
  if (metadata["namespace"].string().empty()) {
    pod.member("metadata").member("namespace") = Value::string(namespace_);
  }
  Value changed = spec.is_mapping() ? Value::from(spec) : Value::mapping();
  set_priority(cluster, spec, changed, admitted.problems);
  set_runtime_class(cluster, spec, changed, admitted.problems);
  add_default_toleration(spec, not_ready, changed);
  add_default_toleration(spec, unreachable, changed);
  pod.member("spec") = std::move(changed);
  admitted.tree = pod.tree();
  admitted.pod = admitted.tree->root();
  return admitted;
}

}  // namespace podcheck::scheduling
