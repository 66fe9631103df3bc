// A bundle on disk: objects/<resource>.json, logs/NAMESPACE/POD/CONTAINER.log, recorded-at.
#pragma once

#include <memory>
#include <string>

#include "cluster/snapshot.hpp"
#include "cluster/text_file.hpp"

namespace podcheck::cluster {

// Whether the directory is a bundle (has objects/).
bool is_bundle(const std::string& directory);

// Files are read when they are first asked for. Lists of pods and nodes larger than 20 MB are read with
// large_list_projection().
std::unique_ptr<Source> open_bundle(const std::string& directory, const LogLimits& limits = {});

}  // namespace podcheck::cluster
