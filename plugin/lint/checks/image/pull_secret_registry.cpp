#include <algorithm>

#include "lint/checks/container/place.hpp"
#include "lint/checks/image/checks.hpp"
#include "lint/checks/image/pull_secrets.hpp"

namespace podcheck::lint {

namespace {

// Registries and repositories that answer without a login; an image there needs no secret.
bool is_public(const Place& place, const kube::ImageReference& image) {
  std::string repository = image.canonical_repository();
  for (document::Node prefix : place.params()["public"].items()) {
    if (repository.starts_with(prefix.string())) {
      return true;
    }
  }
  return false;
}

bool configured_private(const Place& place, const kube::ImageReference& image) {
  return std::any_of(place.settings.private_registries.begin(), place.settings.private_registries.end(),
                     [&](const std::string& registry) { return kube::credentials_match(registry, image); });
}

}  // namespace

// All of a pod's pull secrets are known, and none is for the registry of one of its images.
void check_image_pull_secret_registry(const Place& place, Reporter& reporter) {
  PullSecrets known = pull_secrets(place);
  std::vector<std::string> registries;
  for (const PullSecret& used : known.secrets) {
    if (used.secret == nullptr) {
      return;
    }
    DockerConfig config = docker_config(*used.secret);
    if (config.fault != DockerConfig::Fault::none) {
      return;
    }
    registries.insert(registries.end(), config.registries.begin(), config.registries.end());
  }
  if (registries.empty()) {
    return;
  }
  auto covered = [&](const kube::ImageReference& image) {
    return std::any_of(registries.begin(), registries.end(),
                       [&](const std::string& key) { return kube::credentials_match(key, image); });
  };
  bool any_covered =
      std::any_of(place.pod->containers.begin(), place.pod->containers.end(), [&](const auto& container) {
        std::optional<kube::ImageReference> image = image_of(container);
        return image && covered(*image);
      });
  std::string hosts;
  for (const std::string& registry : registries) {
    hosts += (hosts.empty() ? "" : ", ") + kube::registry_host(registry);
  }
  std::vector<std::string> reported;
  for (const kube::Container& container : place.pod->containers) {
    std::optional<kube::ImageReference> image = image_of(container);
    if (!image || covered(*image) || is_public(place, *image)) {
      continue;
    }
    bool certain = configured_private(place, *image);
    // When the secrets serve another image of the pod, this one may well be public.
    if (!certain && (any_covered || std::find(reported.begin(), reported.end(), image->registry()) != reported.end())) {
      continue;
    }
    reported.push_back(image->registry());
    Hit hit;
    hit.at = container.node["image"];
    hit.values = {{"image", container.node["image"].text()},
                  {"registry", image->registry()},
                  {"secret", std::string(known.secrets.front().name)},
                  {"hosts", hosts},
                  {"container", std::string(container.name)}};
    if (!certain) {
      hit.severity = finding::Severity::warning;
    }
    hit.related.push_back({known.secrets.front().reference, "reference", known.secrets.front().owner});
    hit.related.push_back(
        {known.secrets.front().secret->object.root["metadata"]["name"], "secret", known.secrets.front().secret});
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
