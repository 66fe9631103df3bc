#include "lint/substitution.hpp"

#include <algorithm>

namespace podcheck::lint {

bool is_substituted(const Bundle& bundle, document::Node text) {
  if (!text.is_string() || text.string().find("${") == std::string_view::npos)
    return false;
  const auto candidates = bundle.of_kind("Kustomization");
  return std::any_of(candidates.begin(), candidates.end(), [](const BundleObject* object) {
    return object->object.group == "kustomize.toolkit.fluxcd.io" && object->object.root["spec"]["postBuild"];
  });
}

}  // namespace podcheck::lint
