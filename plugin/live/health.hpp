// Whether a pod needs a diagnosis at all. Silence on what is well is half of the work.
#pragma once

#include <string>
#include <string_view>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"

namespace podcheck::live {

enum class Health : std::uint8_t {
  healthy,    // ready, and nothing failed lately
  recovered,  // failed earlier; the present run has outlived what killed the earlier ones
  completed,  // ended well
  starting,   // within its start budget, nothing has failed yet
  draining,   // terminating within its grace period
  unhealthy
};

Health health_of(cluster::Snapshot& cluster, document::Node pod);
inline bool is_well(Health health) {
  return health != Health::unhealthy;
}

// A pod in text without metadata, whose containers were stopped, that has ended, and is there all the same: deleted,
// and held by something. Descriptions do not print deletionTimestamp of pods that have ended.
bool is_stopped_and_held(cluster::Snapshot& cluster, document::Node pod);

// A pod of a Deployment that runs, has never restarted, and whose rollout is within its progress deadline: not ready
// yet is no fault by itself.
bool is_rolling_out(document::Node owner, document::Node pod);

// In its first minute, and nothing has ended or been tried again: what no diagnoser has a claim on may simply come.
bool is_settling(cluster::Snapshot& cluster, document::Node pod);

// Seconds from the start of a container until its liveness (or startup) probe can have killed it, grace included;
// 0 without such a probe.
std::int64_t kill_budget(document::Node container, document::Node pod_spec);

}  // namespace podcheck::live
