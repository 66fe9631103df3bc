// From what a person types to the objects that it means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"

namespace podcheck::live {

// What one TARGET word says: {"deployments", "web"}; an empty resource means "a pod, or what else has that name".
struct Word {
  std::string resource;
  std::string name;
  bool known = true;  // false: a kind that live cannot diagnose
};
Word parse_target(std::string_view word);

// One thing to examine: a pod by itself, or a workload, claim or Service with the pods that belong to it.
struct Target {
  document::Node object;
  std::vector<document::Node> pods;
};

// The controllers above an object, nearest first: ReplicaSet, then Deployment.
std::vector<document::Node> owners_of(cluster::Snapshot& cluster, document::Node object);
document::Node top_owner(cluster::Snapshot& cluster, document::Node pod);
// Pods that an object owns through any number of controllers, selects (Service) or mounts (claim).
std::vector<document::Node> pods_of(cluster::Snapshot& cluster, document::Node object);

// The object of a word in a namespace; missing when there is none. A bare name that is no pod may be a workload's.
document::Node find_target(cluster::Snapshot& cluster, const Word& word, std::string_view namespace_);
// Every workload of a namespace (empty: all), and every pod that no workload owns.
std::vector<Target> all_targets(cluster::Snapshot& cluster, std::string_view namespace_);

}  // namespace podcheck::live
