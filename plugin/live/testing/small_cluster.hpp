// Whole clusters written down in a few lines (testdata/clusters/*.yaml), as a complete recording: what is not in it was
// not in the cluster.
//
// Each of `objects` is an object as Kubernetes has it, with short forms:
//   name, ns, labels, annotations, finalizers, generation   members of metadata; ns is `shop` where absent
//   age: 30m, deleting: 5m                                   creationTimestamp, deletionTimestamp: so long ago
//   owner: ReplicaSet/web-1                                  the controller reference
//   Node: allocatable, ready                                 status, with a usual machine's defaults
//   Pod: node, state                                         spec.nodeName; running, creating, "unschedulable: message"
//   event, of, says, ago, first, times, type, from, uid      an event: its reason, the object, the message …
// "@5m" is the time five minutes before the recording, "@-5m" five minutes after it, anywhere.
#pragma once

#include <memory>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"

namespace podcheck::live::testing {

inline constexpr const char* small_namespace = "shop";

// Throws std::runtime_error with a sentence when the description is wrong.
std::unique_ptr<cluster::Source> small_cluster(document::Node description);

}  // namespace podcheck::live::testing
