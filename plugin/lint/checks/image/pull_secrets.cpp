#include "lint/checks/image/pull_secrets.hpp"

#include <array>

namespace podcheck::lint {

using document::Node;

namespace {

void add_secrets(const Place& place, const BundleObject& owner, Node list, std::vector<PullSecret>& secrets) {
  for (Node entry : list.items()) {
    Node name = entry["name"];
    if (!name.string().empty()) {
      secrets.push_back(
          {name, name.string(), &owner, place.bundle.find("Secret", place.object->namespace_, name.string())});
    }
  }
}

}  // namespace

PullSecrets pull_secrets(const Place& place) {
  PullSecrets found;
  add_secrets(place, *place.object, place.pod->spec["imagePullSecrets"], found.secrets);
  if (!found.secrets.empty()) {
    found.complete = true;
    return found;
  }
  std::string_view account_name = place.pod->spec["serviceAccountName"].string();
  if (account_name.empty()) {
    account_name = place.pod->spec["serviceAccount"].string("default");
  }
  const BundleObject* account =
      place.bundle.find("ServiceAccount", place.object->namespace_, account_name.empty() ? "default" : account_name);
  if (account != nullptr) {
    found.complete = true;
    add_secrets(place, *account, account->object.root["imagePullSecrets"], found.secrets);
  }
  return found;
}

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  unsigned bits = 0;
  unsigned held = 0;
  std::size_t symbols = 0;
  std::size_t padding = 0;
  for (char c : text) {
    if (c == '\n' || c == '\r') {
      continue;
    }
    if (c == '=') {
      ++padding;
      continue;
    }
    std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos || padding != 0) {
      return std::nullopt;
    }
    ++symbols;
    bits = (bits << 6U | static_cast<unsigned>(value)) & 0xFFFFFFU;
    held += 6;
    if (held >= 8) {
      held -= 8;
      result += static_cast<char>(bits >> held & 0xFFU);
    }
  }
  if ((symbols + padding) % 4 != 0 || padding > 2) {
    return std::nullopt;
  }
  return result;
}

DockerConfig docker_config(const BundleObject& secret) {
  DockerConfig config;
  Node root = secret.object.root;
  config.type = root["type"].string("Opaque");
  bool legacy = config.type == "kubernetes.io/dockercfg";
  if (!legacy && config.type != "kubernetes.io/dockerconfigjson") {
    config.fault = DockerConfig::Fault::type;
    config.at = root["type"] ? root["type"] : root["metadata"]["name"];
    return config;
  }
  const char* key = legacy ? ".dockercfg" : ".dockerconfigjson";
  Node plain = root["stringData"][key];
  Node encoded = root["data"][key];
  std::string text(plain.string());
  config.at = plain ? plain : encoded;
  if (!plain && !encoded) {
    config.fault = DockerConfig::Fault::key;
    config.at = root["metadata"]["name"];
    return config;
  }
  if (!plain) {
    std::optional<std::string> decoded = decode_base64(encoded.string());
    if (!decoded) {
      config.fault = DockerConfig::Fault::base64;
      return config;
    }
    text = std::move(*decoded);
  }
  document::Tree tree;
  std::string error;
  if (!document::parse_json(text, tree, error) || !tree.root().is_mapping()) {
    config.fault = DockerConfig::Fault::json;
    return config;
  }
  Node auths = legacy ? tree.root() : tree.root()["auths"];
  if (!auths.is_mapping() || auths.empty()) {
    config.fault = DockerConfig::Fault::auths;
    return config;
  }
  for (const document::Member& member : auths.members()) {
    config.registries.emplace_back(member.key);
  }
  return config;
}

}  // namespace podcheck::lint
