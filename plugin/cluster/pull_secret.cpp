#include "cluster/pull_secret.hpp"

#include <algorithm>

#include "document/document.hpp"
#include "document/projection.hpp"

namespace podcheck::cluster {

using document::Node;

namespace {

void wipe(std::string& text) {
  volatile char* bytes = text.data();
  for (std::size_t i = 0; i < text.size(); ++i) {
    bytes[i] = 0;
  }
  text.clear();
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    std::size_t comma = text.find(',');
    if (comma != 0) {
      parts.emplace_back(text.substr(0, comma));
    }
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return parts;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (!text.empty() && (text.back() == '=' || text.back() == '\n' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (char c : text) {
    if (c == '\n' || c == '\r') {
      continue;
    }
    std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    buffer = (buffer << 6 | static_cast<std::uint32_t>(value)) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(buffer >> bits & 0xff);
    }
  }
  return bytes;
}

std::string normalise_registry(std::string_view server) {
  for (std::string_view scheme : {"https://", "http://"}) {
    if (server.starts_with(scheme)) {
      server.remove_prefix(scheme.size());
    }
  }
  while (server.ends_with('/')) {
    server.remove_suffix(1);
  }
  for (std::string_view version : {"/v1", "/v2"}) {
    if (server.ends_with(version)) {
      server.remove_suffix(version.size());
    }
  }
  std::string host(server);
  std::transform(host.begin(), host.begin() + static_cast<std::ptrdiff_t>(std::min(host.find('/'), host.size())),
                 host.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (host == "index.docker.io" || host == "registry-1.docker.io" || host == "registry.hub.docker.com") {
    return "docker.io";
  }
  return host;
}

std::optional<std::vector<std::string>> registry_hosts_of_config(std::string& config, bool legacy) {
  // No member of an entry has this name, so of an entry nothing but its own name is read.
  static const document::Projection modern({"auths.*.-"});
  static const document::Projection old({"*.-"});
  document::Tree tree;
  std::string error;
  bool readable = document::parse_json(config, tree, error, legacy ? &old : &modern);
  wipe(config);
  Node entries = legacy ? tree.root() : tree.root()["auths"];
  if (!readable || !entries.is_mapping()) {
    return std::nullopt;
  }
  std::vector<std::string> hosts;
  for (const document::Member& entry : entries.members()) {
    hosts.push_back(normalise_registry(entry.key));
  }
  std::sort(hosts.begin(), hosts.end());
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  return hosts;
}

std::optional<std::vector<std::string>> registry_hosts(Node secret) {
  if (Node kept = secret["metadata"]["annotations"][registry_hosts_annotation]) {
    return split_commas(kept.string());
  }
  for (bool legacy : {false, true}) {
    Node encoded = secret["data"][legacy ? ".dockercfg" : ".dockerconfigjson"];
    if (!encoded.string().empty()) {
      std::optional<std::string> config = decode_base64(encoded.string());
      return config ? registry_hosts_of_config(*config, legacy) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace podcheck::cluster
