// runAsNonRoot against the user that the container gets.
#include "lint/checks/pods.hpp"
#include "lint/checks/security/checks.hpp"
#include "lint/checks/security/known_image.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

// The effective runAsNonRoot when it is true; missing otherwise, and for Windows pods, where it works differently.
Node demanded(const kube::Container& container) {
  if (is_windows(container))
    return {};
  const Node field = effective_security(container, "runAsNonRoot");
  return field.boolean() == true ? field : Node();
}

}  // namespace

void check_run_as_root_with_nonroot(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  const Node demand = demanded(container);
  const Node user = effective_security(container, "runAsUser");
  if (!demand || user.integer() != 0)
    return;
  Hit hit;
  hit.at = user;
  hit.values = {{"container", std::string(container.name)}};
  hit.related.push_back({demand, "demand", nullptr, hit.values});
  reporter.report(std::move(hit));
}

void check_run_as_nonroot_unverifiable(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  const Node demand = demanded(container);
  if (!demand || effective_security(container, "runAsUser").integer())
    return;
  Hit hit;
  hit.at = demand;
  hit.values = {{"container", std::string(container.name)}, {"image", std::string(container.node["image"].string())}};
  if (const Node known = known_image(place.params()["images"], container)) {
    hit.variant = known["user"].string() == "root" ? "root" : "named";
    hit.values.emplace_back("user", std::string(known["user"].string()));
  } else {
    hit.severity = finding::Severity::info;
  }
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
