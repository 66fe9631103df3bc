#include "lint/checks/container/place.hpp"
#include "lint/checks/image/checks.hpp"
#include "lint/inputs/kustomize.hpp"

namespace podcheck::lint {

namespace {

// A kustomization writes another tag than the one that stands here.
bool is_retagged(const BundleObject& object, const kube::ImageReference& image, std::string_view text) {
  const std::size_t name = text.size() - (image.tag.empty() ? 0 : image.tag.size() + 1);
  return object.completion != nullptr && object.completion->images.count(text.substr(0, name)) != 0;
}

// What starts once does not drift from node to node, nor back on a roll-back.
bool starts_once(const BundleObject& object) {
  return object.object.kind == "Pod" || object.object.kind == "Job";
}

}  // namespace

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
    found = image->tag.empty() && !pinned && !is_retagged(*place.object, *image, node.string());
  } else if (when == "latest") {
    found = image->tag == "latest" && !pinned && !is_retagged(*place.object, *image, node.string());
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
  if ((when == "missing" || when == "latest") && starts_once(*place.object)) {
    hit.severity = finding::Severity::info;
  }
  hit.values = {{"image", node.text()},
                {"repository", std::string(image->repository)},
                {"tag", std::string(image->tag)},
                {"registry", image->registry()},
                {"container", std::string(place.container->name)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
