// Label selectors, node selectors and the maps that services select with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"

namespace podcheck::kube {

enum class Operator : std::uint8_t { in, not_in, exists, does_not_exist, greater, less };

std::optional<Operator> operator_from(std::string_view text);  // "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"

struct Requirement {
  std::string key;
  Operator op = Operator::in;
  std::vector<std::string> values;
  // `value` is that of the key among the labels; nothing when the key is absent.
  bool matches(std::optional<std::string_view> value) const;
};

// All requirements hold; without any, everything matches.
struct Selector {
  std::vector<Requirement> requirements;
  bool matches(document::Node labels) const;
  bool empty() const { return requirements.empty(); }
};

// The value of a label; nothing when it is absent. Values that are no strings count as their text.
std::optional<std::string> label(document::Node labels, std::string_view key);

// A metav1.LabelSelector {matchLabels, matchExpressions}; nothing when an operator is unknown.
std::optional<Selector> label_selector(document::Node node);
// A plain map, as in a Service's spec.selector or a pod's nodeSelector.
Selector map_selector(document::Node node);
// What kubectl -l takes: "app=web,tier in (a, b),!legacy,zone!=x,cores>4"; nothing when malformed.
std::optional<Selector> parse_selector(std::string_view text);
// {key, operator, values} of a match expression.
std::optional<Requirement> requirement(document::Node node);

// A LabelSelector against labels. A missing or null selector matches nothing, an empty one everything.
bool matches(document::Node selector, document::Node labels);
// A Service's spec.selector; an empty one selects nothing.
bool service_matches(document::Node selector, document::Node labels);

// A nodeSelectorTerm against a node's labels and name; an empty term matches nothing.
bool term_matches(document::Node term, document::Node labels, std::string_view node_name);
// {nodeSelectorTerms: […]}: one of the terms matches.
bool node_selector_matches(document::Node selector, document::Node labels, std::string_view node_name);

}  // namespace podcheck::kube
