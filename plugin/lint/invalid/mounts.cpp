#include <set>

#include "catalogue/catalogue.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

bool known_volume(const PodContext& pod, std::string_view name) {
  return pod.volumes.count(name) != 0 || pod.claim_templates.count(name) != 0;
}

void unresolved(Faults& faults, const PodContext& pod, Node name) {
  std::vector<std::string> names;
  for (const auto& [known, node] : pod.volumes)
    names.emplace_back(known);
  for (const auto known : pod.claim_templates)
    names.emplace_back(known);
  const std::string near = catalogue::nearest(name.string(), names);
  std::string all;
  for (const std::string& known : names)
    all.append(all.empty() ? "" : ", ").append(known);
  const char* variant = !near.empty() ? "suggest" : names.empty() ? "none" : "";
  Hit& hit = faults.value("volume-mount-unresolved", variant, name, {{"suggestion", near}, {"volumes", all}});
  if (!near.empty())
    hit.changes.push_back({Hit::Change::Kind::replace_value, name, {}, near});
  if (const Node volumes = get(pod.spec, "volumes"))
    hit.related.push_back({volumes, "volumes", nullptr, {}});
}

void check_mount(Faults& faults, const PodContext& pod, Node container, Node mount, std::set<std::string_view>& paths) {
  if (const Node name = required(faults, "volume-mount-invalid", mount, "name");
      name.is_string() && !known_volume(pod, name.string()))
    unresolved(faults, pod, name);
  if (const Node path = required(faults, "volume-mount-invalid", mount, "mountPath");
      path.is_string() && !paths.insert(path.string()).second)
    faults.value("mountpath-duplicate", "", path);
  const Node sub_path = get(mount, "subPath");
  const Node expression = get(mount, "subPathExpr");
  relative_path(faults, "volume-mount-invalid", sub_path);
  relative_path(faults, "volume-mount-invalid", expression);
  if (!string_or(sub_path, "").empty() && !string_or(expression, "").empty())
    not_with(faults, "volume-mount-invalid", expression, "subPath");
  const Node propagation = get(mount, "mountPropagation");
  choice(faults, "volume-mount-invalid", propagation, {"Bidirectional", "HostToContainer", "None"}, true);
  if (propagation.string() == "Bidirectional" && !is_true(get(get(container, "securityContext"), "privileged")))
    only_with(faults, "volume-mount-invalid", propagation, "securityContext.privileged: true");
  const Node recursive = get(mount, "recursiveReadOnly");
  choice(faults, "volume-mount-invalid", recursive, {"Disabled", "Enabled", "IfPossible"}, true);
  if (recursive.string() == "Enabled" || recursive.string() == "IfPossible") {
    if (!is_true(get(mount, "readOnly")))
      only_with(faults, "volume-mount-invalid", recursive, "readOnly: true");
    if (propagation && propagation.string() != "None")
      not_with(faults, "volume-mount-invalid", recursive, "mountPropagation: " + propagation.text());
  }
}

}  // namespace

void check_mounts(Faults& faults, const PodContext& pod, Node container) {
  std::set<std::string_view> paths, mounted;
  for (const Node mount : get(container, "volumeMounts").items()) {
    if (!is_struct(mount))
      continue;
    mounted.insert(get(mount, "name").string());
    check_mount(faults, pod, container, mount, paths);
  }
  std::set<std::string_view> device_paths, devices;
  for (const Node device : get(container, "volumeDevices").items()) {
    if (!is_struct(device))
      continue;
    const Node name = required(faults, "volume-device-invalid", device, "name");
    if (name.is_string()) {
      const auto volume = pod.volumes.find(name.string());
      if (!known_volume(pod, name.string()))
        unresolved(faults, pod, name);
      else if (volume != pod.volumes.end() && !get(volume->second, "persistentVolumeClaim") &&
               !get(volume->second, "ephemeral"))
        faults.value("volume-device-invalid", "source", name);
      if (mounted.count(name.string()) != 0)
        not_with(faults, "volume-device-invalid", name, "volumeMounts");
      if (!devices.insert(name.string()).second)
        faults.value("volume-device-invalid", "duplicate", name);
    }
    const Node path = required(faults, "volume-device-invalid", device, "devicePath");
    if (path.is_string()) {
      if (!device_paths.insert(path.string()).second || paths.count(path.string()) != 0)
        faults.value("volume-device-invalid", "duplicate", path);
      no_backsteps(faults, "volume-device-invalid", path);
    }
    const auto users = get(pod.spec, "hostUsers").boolean();
    if (users && !*users)
      not_with(faults, "volume-device-invalid", device, "hostUsers: false");
  }
}

}  // namespace podcheck::lint::invalid
