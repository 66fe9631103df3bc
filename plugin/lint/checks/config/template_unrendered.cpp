// Placeholders that somebody should have filled in, in fields that nothing fills in later.
#include <algorithm>
#include <array>
#include <optional>

#include "lint/checks/config/checks.hpp"
#include "lint/substitution.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

// The kinds of which every field is known to be taken literally.
constexpr auto literal_groups =
    std::to_array<std::string_view>({"", "apps", "batch", "autoscaling", "policy", "networking.k8s.io",
                                     "rbac.authorization.k8s.io", "storage.k8s.io", "scheduling.k8s.io"});

// Fields in which such text may be meant: the container's own words, documents, and what $(VAR) is expanded in.
constexpr auto free_text = std::to_array<std::string_view>(
    {"annotations", "args", "command", "env", "data", "stringData", "binaryData", "exec", "subPathExpr", "httpHeaders",
     "path", "description", "managedFields", "status"});

struct Placeholder {
  std::string_view text;
  const char* variant;
};

std::optional<Placeholder> placeholder_in(std::string_view text, std::string_view field) {
  const auto between = [&](std::string_view open, std::string_view close) -> std::string_view {
    const std::size_t begin = text.find(open);
    if (begin == std::string_view::npos)
      return {};
    const std::size_t end = text.find(close, begin + open.size());
    if (end == std::string_view::npos || end == begin + open.size())
      return {};
    return text.substr(begin, end + close.size() - begin);
  };
  if (const auto found = between("{{", "}}"); !found.empty())
    return Placeholder{found, "template"};
  if (const auto found = between("${", "}"); !found.empty())
    return Placeholder{found, "variable"};
  if (const auto found = between("$(", ")"); !found.empty())
    return Placeholder{found, "reference"};
  if (const auto found = between("<", ">"); !found.empty()) {
    const std::string_view word = found.substr(1, found.size() - 2);
    const bool is_word = std::all_of(word.begin(), word.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             c == ' ' || c == '.';
    });
    if (is_word)
      return Placeholder{found, "bracket"};
  }
  if (field == "image" || field == "host" || field == "name" || field == "claimName" || field == "secretName")
    for (std::string_view word : {"CHANGEME", "CHANGE_ME", "CHANGE-ME", "REPLACE_ME", "REPLACEME", "REPLACE-ME"})
      if (const std::size_t at = text.find(word); at != std::string_view::npos)
        return Placeholder{text.substr(at, word.size()), "word"};
  return std::nullopt;
}

void walk(const Bundle& bundle, Node node, std::string_view field, Reporter& reporter, int depth) {
  constexpr int deepest = 100;
  if (depth > deepest)
    return;
  for (const document::Member& member : node.members())
    if (std::find(free_text.begin(), free_text.end(), member.key) == free_text.end())
      walk(bundle, member.value, member.key, reporter, depth + 1);
  for (Node item : node.items())
    walk(bundle, item, field, reporter, depth + 1);
  if (!node.is_string())
    return;
  const auto found = placeholder_in(node.string(), field);
  if (!found || is_substituted(bundle, node))
    return;
  Hit hit;
  hit.at = node;
  hit.variant = found->variant;
  // envsubst, Flux or the variables of kustomize may still run over this file.
  if (hit.variant == "variable" || hit.variant == "reference")
    hit.severity = finding::Severity::warning;
  hit.values = {{"placeholder", std::string(found->text)}, {"field", std::string(field)}};
  reporter.report(std::move(hit));
}

}  // namespace

void check_template_unrendered(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (std::find(literal_groups.begin(), literal_groups.end(), object.group) == literal_groups.end())
    return;
  walk(place.bundle, object.root, {}, reporter, 0);
}

}  // namespace podcheck::lint
