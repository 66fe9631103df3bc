// A container that is not root writes to a fresh volume whose root directory belongs to root.
#include <algorithm>

#include "lint/checks/pods.hpp"
#include "lint/checks/security/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

bool has_mode(Node access_modes, std::string_view mode) {
  for (Node item : access_modes.items())
    if (item.string() == mode)
      return true;
  return false;
}

// The claim behind a volume of the pod: a template of the StatefulSet, a generic ephemeral volume, or one of the input.
Node claim_of(const Place& place, std::string_view volume) {
  for (Node item : place.object->object.root["spec"]["volumeClaimTemplates"].items())
    if (item["metadata"]["name"].string() == volume)
      return item["spec"];
  for (Node item : place.pod->spec["volumes"].items()) {
    if (item["name"].string() != volume)
      continue;
    if (const Node ephemeral = item["ephemeral"]["volumeClaimTemplate"]["spec"])
      return ephemeral;
    const std::string_view claim = item["persistentVolumeClaim"]["claimName"].string();
    if (item["persistentVolumeClaim"]["readOnly"].boolean().value_or(false))
      return {};
    if (const BundleObject* found = place.bundle.find("PersistentVolumeClaim", place.object->namespace_, claim))
      return found->object.root["spec"];
  }
  return {};
}

// A container that may prepare the volume: it mounts it and is not known to be another user than root.
bool is_prepared(const Place& place, std::string_view volume) {
  for (const kube::Container& c : place.pod->containers) {
    if (c.role != kube::ContainerRole::init)
      continue;
    if (effective_security(c, "runAsUser").integer().value_or(0) != 0)
      continue;
    for (Node mount : c.node["volumeMounts"].items())
      if (mount["name"].string() == volume)
        return true;
  }
  return false;
}

}  // namespace

void check_fsgroup_missing(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  const Node user = effective_security(container, "runAsUser");
  if (user.integer().value_or(0) == 0 || is_windows(container))
    return;
  const Node pod_context = place.pod->spec["securityContext"];
  if (pod_context["fsGroup"].integer() || !pod_context["supplementalGroups"].empty())
    return;
  // Group root may write where the directory's group may.
  if (effective_security(container, "runAsGroup").integer() == 0)
    return;
  for (Node mount : container.node["volumeMounts"].items()) {
    if (mount["readOnly"].boolean().value_or(false))
      continue;
    const std::string_view volume = mount["name"].string();
    const Node claim = claim_of(place, volume);
    // Network file systems keep their own owners; fsGroup is not applied to them.
    if (!claim || has_mode(claim["accessModes"], "ReadWriteMany") || has_mode(claim["accessModes"], "ReadOnlyMany"))
      continue;
    if (is_prepared(place, volume))
      continue;
    Hit hit;
    hit.at = mount;
    hit.values = {{"container", std::string(container.name)},
                  {"user", user.text()},
                  {"volume", std::string(volume)},
                  {"path", std::string(mount["mountPath"].string())}};
    hit.at = mount["name"];
    hit.related.push_back({user, "user", nullptr, hit.values});
    if (pod_context.is_mapping() && !pod_context.shared())
      hit.changes.push_back({Hit::Change::Kind::insert_member, pod_context, "fsGroup", user.text()});
    else if (!pod_context && !place.pod->spec.shared())
      hit.changes.push_back(
          {Hit::Change::Kind::insert_member, place.pod->spec, "securityContext", "{fsGroup: " + user.text() + "}"});
    reporter.report(std::move(hit));
    return;
  }
}

}  // namespace podcheck::lint
