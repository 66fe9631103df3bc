// A cluster written to disk as a bundle, without what is secret in it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cluster/snapshot.hpp"

namespace podcheck::cluster {

struct CaptureOptions {
  std::string directory;                                // made; must be empty or absent
  std::string namespace_;                               // empty: all namespaces
  std::size_t max_log_pods = 200;                       // pods that do not run well come first
  std::function<void(std::string_view step)> progress;  // a resource's name, or "logs"
};

struct CaptureReport {
  std::string error;  // of the disk; nothing else is complete then
  std::size_t objects = 0;
  std::size_t logs = 0;
  std::size_t secrets_emptied = 0;      // Secrets whose values were left out
  std::size_t values_masked = 0;        // credentials found in logs, variables and annotations
  std::size_t annotations_removed = 0;  // last-applied-configuration
  std::size_t pods_without_logs = 0;    // beyond max_log_pods
  std::vector<std::pair<Query, Failure>> unreadable;
};

// Reads through the Snapshot and writes as it goes. Of Secrets names, types, keys and registry hosts are kept.
CaptureReport capture(Snapshot& cluster, const CaptureOptions& options);

}  // namespace podcheck::cluster
