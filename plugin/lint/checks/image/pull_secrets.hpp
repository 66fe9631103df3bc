// The credentials that a pod pulls its images with, as far as the bundle shows them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/check.hpp"

namespace podcheck::lint {

struct PullSecret {
  document::Node reference;  // the `name` in imagePullSecrets
  std::string_view name;
  const BundleObject* owner = nullptr;   // the pod's object or its ServiceAccount
  const BundleObject* secret = nullptr;  // nullptr: not in the bundle
};

struct PullSecrets {
  std::vector<PullSecret> secrets;
  // The ServiceAccount is in the bundle (or the pod's own list is all that counts, because it is not empty).
  bool complete = false;
};

// The pod's own list, or without one that of its ServiceAccount, as admission copies it.
PullSecrets pull_secrets(const Place& place);

// What a Secret holds, without its credentials.
struct DockerConfig {
  enum class Fault : std::uint8_t { none, type, key, base64, json, auths } fault = Fault::none;
  std::string_view type;                // as written
  document::Node at;                    // what is wrong: the type, the key's value, or the Secret's metadata.name
  std::vector<std::string> registries;  // keys of `auths`
};
DockerConfig docker_config(const BundleObject& secret);

std::optional<std::string> decode_base64(std::string_view text);

}  // namespace podcheck::lint
