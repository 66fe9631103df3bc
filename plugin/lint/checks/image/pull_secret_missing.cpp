#include <algorithm>

#include "lint/checks/container/place.hpp"
#include "lint/checks/image/checks.hpp"
#include "lint/checks/image/pull_secrets.hpp"

namespace podcheck::lint {

namespace {

struct Proof {
  const char* variant = nullptr;
  std::string why;  // the configured entry, or the workload that proves it
  document::Node at;
  const BundleObject* object = nullptr;
};

bool same_account(const kube::ImageReference& a, const kube::ImageReference& b) {
  if (a.registry() != b.registry()) {
    return false;
  }
  // On shared hosts (ghcr.io, docker.io) only the first part of the path says whose images these are.
  return a.path.substr(0, a.path.find('/')) == b.path.substr(0, b.path.find('/')) &&
         a.path.find('/') != std::string_view::npos;
}

// Another pod of the namespace pulls from the same registry and account, with a secret that is for that registry.
Proof other_pod_with_secret(const Place& place, const kube::ImageReference& image) {
  for (const BundleObject& other : place.bundle.objects()) {
    if (other.namespace_ != place.object->namespace_ || &other == place.object) {
      continue;
    }
    for (const kube::PodTemplate& pod : other.pods) {
      document::Node list = pod.spec["imagePullSecrets"];
      if (list.empty()) {
        continue;
      }
      bool same = false;
      bool only = !pod.containers.empty();
      for (const kube::Container& container : pod.containers) {
        std::optional<kube::ImageReference> theirs = image_of(container);
        bool matches = theirs && same_account(*theirs, image);
        same = same || matches;
        only = only && matches;
      }
      const BundleObject* secret = place.bundle.find("Secret", other.namespace_, list[0]["name"].string());
      bool for_it = only;
      if (secret != nullptr) {
        for_it = false;
        for (const std::string& key : docker_config(*secret).registries) {
          for_it = for_it || kube::credentials_match(key, image);
        }
      }
      if (same && for_it) {
        return {"inferred", std::string(other.object.kind) + "/" + std::string(other.object.name), list, &other};
      }
    }
  }
  return {};
}

Proof proof_of_private(const Place& place, const kube::ImageReference& image) {
  for (const std::string& registry : place.settings.private_registries) {
    if (kube::credentials_match(registry, image)) {
      return {"", registry, {}, nullptr};
    }
  }
  // Nodes of these clouds log in by themselves.
  for (document::Node suffix : place.params()["node-login"].items()) {
    if (image.registry().ends_with(suffix.string())) {
      return {};
    }
  }
  return other_pod_with_secret(place, image);
}

}  // namespace

void check_image_pull_secret_missing(const Place& place, Reporter& reporter) {
  if (!pull_secrets(place).secrets.empty()) {
    return;
  }
  std::vector<std::string> reported;
  for (const kube::Container& container : place.pod->containers) {
    std::optional<kube::ImageReference> image = image_of(container);
    if (!image || kube::image_pull_policy(container) == "Never" ||
        std::find(reported.begin(), reported.end(), image->registry()) != reported.end()) {
      continue;
    }
    Proof proof = proof_of_private(place, *image);
    if (proof.variant == nullptr) {
      continue;
    }
    reported.push_back(image->registry());
    Hit hit;
    hit.at = container.node["image"];
    hit.variant = proof.variant;
    hit.values = {{"image", container.node["image"].text()},
                  {"registry", image->registry()},
                  {"proof", proof.why},
                  {"container", std::string(container.name)}};
    if (proof.object != nullptr) {
      hit.related.push_back({proof.at, "proof", proof.object});
    }
    reporter.report(std::move(hit));
  }
}

void check_image_pull_secret_empty(const Place& place, Reporter& reporter) {
  for (document::Node entry : place.pod->spec["imagePullSecrets"].items()) {
    if (entry.is_mapping() && entry["name"].string().empty() && !entry["name"].is_number()) {
      Hit hit;
      hit.at = entry["name"] && !entry["name"].is_null() ? entry["name"] : entry;
      reporter.report(std::move(hit));
    }
  }
}

}  // namespace podcheck::lint
