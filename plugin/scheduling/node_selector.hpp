// Which nodes a pod or a volume demands: nodeSelector, required node affinity, a volume's node affinity.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "document/node.hpp"
#include "kube/selector.hpp"
#include "scheduling/model.hpp"

namespace podcheck::scheduling {

struct NodeTerm {
  std::vector<kube::Requirement> labels;
  std::vector<kube::Requirement> fields;  // on metadata.name
  bool empty() const { return labels.empty() && fields.empty(); }
  bool broken = false;  // an operator or field that nobody knows: matches nothing
  bool matches(const NodeInfo& node) const;
};

// {nodeSelectorTerms: […]}: one of the terms has to match. An empty term matches nothing, and so does an empty list.
struct NodeTerms {
  std::vector<NodeTerm> terms;
  bool matches(const NodeInfo& node) const;
};
NodeTerms node_terms(document::Node node_selector);

struct RequiredNodes {
  std::vector<kube::Requirement> selector;  // spec.nodeSelector
  std::optional<NodeTerms> affinity;        // none: no required affinity
  bool selector_matches(const NodeInfo& node) const;
  bool matches(const NodeInfo& node) const { return selector_matches(node) && (!affinity || affinity->matches(node)); }
  bool empty() const { return selector.empty() && !affinity; }
};
RequiredNodes required_nodes(document::Node pod_spec);

bool matches(const kube::Requirement& requirement, const NodeInfo& node);
// "disktype in (ssd, nvme)", "gpu-count > 2", "!spot"
std::string describe(const kube::Requirement& requirement);

}  // namespace podcheck::scheduling
