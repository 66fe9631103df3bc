// Failures written down in a few lines (testdata/live/*.yaml) and made into the cluster that would show them.
// testdata/live/README.md describes the fields.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"

namespace podcheck::live::testing {

// The objects, events and logs of one case as a complete recording (what is not in it was not in the cluster).
std::unique_ptr<cluster::Source> cluster_of(document::Node one);
// "deploy/ledger": what a user would point at.
std::string target_of(document::Node one);
inline constexpr const char* case_namespace = "treasury";

}  // namespace podcheck::live::testing
