// Which registries a pull secret is for. Credentials are never stored: only the names of the members below `auths` are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"

namespace podcheck::cluster {

// Where a captured bundle keeps the hosts of a Secret whose data was left out, separated by commas.
inline constexpr std::string_view registry_hosts_annotation = "podcheck.dev/registry-hosts";

// From the data of a Secret of type kubernetes.io/dockerconfigjson or kubernetes.io/dockercfg, or from the annotation
// above: "registry.example.com:5000", "docker.io", "ghcr.io/team", sorted. nullopt when neither is there or it does not
// parse.
std::optional<std::vector<std::string>> registry_hosts(document::Node secret);

// From the text of a .dockerconfigjson (`legacy`: .dockercfg, without `auths` around it). The text is overwritten.
std::optional<std::vector<std::string>> registry_hosts_of_config(std::string& config, bool legacy);

// "https://index.docker.io/v1/" → "docker.io"; "REG.example.com:443/" → "reg.example.com:443".
std::string normalise_registry(std::string_view server);

// Standard base64 with padding; nullopt when it is not.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace podcheck::cluster
