#include "lint/checks/security/known_image.hpp"

#include "kube/image.hpp"

namespace podcheck::lint {

document::Node known_image(document::Node images, const kube::Container& container) {
  const auto reference = kube::parse_image(container.node["image"].string());
  if (!reference)
    return {};
  const std::string repository = reference->canonical_repository();
  for (document::Node entry : images.items()) {
    const std::string_view name = entry["image"].string();
    if (name.empty())
      continue;
    if (name.find('/') == std::string_view::npos ? repository == "docker.io/library/" + std::string(name)
                                                 : repository == name)
      return entry;
  }
  return {};
}

}  // namespace podcheck::lint
