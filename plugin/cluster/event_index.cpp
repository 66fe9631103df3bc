#include "cluster/event_index.hpp"

#include <algorithm>

#include "cluster/event.hpp"

namespace podcheck::cluster {

using document::Node;

namespace {

std::string key_of(std::string_view kind, std::string_view name) {
  std::string key(kind);
  key += '/';
  key += name;
  return key;
}

bool same_object(Node reference, Node object) {
  Node metadata = object["metadata"];
  std::string_view namespace_ = metadata["namespace"].string();
  std::string_view about = reference["namespace"].string();
  if (!namespace_.empty() && !about.empty() && namespace_ != about) {
    return false;
  }
  std::string_view wanted = metadata["uid"].string();
  std::string_view uid = reference["uid"].string();
  // A kubelet names its node by name in place of the uid.
  if (wanted.empty() || uid.empty() || uid == wanted || uid == metadata["name"].string()) {
    return true;
  }
  // The kubelet knows a static pod by the hash of its file; the mirror pod in the API server has a uid of its own.
  return metadata["annotations"]["kubernetes.io/config.hash"].string() == uid;
}

}  // namespace

EventIndex::EventIndex(const std::vector<Node>& events) {
  for (Node event : events) {
    Node about = event_object(event);
    by_object_[key_of(about["kind"].string(), about["name"].string())].push_back(
        {event, event_time(event).value_or(Time{})});
  }
  for (auto& [key, entries] : by_object_) {
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.time < b.time; });
  }
}

std::vector<Node> EventIndex::of(Node object) const {
  std::vector<Node> found;
  auto entries = by_object_.find(key_of(object["kind"].string(), object["metadata"]["name"].string()));
  if (entries != by_object_.end()) {
    for (const Entry& entry : entries->second) {
      if (same_object(event_object(entry.event), object)) {
        found.push_back(entry.event);
      }
    }
  }
  return found;
}

}  // namespace podcheck::cluster
