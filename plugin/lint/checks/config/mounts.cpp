// What a mount does to the directory that it covers.
#include <algorithm>
#include <array>

#include "kube/references.hpp"
#include "lint/checks/config/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

std::string_view trimmed(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/'))
    path.remove_suffix(1);
  return path;
}

Node volume_of(const Place& place, Node mount) {
  for (Node volume : place.pod->spec["volumes"].items())
    if (volume["name"].string() == mount["name"].string() && mount["name"].is_string())
      return volume;
  return {};
}

bool mounted_by_init(const Place& place, std::string_view volume) {
  return std::any_of(place.pod->containers.begin(), place.pod->containers.end(), [&](const kube::Container& c) {
    if (c.role != kube::ContainerRole::init && c.role != kube::ContainerRole::sidecar)
      return false;
    const auto mounts = c.node["volumeMounts"].items();
    return std::any_of(mounts.begin(), mounts.end(), [&](Node m) { return m["name"].string() == volume; });
  });
}

// A command or argument below the directory: the volume is where the program comes from.
bool started_from(const kube::Container& container, std::string_view directory) {
  for (const char* field : {"command", "args"})
    for (Node word : container.node[field].items())
      if (word.string().find(directory) != std::string_view::npos)
        return true;
  return container.node["workingDir"].string().starts_with(directory);
}

bool is_listed(Node list, std::string_view path) {
  const auto items = list.items();
  return std::any_of(items.begin(), items.end(), [&](Node item) { return item.string() == path; });
}

}  // namespace

void check_mount_hides_app(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  for (Node mount : container.node["volumeMounts"].items()) {
    const std::string_view path = trimmed(mount["mountPath"].string());
    const bool system = is_listed(place.params()["system"], path);
    const bool app = is_listed(place.params()["application"], path);
    if ((!system && !app) || !mount["subPath"].string().empty() || !mount["subPathExpr"].string().empty())
      continue;
    const Node volume = volume_of(place, mount);
    const char* kind = volume["configMap"]  ? "ConfigMap"
                       : volume["secret"]   ? "Secret"
                       : volume["emptyDir"] ? "emptyDir"
                                            : nullptr;
    if (kind == nullptr || mounted_by_init(place, volume["name"].string()))
      continue;
    // The program of the image is hidden only where the image's own command is used.
    if (app && (container.node["command"] || started_from(container, path)))
      continue;
    Hit hit;
    hit.at = mount["mountPath"];
    hit.values = {{"path", std::string(path)},
                  {"container", std::string(container.name)},
                  {"kind", kind},
                  {"volume", std::string(volume["name"].string())}};
    hit.related.push_back({volume["name"], "volume", nullptr, hit.values});
    reporter.report(std::move(hit));
  }
}

void check_mount_file_without_subpath(const Place& place, Reporter& reporter) {
  for (Node mount : place.container->node["volumeMounts"].items()) {
    if (mount["subPath"] || mount["subPathExpr"])
      continue;
    const std::string_view path = trimmed(mount["mountPath"].string());
    const std::string_view file = path.substr(path.rfind('/') + 1);
    // Directories are named like this too, unless they end like a file.
    if (file.find('.', 1) == std::string_view::npos)
      continue;
    const Node volume = volume_of(place, mount);
    const Node source = volume["configMap"] ? volume["configMap"] : volume["secret"];
    if (!source)
      continue;
    std::vector<std::string_view> files;
    for (Node item : source["items"].items())
      files.push_back(item["path"].string());
    const BundleObject* object = nullptr;
    if (files.empty()) {
      const std::string_view kind = volume["configMap"] ? "ConfigMap" : "Secret";
      object = place.bundle.find(kind, place.object->namespace_,
                                 (volume["configMap"] ? source["name"] : source["secretName"]).string());
      if (object == nullptr)
        continue;
      files = kube::data_keys(object->object);
    }
    if (std::find(files.begin(), files.end(), file) == files.end())
      continue;
    Hit hit;
    hit.at = mount["mountPath"];
    hit.values = {{"path", std::string(path)},
                  {"file", std::string(file)},
                  {"container", std::string(place.container->name)},
                  {"volume", std::string(volume["name"].string())}};
    hit.related.push_back({volume["name"], "volume", nullptr, hit.values});
    if (!mount.shared())
      hit.changes.push_back({Hit::Change::Kind::insert_member, mount, "subPath", std::string(file)});
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
