#include "lint/custom_resources.hpp"

#include "lint/schema/types.hpp"

namespace podcheck::lint {

void describe_custom_resources(Bundle& bundle) {
  const auto definitions = bundle.of_kind("CustomResourceDefinition");
  if (definitions.empty()) {
    return;
  }
  auto types = std::make_shared<schema::Types>();
  for (const BundleObject* definition : definitions) {
    types->add_crd(definition->object.root);
  }
  bundle.set_custom_types(std::move(types));
}

}  // namespace podcheck::lint
