#include "scheduling/edits.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "scheduling/capacity.hpp"
#include "scheduling/lower_request.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

constexpr const char* required = "requiredDuringSchedulingIgnoredDuringExecution";
constexpr const char* preferred = "preferredDuringSchedulingIgnoredDuringExecution";

Patch one_step(std::string_view op, std::string path, Value value = {}) {
  Patch patch;
  patch.push_back({std::string(op), std::move(path), std::move(value)});
  return patch;
}

Edit edit(std::string_view id, finding::Values values, Patch patch) {
  return {std::string(id), std::move(values), std::move(patch), {}, 0};
}

void lower(Node pod, const NodeInfo& node, const Reason& reason, std::vector<Edit>& edits) {
  std::string resource(reason.value("resource"));
  std::int64_t free = free_on(node, resource);
  Patch patch = lower_request(pod, resource, free);
  if (patch.empty()) {
    return;
  }
  // What the pod asks for afterwards, which rounding may have brought below what is free.
  Value changed = Value::from(pod["spec"]);
  if (!apply_patch(patch, changed)) {
    return;
  }
  Value whole = Value::mapping();
  whole.member("spec") = std::move(changed);
  std::unique_ptr<document::Tree> tree = whole.tree();
  std::int64_t to = amount(requests_of(tree->root()), resource);
  // A RuntimeClass's overhead is no request of the pod's own.
  std::int64_t overhead = amount(overhead_of(pod), resource);
  std::string from = format_amount(resource, amount(requests_of(pod), resource) - overhead);
  edits.push_back(edit("lower-request",
                       {{"resource", resource}, {"from", from}, {"to", format_amount(resource, to - overhead)}},
                       std::move(patch)));
  edits.back().kept = to;
}

void tolerate(Node pod, const Reason& reason, std::vector<Edit>& edits) {
  std::string_view key = reason.value("key");
  if (key.starts_with("node.kubernetes.io/")) {
    return;  // the node's state: tolerating it would put the pod on a broken node
  }
  Value toleration = Value::mapping();
  toleration.member("key") = Value::string(key);
  std::string_view value = reason.value("value");
  toleration.member("operator") = Value::string(value.empty() ? "Exists" : "Equal");
  if (!value.empty()) {
    toleration.member("value") = Value::string(value);
  }
  toleration.member("effect") = Value::string(reason.value("effect"));
  Patch patch;
  if (pod["spec"]["tolerations"].is_sequence()) {
    patch.push_back({"add", "/tolerations/-", std::move(toleration)});
  } else {
    Value list = Value::sequence();
    list.append(std::move(toleration));
    patch.push_back({"add", "/tolerations", std::move(list)});
  }
  edits.push_back(edit("tolerate-taint", {{"taint", std::string(reason.value("taint"))}, {"key", std::string(key)}},
                       std::move(patch)));
}

Edit label_node(const NodeInfo& node, std::string_view key, std::string_view value) {
  std::string pair(key);
  pair.append("=").append(value);
  Edit change = edit("label-node", {{"node", std::string(node.name)}, {"label", pair}}, {});
  change.command = "kubectl label node " + std::string(node.name) + " " + pair;
  return change;
}

// Labels that describe the machine are facts; writing another value would be a lie.
bool is_fact(std::string_view key) {
  return key.starts_with("kubernetes.io/") || key.starts_with("topology.kubernetes.io/") ||
         key.starts_with("node.kubernetes.io/") || key.starts_with("beta.kubernetes.io/");
}

void change_selector(Node pod, const NodeInfo& node, const Reason& reason, std::vector<Edit>& edits) {
  std::string key(reason.value("key"));
  std::string wanted(pod["spec"]["nodeSelector"][key].string());
  std::string path = "/nodeSelector/" + pointer_segment(key);
  std::optional<std::string_view> has = node.label(key);
  if (has) {
    edits.push_back(edit("change-selector", {{"key", key}, {"from", wanted}, {"to", std::string(*has)}},
                         one_step("replace", path, Value::string(*has))));
  } else if (!is_fact(key)) {
    edits.push_back(label_node(node, key, wanted));
  }
  edits.push_back(edit("drop-selector", {{"key", key}, {"from", wanted}}, one_step("remove", path)));
}

void widen_affinity(Node pod, const NodeInfo& node, const Reason& reason, std::vector<Edit>& edits) {
  std::string path = std::string("/affinity/nodeAffinity/") + required;
  Node terms = pod["spec"]["affinity"]["nodeAffinity"][required]["nodeSelectorTerms"];
  std::string term(reason.value("term"));
  std::string_view key = reason.value("key");
  if (!term.empty() && reason.value("failing") == "1") {
    std::size_t index = 0;
    for (Node expression : terms[std::stoul(term)]["matchExpressions"].items()) {
      std::optional<std::string_view> has = node.label(key);
      std::string at = path + "/nodeSelectorTerms/" + term + "/matchExpressions/" + std::to_string(index++);
      if (expression["key"].string() != key || expression["operator"].string() != "In") {
        continue;
      }
      if (has) {
        edits.push_back(edit("widen-affinity", {{"key", std::string(key)}, {"value", std::string(*has)}},
                             one_step("add", at + "/values/-", Value::string(*has))));
      } else if (!is_fact(key) && !expression["values"].empty()) {
        edits.push_back(label_node(node, key, expression["values"][0].string()));
      }
    }
  }
  edits.push_back(edit("drop-affinity", {{"key", std::string(key)}}, one_step("remove", path)));
}

void drop_host_port(Node pod, const Reason& reason, std::vector<Edit>& edits) {
  if (pod["spec"]["hostNetwork"].boolean().value_or(false)) {
    return;
  }
  Patch patch;
  for (const char* list : {"containers", "initContainers"}) {
    std::size_t container = 0;
    for (Node node : pod["spec"][list].items()) {
      std::size_t port = 0;
      for (Node entry : node["ports"].items()) {
        if (entry["hostPort"].integer() && std::to_string(*entry["hostPort"].integer()) == reason.value("port")) {
          patch.push_back({"remove",
                           std::string("/") + list + "/" + std::to_string(container) + "/ports/" +
                               std::to_string(port) + "/hostPort",
                           {}});
        }
        ++port;
      }
      ++container;
    }
  }
  if (!patch.empty()) {
    edits.push_back(edit("drop-host-port", {{"port", std::string(reason.value("port"))}}, std::move(patch)));
  }
}

// Required becomes preferred: the wish stays, the demand goes.
void prefer(Node pod, std::string_view id, std::string_view kind, const Reason& reason, std::vector<Edit>& edits) {
  Node affinity = pod["spec"]["affinity"][kind];
  std::size_t index = std::stoul(std::string(reason.value("term")));
  Node term = affinity[required][index];
  if (!term) {
    return;
  }
  Value weighted = Value::mapping();
  weighted.member("weight") = Value::integer(100);
  weighted.member("podAffinityTerm") = Value::from(term);
  std::string base = "/affinity/" + std::string(kind) + "/";
  Patch patch = one_step("remove", base + required + "/" + std::to_string(index));
  if (affinity[preferred].is_sequence()) {
    patch.push_back({"add", base + preferred + "/-", std::move(weighted)});
  } else {
    Value list = Value::sequence();
    list.append(std::move(weighted));
    patch.push_back({"add", base + preferred, std::move(list)});
  }
  edits.push_back(edit(id,
                       {{"key", std::string(reason.value("key"))}, {"selector", std::string(reason.value("selector"))}},
                       std::move(patch)));
}

void relax_spread(const Reason& reason, std::vector<Edit>& edits) {
  std::string path = "/topologySpreadConstraints/" + std::string(reason.value("constraint"));
  std::string key(reason.value("key"));
  edits.push_back(edit("relax-spread", {{"key", key}},
                       one_step("add", path + "/whenUnsatisfiable", Value::string("ScheduleAnyway"))));
}

void drop_field(std::string_view id, std::string_view path, finding::Values values, std::vector<Edit>& edits) {
  edits.push_back(edit(id, std::move(values), one_step("remove", std::string(path))));
}

}  // namespace

std::vector<Edit> edits_for(const Cluster&, Node pod, const NodeInfo& node, const Reason& reason) {
  std::vector<Edit> edits;
  const std::string& id = reason.id;
  if (id == "extended-resource-missing") {
    std::string resource(reason.value("resource"));
    edits.push_back(edit("drop-resource", {{"resource", resource}}, drop_resource(pod, resource)));
  } else if (id.starts_with("insufficient-")) {
    lower(pod, node, reason, edits);
  } else if (id == "untolerated-taint") {
    tolerate(pod, reason, edits);
  } else if (id == "node-selector-mismatch") {
    change_selector(pod, node, reason, edits);
  } else if (id == "node-affinity-mismatch") {
    widen_affinity(pod, node, reason, edits);
  } else if (id == "node-cordoned") {
    Edit uncordon = edit("uncordon", {{"node", std::string(node.name)}}, {});
    uncordon.command = "kubectl uncordon " + std::string(node.name);
    edits.push_back(std::move(uncordon));
  } else if (id == "host-port-conflict") {
    drop_host_port(pod, reason, edits);
  } else if (id == "pod-anti-affinity") {
    prefer(pod, "prefer-anti-affinity", "podAntiAffinity", reason, edits);
  } else if (id == "pod-affinity") {
    prefer(pod, "prefer-affinity", "podAffinity", reason, edits);
  } else if (id == "topology-spread") {
    relax_spread(reason, edits);
  } else if (id == "node-name-mismatch") {
    drop_field("drop-node-name", "/nodeName", {{"node", std::string(reason.value("wanted"))}}, edits);
  } else if (id == "scheduling-gate") {
    drop_field("drop-gates", "/schedulingGates", reason.values, edits);
  } else if (id == "unknown-scheduler") {
    drop_field("drop-scheduler-name", "/schedulerName", reason.values, edits);
  }
  return edits;
}

int cost(const Edit& edit) {
  // Control planes are kept free for a reason: to be proposed after everything that is not.
  if (edit.id == "tolerate-taint" && edit.values.back().second.starts_with("node-role.kubernetes.io/")) {
    return 19;
  }
  static constexpr std::array<std::string_view, 18> order = {"lower-request",
                                                             "tolerate-taint",
                                                             "change-selector",
                                                             "uncordon",
                                                             "widen-affinity",
                                                             "label-node",
                                                             "relax-spread",
                                                             "prefer-anti-affinity",
                                                             "drop-host-port",
                                                             "prefer-affinity",
                                                             "drop-selector",
                                                             "drop-affinity",
                                                             "drop-node-name",
                                                             "drop-resource",
                                                             "drop-scheduler-name",
                                                             "drop-gates",
                                                             "",
                                                             ""};
  return static_cast<int>(std::find(order.begin(), order.end(), edit.id) - order.begin());
}

}  // namespace podcheck::scheduling
