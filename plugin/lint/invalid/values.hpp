// The small checks that fields share. Each reports under the rule it is given; nothing is said about absent fields or
// values of a wrong type (types.cpp speaks of those). True when all is well.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "kube/quantity.hpp"
#include "lint/invalid/faults.hpp"

namespace podcheck::lint::invalid {

// A string of a non-empty list; "" counts as unset unless `empty_counts`.
bool choice(Faults& faults, std::string_view rule, Node node, std::initializer_list<std::string_view> allowed,
            bool empty_counts = false);
bool at_least(Faults& faults, std::string_view rule, Node node, std::int64_t minimum);
bool between(Faults& faults, std::string_view rule, Node node, std::int64_t minimum, std::int64_t maximum);
bool port_number(Faults& faults, std::string_view rule, Node node);  // 1 to 65535

bool dns_label(Faults& faults, std::string_view rule, Node node);
bool dns_subdomain(Faults& faults, std::string_view rule, Node node);
bool qualified_name(Faults& faults, std::string_view rule, Node node);
bool label_value(Faults& faults, std::string_view rule, Node node);
bool config_key(Faults& faults, std::string_view rule, Node node);
bool port_name(Faults& faults, std::string_view rule, Node node);
bool relative_path(Faults& faults, std::string_view rule, Node node);   // not absolute, no ..
bool projected_path(Faults& faults, std::string_view rule, Node node);  // neither, and no .. at its beginning
bool no_backsteps(Faults& faults, std::string_view rule, Node node);    // no ..
// The keys of a map.
void qualified_keys(Faults& faults, std::string_view rule, Node map);

// A string field that has to be there and not empty. The node, or missing when that was reported.
Node required(Faults& faults, std::string_view rule, Node parent, std::string_view key);
// Reports the field as wrong beside `other`.
void not_with(Faults& faults, std::string_view rule, Node node, std::string_view other);
// Reports the field as one that needs `other`.
void only_with(Faults& faults, std::string_view rule, Node node, std::string_view other);

// The number of a field, or what the server takes for an absent one.
std::int64_t integer_or(Node node, std::int64_t fallback);
std::string_view string_or(Node node, std::string_view fallback);  // "" counts as absent
bool is_true(Node node);
// An element of a list of objects: a null one is an object without fields to the server.
bool is_struct(Node item);

// metav1.LabelSelector. `allow_invalid_values` as the server has it for old objects is never on.
bool label_selector(Faults& faults, std::string_view rule, Node selector);
// Labels of an object or a template: keys and values.
void labels(Faults& faults, Node map);
void annotations(Faults& faults, Node map);

// Int or percentage: "25%" or a number; the smallest number allowed is 0.
bool int_or_percent(Faults& faults, std::string_view rule, Node node);
// The percentage of "25%"; nothing for anything else.
std::optional<std::int64_t> percentage(Node node);

}  // namespace podcheck::lint::invalid
