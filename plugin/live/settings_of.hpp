// The environment that a container gets, with where each value comes from, and the files that volumes put before it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "live/cause.hpp"
#include "live/facts.hpp"

namespace podcheck::live {

struct Variable {
  std::string name;
  std::string value;              // empty when it is not known
  bool known = false;             // the value is known (literal, or from a readable ConfigMap)
  std::string path;               // "spec.containers[0].env[1]"
  std::string source;             // "ConfigMap/web key mode", "Secret/db key url"; empty for a literal
  std::string object;             // "ConfigMap/web"
  bool trailing_newline = false;  // the value's bytes end with a line break
};

// In the order in which Kubernetes fills them: envFrom first, then env.
std::vector<Variable> variables_of(Patient& patient, const ContainerFacts& container);

// The mount that a path lies on.
struct Mounted {
  document::Node mount;  // missing when the path is on the image's own file system
  document::Node volume;
  std::string path;  // "spec.containers[0].volumeMounts[1]"
  std::string mount_path;
  std::string volume_name;
  std::string kind;                // configMap, secret, projected, emptyDir, persistentVolumeClaim, hostPath, …
  std::string object;              // "ConfigMap/loyalty", "Secret/tls", "PersistentVolumeClaim/data"
  std::vector<std::string> files;  // names that the volume provides, for ConfigMaps and Secrets
  bool read_only = false;
};
Mounted mounted_at(Patient& patient, const ContainerFacts& container, std::string_view path);
std::vector<Mounted> mounts_of(Patient& patient, const ContainerFacts& container);

// Whether the volume lets the container's user write where only its group may, and which user that is; empty when the
// manifest does not say.
std::string run_as_user(Patient& patient, const ContainerFacts& container);

}  // namespace podcheck::live
