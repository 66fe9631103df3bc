// What the configuration and the command line say to the engine and to checks; see schemas/config.schema.json.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"
#include "finding/finding.hpp"

namespace podcheck::lint {

constexpr int oldest_kubernetes_minor = 28;
constexpr int newest_kubernetes_minor = 36;
// "1.33", "v1.33" or "1.33.2" to 33; nullopt for anything else, and outside of what podcheck knows.
std::optional<int> kubernetes_minor_from(std::string_view text);

// A kind of node the cluster has, for the rules that ask "does it fit anywhere?".
struct NodeProfile {
  document::Node node;  // {cpu, memory, pods, labels, taints, count}
};

struct Settings {
  int kubernetes_minor = 36;   // --kubernetes-version 1.36
  bool closed_bundle = false;  // every reference must resolve within the input
  std::string default_namespace = "default";
  std::vector<std::string> private_registries;  // hosts or host/path prefixes
  std::vector<std::string> known_external;      // "ConfigMap/ca-bundle", "Secret/*", "ServiceAccount/vault"
  std::vector<NodeProfile> nodes;
  bool is_known_external(std::string_view kind, std::string_view name) const;
};

}  // namespace podcheck::lint
