// The gate after `kubectl apply`: is the rollout done, and if not, can it still succeed?
#pragma once

#include <string>
#include <vector>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"
#include "finding/finding.hpp"

namespace podcheck::live {

// Done as `kubectl rollout status` means it: the newest revision is observed, complete and available; a pod is ready or
// has succeeded, a Job is complete, a claim bound. Services and CronJobs have nothing to wait for.
bool settled(cluster::Snapshot& cluster, document::Node object, const std::vector<document::Node>& pods);

// Whether waiting longer cannot help: a confirmed cause that does not mend itself (configuration, images that are not
// there, refused creation …) is certain at once, a crash after the second restart. Placement is never certain: a node
// may come.
bool certain(const finding::Subject& subject, const std::vector<document::Node>& pods);

// "3 of 5 updated, 2 ready": one line for the progress display.
std::string progress_line(document::Node object, const std::vector<document::Node>& pods);

}  // namespace podcheck::live
