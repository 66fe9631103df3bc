#include "lint/checks/container/place.hpp"
#include "lint/checks/image/checks.hpp"

namespace podcheck::lint {

// params: {when: missing | latest | digest-too | unqualified | never-pulled | latest-cached}
void check_image_tag(const Place& place, Reporter& reporter) {
  std::optional<kube::ImageReference> image = image_of(*place.container);
  if (!image) {
    return;
  }
  document::Node node = place.container->node["image"];
  document::Node policy = place.container->node["imagePullPolicy"];
  std::string_view when = place.params()["when"].string();
  bool pinned = !image->digest.empty();
  Hit hit;
  hit.at = node;
  bool found = false;
  if (when == "missing") {
    found = image->tag.empty() && !pinned;
  } else if (when == "latest") {
    found = image->tag == "latest" && !pinned;
  } else if (when == "digest-too") {
    found = !image->tag.empty() && pinned;
  } else if (when == "unqualified") {
    found = image->domain.empty();
  } else if (when == "never-pulled") {
    found = policy.string() == "Never" && !image->domain.empty() && image->domain != "localhost";
    hit.at = policy;
  } else if (when == "latest-cached") {
    found = image->follows_latest() && policy.string() == "IfNotPresent";
    hit.at = policy;
    hit.related.push_back({node, "image"});
    hit.changes.push_back({Hit::Change::Kind::replace_value, policy, "", scalar_like(policy, "Always")});
  }
  if (!found) {
    return;
  }
  hit.values = {{"image", node.text()},
                {"repository", std::string(image->repository)},
                {"tag", std::string(image->tag)},
                {"registry", image->registry()},
                {"container", std::string(place.container->name)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
