// The gate after `kubectl apply`: is the rollout done, and if not, can it still succeed?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "cluster/snapshot.hpp"
#include "document/node.hpp"
#include "finding/finding.hpp"
#include "live/diagnose.hpp"

namespace podcheck::live {

// Of a workload's pods those that the rollout is about: of the newest revision, and not on their way out. All of them
// where the revision cannot be told.
std::vector<document::Node> newest_pods(cluster::Snapshot& cluster, document::Node object,
                                        const std::vector<document::Node>& pods);

// Done as `kubectl rollout status` means it: the newest revision is observed, complete and available; a pod is ready or
// has succeeded, a Job is complete, a claim bound. Services and CronJobs have nothing to wait for. `pods` are the
// newest ones.
bool settled(cluster::Snapshot& cluster, document::Node object, const std::vector<document::Node>& pods);

// Whether a cause, once confirmed, stays whatever is waited for: what the pod refers to is not there, an image that the
// registry does not have, a creation that the API server refuses, a program that cannot be started.
bool stays(std::string_view cause);

// Whether waiting longer cannot help: a confirmed cause that stays, or a container of the newest revision that has
// ended twice with an error. Never while the controller has not seen the newest specification, and never for placement:
// a node may come.
bool certain(cluster::Snapshot& cluster, document::Node object, const finding::Subject& subject,
             const std::vector<document::Node>& pods);

// "Deployment/web: 2 of 3 ready, 3 updated · ImagePullBackOff": one line for the progress display.
std::string progress_line(const catalogue::Catalogue& catalogue, document::Node object,
                          const std::vector<document::Node>& pods);

// One look at all targets together.
struct Look {
  bool settled = true;
  bool certain = false;
  std::string progress;
  Result result;
};
Look look_at(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue, const Options& options);

}  // namespace podcheck::live
