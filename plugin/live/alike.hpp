// Replicas fail alike: a few of each kind tell all there is, and a thousand pods must not take a thousand times as
// long.
#pragma once

#include <map>
#include <string>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"

namespace podcheck::live {

// Two pods of one controller with the same likeness have the same trouble: status, and what each container waits for
// or ended with.
std::string likeness(document::Node pod);

// Picks the pods that are looked at closely.
class Sample {
 public:
  // `named`: the user asks about this target, so that more may be read for it.
  Sample(cluster::Snapshot& cluster, bool named);
  // Whether there are still too few like this one among the pods of its controller; counts it.
  bool takes(document::Node pod);

 private:
  std::size_t most_;
  std::map<std::string, std::size_t> taken_;
};

}  // namespace podcheck::live
