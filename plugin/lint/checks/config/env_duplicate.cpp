// A variable that is set twice: the last one wins, and a merge of two manifests may keep either.
#include <map>

#include "lint/checks/config/checks.hpp"

namespace podcheck::lint {

using document::Node;

void check_env_duplicate(const Place& place, Reporter& reporter) {
  std::map<std::string_view, Node> first;
  for (Node variable : place.container->node["env"].items()) {
    const std::string_view name = variable["name"].string();
    if (name.empty())
      continue;
    const auto [earlier, is_new] = first.emplace(name, variable);
    if (is_new)
      continue;
    // PATH=$(PATH):/opt appends to the value before it.
    if (variable["value"].string().find("$(" + std::string(name) + ")") == std::string_view::npos) {
      Hit hit;
      hit.at = variable["name"];
      hit.values = {{"name", std::string(name)}, {"container", std::string(place.container->name)}};
      if (document::equal(variable, earlier->second))
        hit.severity = finding::Severity::info;
      hit.related.push_back({earlier->second["name"], "first", nullptr, hit.values});
      reporter.report(std::move(hit));
    }
    earlier->second = variable;
  }
}

}  // namespace podcheck::lint
