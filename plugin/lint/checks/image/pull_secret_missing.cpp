#include <algorithm>
#include <unordered_map>

#include "lint/checks/container/place.hpp"
#include "lint/checks/image/checks.hpp"
#include "lint/checks/image/pull_secrets.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

// A pod of the bundle that pulls with a secret: what shows that its registry wants a login.
struct Witness {
  Node at;  // its imagePullSecrets
  const BundleObject* object = nullptr;
};

// "namespace registry/account". On shared hosts (ghcr.io, docker.io) only the first part of the path says whose images
// these are; an image without one is an official image.
std::string account_of(const BundleObject& object, const kube::ImageReference& image) {
  std::size_t slash = image.path.find('/');
  if (slash == std::string_view::npos) {
    return "";
  }
  return object.namespace_ + " " + image.registry() + "/" + std::string(image.path.substr(0, slash));
}

void add_witnesses(const Place& place, const BundleObject& object, const kube::PodTemplate& pod,
                   std::unordered_map<std::string, Witness>& witnesses) {
  Node list = pod.spec["imagePullSecrets"];
  if (list.empty()) {
    return;
  }
  const BundleObject* secret = place.bundle.find("Secret", object.namespace_, list[0]["name"].string());
  std::vector<std::string> hosts = secret != nullptr ? docker_config(*secret).registries : std::vector<std::string>();
  std::vector<std::string> accounts;
  for (const kube::Container& container : pod.containers) {
    std::optional<kube::ImageReference> image = image_of(container);
    std::string account = image ? account_of(object, *image) : std::string();
    bool covered = std::any_of(hosts.begin(), hosts.end(),
                               [&](const std::string& host) { return image && kube::credentials_match(host, *image); });
    if (secret == nullptr) {
      accounts.push_back(account);
    } else if (covered && !account.empty()) {
      witnesses.try_emplace(account, Witness{list, &object});
    }
  }
  // Without the Secret at hand, only a pod whose images are all from one account tells what the secret is for.
  bool one_account = !accounts.empty() && !accounts[0].empty() &&
                     std::all_of(accounts.begin(), accounts.end(), [&](const auto& one) { return one == accounts[0]; });
  if (one_account) {
    witnesses.try_emplace(accounts[0], Witness{list, &object});
  }
}

const std::string* configured_private(const Settings& settings, const kube::ImageReference& image) {
  for (const std::string& registry : settings.private_registries) {
    if (kube::credentials_match(registry, image)) {
      return &registry;
    }
  }
  return nullptr;
}

// Nodes of some clouds log in to the registries of their cloud by themselves.
bool node_logs_in(const Place& place, const kube::ImageReference& image) {
  for (Node suffix : place.params()["node-login"].items()) {
    if (image.registry().ends_with(suffix.string())) {
      return true;
    }
  }
  return false;
}

void check_pod(const Place& place, const std::unordered_map<std::string, Witness>& witnesses, Reporter& reporter) {
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
    Hit hit;
    const std::string* configured = configured_private(place.settings, *image);
    std::string proof = configured != nullptr ? *configured : std::string();
    if (configured == nullptr) {
      auto found = witnesses.find(account_of(*place.object, *image));
      if (found == witnesses.end() || node_logs_in(place, *image)) {
        continue;
      }
      const BundleObject& other = *found->second.object;
      proof = std::string(other.object.kind) + "/" + std::string(other.object.name);
      hit.variant = "inferred";
      hit.related.push_back({found->second.at, "proof", &other});
    }
    reported.push_back(image->registry());
    hit.at = container.node["image"];
    hit.object = place.object;
    hit.values = {{"image", container.node["image"].text()},
                  {"registry", image->registry()},
                  {"proof", proof},
                  {"container", std::string(container.name)}};
    reporter.report(std::move(hit));
  }
}

}  // namespace

// params: {node-login: [host suffix]}
void check_image_pull_secret_missing(const Place& place, Reporter& reporter) {
  std::unordered_map<std::string, Witness> witnesses;
  for (const BundleObject& object : place.bundle.objects()) {
    for (const kube::PodTemplate& pod : object.pods) {
      add_witnesses(place, object, pod, witnesses);
    }
  }
  for (const BundleObject& object : place.bundle.objects()) {
    for (const kube::PodTemplate& pod : object.pods) {
      check_pod({place.bundle, place.settings, place.rule, &object, &pod, nullptr}, witnesses, reporter);
    }
  }
}

void check_image_pull_secret_empty(const Place& place, Reporter& reporter) {
  for (Node entry : place.pod->spec["imagePullSecrets"].items()) {
    if (entry.is_mapping() && entry["name"].string().empty() && !entry["name"].is_number()) {
      Hit hit;
      hit.at = entry["name"] && !entry["name"].is_null() ? entry["name"] : entry;
      reporter.report(std::move(hit));
    }
  }
}

}  // namespace podcheck::lint
