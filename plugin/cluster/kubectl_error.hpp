// What kubectl says on standard error, as a kind of failure.
#pragma once

#include <string>
#include <string_view>

#include "cluster/snapshot.hpp"

namespace podcheck::cluster {

// Finds the line that says why, among warnings and hints, and what it means. The kind is `other` when no known text is
// found, with the last line that is not empty as the detail.
Failure classify_kubectl_error(std::string_view standard_error);

// The runtime has lost a container's log: kubectl prints this sentence as the log itself and exits 0.
bool is_lost_log(std::string_view log);

}  // namespace podcheck::cluster
