#include "scheduling/node_selector.hpp"

#include <algorithm>

namespace podcheck::scheduling {

using document::Node;

bool matches(const kube::Requirement& requirement, const NodeInfo& node) {
  return requirement.matches(node.label(requirement.key));
}

// k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go: a term needs all its expressions and fields;
// one without either matches no node.
bool NodeTerm::matches(const NodeInfo& node) const {
  if (broken || empty()) {
    return false;
  }
  auto holds = [&](const kube::Requirement& requirement) { return scheduling::matches(requirement, node); };
  auto names = [&](const kube::Requirement& requirement) { return requirement.matches(node.name); };
  return std::all_of(labels.begin(), labels.end(), holds) && std::all_of(fields.begin(), fields.end(), names);
}

bool NodeTerms::matches(const NodeInfo& node) const {
  return std::any_of(terms.begin(), terms.end(), [&](const NodeTerm& term) { return term.matches(node); });
}

namespace {

NodeTerm node_term(Node node) {
  NodeTerm term;
  for (Node expression : node["matchExpressions"].items()) {
    if (std::optional<kube::Requirement> requirement = kube::requirement(expression)) {
      term.labels.push_back(std::move(*requirement));
    } else {
      term.broken = true;
    }
  }
  for (Node expression : node["matchFields"].items()) {
    std::optional<kube::Requirement> requirement = kube::requirement(expression);
    if (requirement && requirement->key == "metadata.name") {
      term.fields.push_back(std::move(*requirement));
    } else {
      term.broken = true;
    }
  }
  return term;
}

}  // namespace

NodeTerms node_terms(Node node_selector) {
  NodeTerms terms;
  for (Node term : node_selector["nodeSelectorTerms"].items()) {
    terms.terms.push_back(node_term(term));
  }
  return terms;
}

RequiredNodes required_nodes(Node pod_spec) {
  RequiredNodes required;
  required.selector = kube::map_selector(pod_spec["nodeSelector"]).requirements;
  Node affinity = pod_spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
  if (affinity.is_mapping()) {
    required.affinity = node_terms(affinity);
  }
  return required;
}

bool RequiredNodes::selector_matches(const NodeInfo& node) const {
  return std::all_of(selector.begin(), selector.end(),
                     [&](const kube::Requirement& requirement) { return scheduling::matches(requirement, node); });
}

std::string describe(const kube::Requirement& requirement) {
  std::string values;
  for (const std::string& value : requirement.values) {
    values += (values.empty() ? "" : ", ") + value;
  }
  switch (requirement.op) {
    case kube::Operator::in:
      return requirement.values.size() == 1 ? requirement.key + "=" + values : requirement.key + " in (" + values + ")";
    case kube::Operator::not_in:
      return requirement.values.size() == 1 ? requirement.key + "!=" + values
                                            : requirement.key + " notin (" + values + ")";
    case kube::Operator::exists:
      return requirement.key;
    case kube::Operator::does_not_exist:
      return "!" + requirement.key;
    case kube::Operator::greater:
      return requirement.key + ">" + values;
    case kube::Operator::less:
      return requirement.key + "<" + values;
  }
  return requirement.key;
}

}  // namespace podcheck::scheduling
