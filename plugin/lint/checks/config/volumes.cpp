// Volumes that nobody mounts, and host paths that may not be what they seem.
#include <algorithm>

#include "lint/checks/config/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

bool is_used(const kube::PodTemplate& pod, std::string_view volume) {
  for (const kube::Container& c : pod.containers)
    for (const char* field : {"volumeMounts", "volumeDevices"})
      for (Node mount : c.node[field].items())
        if (mount["name"].string() == volume)
          return true;
  return false;
}

// Ends like a file or a socket, or is a device.
bool is_file(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  return path.starts_with("/dev/") ||
         (dot != std::string_view::npos && dot > 0 && dot + 1 < name.size() && !name.ends_with(".d"));
}

}  // namespace

void check_volume_unused(const Place& place, Reporter& reporter) {
  for (Node volume : place.pod->spec["volumes"].items()) {
    if (!volume["name"].is_string() || is_used(*place.pod, volume["name"].string()))
      continue;
    Hit hit;
    hit.at = volume["name"];
    hit.values = {{"volume", std::string(volume["name"].string())}};
    reporter.report(std::move(hit));
  }
}

void check_hostpath_type_missing(const Place& place, Reporter& reporter) {
  for (Node volume : place.pod->spec["volumes"].items()) {
    const Node source = volume["hostPath"];
    if (!source["path"].is_string() || !source["type"].string().empty() || !is_file(source["path"].string()))
      continue;
    Hit hit;
    hit.at = source["path"];
    hit.values = {{"path", std::string(source["path"].string())}, {"volume", std::string(volume["name"].string())}};
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
