#include "cluster/event.hpp"

#include <algorithm>

namespace podcheck::cluster {

using document::Node;

std::optional<Time> event_time(Node event) {
  std::optional<Time> latest;
  for (Node field :
       {event["series"]["lastObservedTime"], event["eventTime"], event["lastTimestamp"], event["firstTimestamp"],
        event["deprecatedLastTimestamp"], event["deprecatedFirstTimestamp"], event["metadata"]["creationTimestamp"]}) {
    std::optional<Time> time = parse_time(field.string());
    if (time && (!latest || *time > *latest)) {
      latest = time;
    }
  }
  return latest;
}

std::int64_t event_count(Node event) {
  std::int64_t count = 1;
  for (Node field : {event["series"]["count"], event["count"], event["deprecatedCount"]}) {
    count = std::max(count, field.integer().value_or(1));
  }
  return count;
}

Node event_object(Node event) {
  Node object = event["involvedObject"];
  return object ? object : event["regarding"];
}

std::string_view event_message(Node event) {
  Node message = event["message"];
  return message ? message.string() : event["note"].string();
}

}  // namespace podcheck::cluster
