// A read-only root file system and an image that writes where no volume is mounted.
#include <algorithm>

#include "lint/checks/pods.hpp"
#include "lint/checks/security/checks.hpp"
#include "lint/checks/security/known_image.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

bool is_below(std::string_view path, std::string_view mount) {
  while (mount.size() > 1 && mount.ends_with('/'))
    mount.remove_suffix(1);
  return mount == "/" || path == mount || (path.starts_with(mount) && path[mount.size()] == '/');
}

bool is_mounted(const kube::Container& container, std::string_view path) {
  const auto mounts = container.node["volumeMounts"].items();
  return std::any_of(mounts.begin(), mounts.end(),
                     [&](Node mount) { return is_below(path, mount["mountPath"].string()); });
}

bool is_writable(const kube::Container& container, std::string_view path) {
  for (Node mount : container.node["volumeMounts"].items())
    if (!mount["readOnly"].boolean().value_or(false) && is_below(path, mount["mountPath"].string()))
      return true;
  return false;
}

}  // namespace

void check_readonly_rootfs(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  const Node field = container.node["securityContext"]["readOnlyRootFilesystem"];
  if (field.boolean() != true || is_windows(container))
    return;
  // Another command than the image's own may write elsewhere, or nowhere.
  if (container.node["command"])
    return;
  const Node known = known_image(place.params()["images"], container);
  std::string missing;
  for (Node group : known["paths"].items()) {
    // Several spellings of one directory (/run, /var/run): one of them suffices.
    const bool writable = group.is_sequence() ? std::any_of(group.items().begin(), group.items().end(),
                                                            [&](Node p) { return is_writable(container, p.string()); })
                                              : is_writable(container, group.string());
    if (writable)
      continue;
    if (!missing.empty())
      missing += ", ";
    missing += group.is_sequence() ? group[0].string() : group.string();
  }
  if (missing.empty())
    return;
  Hit hit;
  // A configuration of one's own may send the files elsewhere.
  if (const Node config = known["config"]; config && is_mounted(container, config.string()))
    hit.severity = finding::Severity::info;
  hit.at = field;
  hit.values = {{"container", std::string(container.name)},
                {"image", std::string(container.node["image"].string())},
                {"paths", missing}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
