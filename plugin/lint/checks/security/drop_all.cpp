// All capabilities dropped from an image whose entry point begins as root and then changes user.
#include <algorithm>

#include "lint/checks/pods.hpp"
#include "lint/checks/security/checks.hpp"
#include "lint/checks/security/known_image.hpp"

namespace podcheck::lint {

using document::Node;

void check_drop_all_breaks_image(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  const Node capabilities = container.node["securityContext"]["capabilities"];
  Node all;
  for (Node dropped : capabilities["drop"].items())
    if (dropped.string() == "ALL" || dropped.string() == "all")
      all = dropped;
  if (!all || container.node["command"])
    return;
  if (effective_security(container, "runAsUser").integer().value_or(0) != 0)
    return;
  const Node known = known_image(place.params()["images"], container);
  std::string missing;
  for (Node needed : known["needs"].items()) {
    const auto added = capabilities["add"].items();
    if (std::any_of(added.begin(), added.end(),
                    [&](Node a) { return a.string() == needed.string() || a.string() == "ALL"; }))
      continue;
    if (!missing.empty())
      missing += ", ";
    missing += needed.string();
  }
  if (missing.empty())
    return;
  Hit hit;
  hit.at = all;
  hit.values = {{"container", std::string(container.name)},
                {"image", std::string(container.node["image"].string())},
                {"capabilities", missing}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
