// NodeAffinity: spec.nodeSelector and required node affinity; both have to match.
//
// pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go, component-helpers nodeaffinity.go. Terms are
// alternatives, the expressions of one term are not. A term without expressions and fields matches no node. NotIn and
// DoesNotExist match a node without the label; Gt and Lt never match a label that is no integer. Nodes that a
// matchFields term on metadata.name rules out are reported by the scheduler as "didn't satisfy plugin(s)
// [NodeAffinity]": the same reason here.
#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

namespace {

std::string label_text(const NodeInfo& node, const kube::Requirement& requirement) {
  std::optional<std::string_view> value = node.label(requirement.key);
  return value ? std::string(*value) : std::string();
}

class NodeAffinity : public Filter {
 public:
  explicit NodeAffinity(const RequiredNodes& required) : required_(required) {}

  void check(const NodeInfo& node, Evicted, Reasons& reasons) const override {
    for (const kube::Requirement& requirement : required_.selector) {
      if (matches(requirement, node)) {
        continue;
      }
      if (Reason* reason = reasons.add("node-selector-mismatch", "NodeAffinity", false)) {
        explain(node, requirement, *reason);
      }
    }
    if (!required_.affinity || required_.affinity->matches(node)) {
      return;
    }
    if (Reason* reason = reasons.add("node-affinity-mismatch", "NodeAffinity", false)) {
      explain_nearest_term(node, *reason);
    }
  }

 private:
  const RequiredNodes& required_;

  static void explain(const NodeInfo& node, const kube::Requirement& requirement, Reason& reason) {
    bool has = node.label(requirement.key).has_value();
    reason.variant = has ? "other-value" : "no-label";
    reason.values = {
        {"key", requirement.key}, {"wanted", describe(requirement)}, {"has", label_text(node, requirement)}};
  }

  // Of several terms the one with the fewest failing parts says most about what is missing.
  void explain_nearest_term(const NodeInfo& node, Reason& reason) const {
    std::size_t fewest = SIZE_MAX;
    reason.variant = "no-term";
    for (std::size_t index = 0; index < required_.affinity->terms.size(); ++index) {
      const NodeTerm& term = required_.affinity->terms[index];
      if (term.broken || term.empty()) {
        continue;
      }
      std::size_t failing = 0;
      const kube::Requirement* label = nullptr;
      const kube::Requirement* field = nullptr;
      for (const kube::Requirement& requirement : term.labels) {
        if (!matches(requirement, node)) {
          ++failing;
          label = label == nullptr ? &requirement : label;
        }
      }
      for (const kube::Requirement& requirement : term.fields) {
        if (!requirement.matches(node.name)) {
          ++failing;
          field = &requirement;
        }
      }
      if (failing >= fewest) {
        continue;
      }
      fewest = failing;
      if (field != nullptr) {
        reason.variant = "node-name";
        reason.values = {{"key", field->key}, {"wanted", describe(*field)}, {"has", std::string(node.name)}};
      } else if (label != nullptr) {
        explain(node, *label, reason);
      }
      reason.values.emplace_back("term", std::to_string(index));
      reason.values.emplace_back("failing", std::to_string(failing));
    }
  }
};

}  // namespace

std::unique_ptr<Filter> node_affinity(const Cluster&, const Incoming& incoming, Reasons&) {
  return incoming.required_nodes.empty() ? nullptr : std::make_unique<NodeAffinity>(incoming.required_nodes);
}

}  // namespace podcheck::scheduling
