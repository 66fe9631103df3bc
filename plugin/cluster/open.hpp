// Anything that --from may name, told apart by what it is.
#pragma once

#include <memory>
#include <string>

#include "cluster/snapshot.hpp"

namespace podcheck::cluster {

// A bundle, or what kubectl cluster-info dump writes. nullptr and a reason in `error` when it is neither.
// `pasted` is the text of standard input when the path is "-".
std::unique_ptr<Source> open_recorded(const std::string& path, std::string pasted, std::string& error);

}  // namespace podcheck::cluster
