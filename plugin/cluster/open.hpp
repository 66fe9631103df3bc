// Anything that --from may name, told apart by what it is.
#pragma once

#include <memory>
#include <string>

#include "cluster/snapshot.hpp"

namespace podcheck::cluster {

// A bundle, what kubectl cluster-info dump writes, files of `kubectl get -o json|yaml` or of text copied from a
// terminal. nullptr and a reason in `error` when there is nothing of a cluster in it. `pasted` is the text of standard
// input when the path is "-".
std::unique_ptr<Source> open_recorded(const std::string& path, std::string pasted, std::string& error);

}  // namespace podcheck::cluster
