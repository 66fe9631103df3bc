// Which events are about an object.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cluster/time.hpp"
#include "document/node.hpp"

namespace podcheck::cluster {

class EventIndex {
 public:
  EventIndex() = default;
  explicit EventIndex(const std::vector<document::Node>& events);

  // By uid where both the event and the object have one, so that events of an earlier pod of the same name are left
  // out; else by kind and name. Oldest first; events without a time come before the others.
  std::vector<document::Node> of(document::Node object) const;

 private:
  struct Entry {
    document::Node event;
    Time time;
  };
  // Keyed by "Kind/name"; a namespace's events do not collide, and all namespaces' are told apart in of().
  std::unordered_map<std::string, std::vector<Entry>> by_object_;
};

}  // namespace podcheck::cluster
