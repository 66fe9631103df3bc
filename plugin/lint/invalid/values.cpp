#include "lint/invalid/values.hpp"

#include <algorithm>
#include <charconv>

#include "kube/names.hpp"

namespace podcheck::lint::invalid {

namespace {

bool text(Faults& faults, std::string_view rule, std::string_view variant, Node node, bool (*holds)(std::string_view)) {
  if (!node.is_string() || holds(node.string()))
    return true;
  faults.value(rule, variant, node);
  return false;
}

bool has_backsteps(std::string_view path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (path.substr(begin, end - begin) == "..")
      return true;
    begin = end + 1;
  }
  return false;
}

bool lower_qualified(std::string_view key) {
  std::string lower(key);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return kube::is_qualified_name(lower);
}

}  // namespace

bool choice(Faults& faults, std::string_view rule, Node node, std::initializer_list<std::string_view> allowed,
            bool empty_counts) {
  if (!node.is_string() || (node.string().empty() && !empty_counts))
    return true;
  if (std::find(allowed.begin(), allowed.end(), node.string()) != allowed.end())
    return true;
  faults.value(rule, "choice", node, {{"allowed", listed(allowed)}});
  return false;
}

bool at_least(Faults& faults, std::string_view rule, Node node, std::int64_t minimum) {
  const auto number = node.is_number() ? node.integer() : std::nullopt;
  if (!number || *number >= minimum)
    return true;
  faults.value(rule, "minimum", node, {{"minimum", std::to_string(minimum)}});
  return false;
}

bool between(Faults& faults, std::string_view rule, Node node, std::int64_t minimum, std::int64_t maximum) {
  const auto number = node.is_number() ? node.integer() : std::nullopt;
  if (!number || (*number >= minimum && *number <= maximum))
    return true;
  faults.value(rule, "range", node, {{"minimum", std::to_string(minimum)}, {"maximum", std::to_string(maximum)}});
  return false;
}

bool port_number(Faults& faults, std::string_view rule, Node node) {
  return between(faults, rule, node, 1, 65535);
}

bool dns_label(Faults& faults, std::string_view rule, Node node) {
  return text(faults, rule, "dns-label", node, kube::is_dns1123_label);
}

bool dns_subdomain(Faults& faults, std::string_view rule, Node node) {
  return text(faults, rule, "dns-subdomain", node, kube::is_dns1123_subdomain);
}

bool qualified_name(Faults& faults, std::string_view rule, Node node) {
  return text(faults, rule, "qualified-name", node, kube::is_qualified_name);
}

bool label_value(Faults& faults, std::string_view rule, Node node) {
  return text(faults, rule, "label-value", node, kube::is_label_value);
}

bool config_key(Faults& faults, std::string_view rule, Node node) {
  return text(faults, rule, "config-key", node, kube::is_config_key);
}

bool port_name(Faults& faults, std::string_view rule, Node node) {
  return text(faults, rule, "port-name", node, kube::is_port_name);
}

bool relative_path(Faults& faults, std::string_view rule, Node node) {
  if (!node.is_string())
    return true;
  if (!node.string().empty() && node.string().front() == '/') {
    faults.value(rule, "relative-path", node);
    return false;
  }
  return no_backsteps(faults, rule, node);
}

bool projected_path(Faults& faults, std::string_view rule, Node node) {
  if (!relative_path(faults, rule, node))
    return false;
  if (!node.is_string() || node.string().substr(0, 2) != "..")
    return true;
  faults.value(rule, "backsteps", node);
  return false;
}

bool no_backsteps(Faults& faults, std::string_view rule, Node node) {
  if (!node.is_string() || !has_backsteps(node.string()))
    return true;
  faults.value(rule, "backsteps", node);
  return false;
}

void qualified_keys(Faults& faults, std::string_view rule, Node map) {
  for (const auto& member : map.members())
    if (!kube::is_qualified_name(member.key))
      faults.key(rule, "qualified-name", member.value);
}

Node required(Faults& faults, std::string_view rule, Node parent, std::string_view key) {
  const Node node = get(parent, key);
  if (!node) {
    faults.missing(rule, parent, key);
    return {};
  }
  if ((node.is_string() && node.string().empty()) || (node.is_sequence() && node.empty())) {
    faults.value(rule, "empty", node);
    return {};
  }
  return node;
}

void not_with(Faults& faults, std::string_view rule, Node node, std::string_view other) {
  faults.value(rule, "not-with", node, {{"other", std::string(other)}});
}

void only_with(Faults& faults, std::string_view rule, Node node, std::string_view other) {
  faults.value(rule, "only-with", node, {{"other", std::string(other)}});
}

std::int64_t integer_or(Node node, std::int64_t fallback) {
  return node.is_number() ? node.integer().value_or(fallback) : fallback;
}

std::string_view string_or(Node node, std::string_view fallback) {
  return node.is_string() && !node.string().empty() ? node.string() : fallback;
}

bool is_true(Node node) {
  return node.boolean().value_or(false);
}

bool is_struct(Node item) {
  return item.is_mapping() || item.is_null();
}

void labels(Faults& faults, Node map) {
  for (const auto& member : map.members()) {
    if (member.value.is_null())
      continue;
    if (!kube::is_qualified_name(member.key))
      faults.key("label-invalid", "qualified-name", member.value);
    label_value(faults, "label-invalid", member.value);
  }
}

void annotations(Faults& faults, Node map) {
  for (const auto& member : map.members())
    if (!member.value.is_null() && !lower_qualified(member.key))
      faults.key("annotation-invalid", "qualified-name", member.value);
}

bool label_selector(Faults& faults, std::string_view rule, Node selector) {
  const std::size_t before = faults.all().size();
  for (const auto& member : get(selector, "matchLabels").members()) {
    if (!kube::is_qualified_name(member.key))
      faults.key(rule, "qualified-name", member.value);
    label_value(faults, rule, member.value);
  }
  for (const Node expression : get(selector, "matchExpressions").items()) {
    const Node key = get(expression, "key");
    const Node op = get(expression, "operator");
    const Node values = get(expression, "values");
    if (op.is_string() && (op.string() == "In" || op.string() == "NotIn")) {
      if (values.empty() && (!values || values.is_sequence()))
        faults.missing(rule, expression, "values", "values-missing", {{"operator", std::string(op.string())}});
    } else if (op.is_string() && (op.string() == "Exists" || op.string() == "DoesNotExist")) {
      if (!values.empty())
        not_with(faults, rule, values, "operator " + std::string(op.string()));
    } else if (!op) {
      faults.missing(rule, expression, "operator");
    } else {
      choice(faults, rule, op, {"In", "NotIn", "Exists", "DoesNotExist"}, true);
    }
    if (!key)
      faults.missing(rule, expression, "key");
    else
      qualified_name(faults, rule, key);
    for (const Node value : values.items())
      label_value(faults, rule, value);
  }
  return faults.all().size() == before;
}

std::optional<std::int64_t> percentage(Node node) {
  const std::string_view text = node.string();
  std::int64_t number = 0;
  if (text.size() < 2 || text.back() != '%')
    return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size() - 1, number);
  if (error != std::errc() || end != text.data() + text.size() - 1 || text.front() == '-')
    return std::nullopt;
  return number;
}

bool int_or_percent(Faults& faults, std::string_view rule, Node node) {
  if (node.is_string() && !percentage(node)) {
    faults.value(rule, "percentage", node);
    return false;
  }
  return at_least(faults, rule, node, 0);
}

}  // namespace podcheck::lint::invalid
