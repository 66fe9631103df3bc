#include "lint/invalid/faults.hpp"

#include <algorithm>

namespace podcheck::lint::invalid {

namespace {

constexpr std::size_t longest_shown = 80;

void add(Values& values, std::string name, std::string value) {
  const bool given = std::any_of(values.begin(), values.end(), [&](const auto& pair) { return pair.first == name; });
  if (!given)
    values.emplace_back(std::move(name), std::move(value));
}

// Where the last two steps of a path begin. Keys in brackets and quotes may hold dots.
std::size_t last_steps(std::string_view path) {
  int steps = 0;
  bool quoted = false;
  for (std::size_t i = path.size(); i-- > 0;) {
    if (path[i] == '"')
      quoted = !quoted;
    if (!quoted && path[i] == '.' && ++steps == 2)
      return i + 1;
  }
  return 0;
}

}  // namespace

std::string shown(std::string_view text) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (result.size() > longest_shown && (c & 0xc0) != 0x80) {
      result += "…";
      break;
    }
    if (c == '\n')
      result += "\\n";
    else if (c == '\t')
      result += "\\t";
    else if (c < 0x20 || c == 0x7f)
      result += "\\?";
    else
      result += static_cast<char>(c);
  }
  return result + "\"";
}

std::string shown(Node node) {
  if (node.is_string())
    return shown(node.string());
  if (node.is_mapping())
    return node.empty() ? "{}" : "{…}";
  if (node.is_sequence())
    return node.empty() ? "[]" : "[…]";
  return node ? node.text() : std::string();
}

std::string listed(const std::vector<std::string_view>& words) {
  std::string result;
  for (const std::string_view word : words)
    result.append(result.empty() ? "\"" : ", \"").append(word).append("\"");
  return result;
}

std::string Faults::field(Node at) const {
  const std::string path = path_of(root_, at);
  return path.substr(last_steps(path));
}

Hit& Faults::value(std::string_view rule, std::string_view variant, Node at, Values values) {
  add(values, "field", field(at));
  add(values, "value", shown(at));
  Hit& hit = faults_.emplace_back(Fault{rule, {}}).hit;
  hit.at = at;
  hit.variant = variant;
  hit.values = std::move(values);
  return hit;
}

Hit& Faults::key(std::string_view rule, std::string_view variant, Node at, Values values) {
  add(values, "field", field(at));
  add(values, "value", shown(at.key()));
  Hit& hit = value(rule, variant, at, std::move(values));
  hit.on_key = true;
  return hit;
}

Hit& Faults::missing(std::string_view rule, Node parent, std::string_view absent, std::string_view variant,
                     Values values) {
  const std::string above = parent == root_ ? std::string() : path_of(root_, parent);
  std::string path = above.empty() ? std::string(absent) : above + "." + std::string(absent);
  add(values, "field", path.substr(last_steps(path)));
  Hit& hit = value(rule, variant, parent, std::move(values));
  hit.absent = absent;
  return hit;
}

}  // namespace podcheck::lint::invalid
