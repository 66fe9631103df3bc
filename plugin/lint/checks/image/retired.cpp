#include "lint/checks/container/place.hpp"
#include "lint/checks/image/checks.hpp"

namespace podcheck::lint {

// params: {retired: [{repository: host/path/, replacement: host/path/ , severity, since, versioned, source}]}; the
// first that matches holds, and `kept: true` is an exception from a wider one below it
void check_image_registry_retired(const Place& place, Reporter& reporter) {
  std::optional<kube::ImageReference> image = image_of(*place.container);
  if (!image) {
    return;
  }
  document::Node hint = image_hint(place.params()["retired"], *image);
  bool versioned_only = hint["versioned"].boolean().value_or(false);
  if (!hint || hint["kept"].boolean().value_or(false) ||
      (versioned_only && (image->follows_latest() || !image->digest.empty()))) {
    return;
  }
  document::Node node = place.container->node["image"];
  std::string_view old_prefix = hint["repository"].string();
  std::string_view new_prefix = hint["replacement"].string();
  Hit hit;
  hit.at = node;
  hit.severity = finding::severity_from(hint["severity"].string());
  hit.variant = new_prefix.empty() ? "gone" : "moved";
  std::string replacement;
  if (!new_prefix.empty()) {
    replacement = std::string(new_prefix) + image->canonical_repository().substr(old_prefix.size());
    std::string text = replacement + node.text().substr(image->repository.size());
    if (hint["same-content"].boolean().value_or(false)) {
      hit.changes.push_back({Hit::Change::Kind::replace_value, node, "", scalar_like(node, text)});
    }
  }
  hit.values = {{"image", node.text()},
                {"repository", std::string(image->repository)},
                {"replacement", replacement},
                {"since", hint["since"].text()},
                {"source", hint["source"].text()},
                {"container", std::string(place.container->name)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
