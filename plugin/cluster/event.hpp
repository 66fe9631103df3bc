// Events of either API (v1, events.k8s.io/v1), read alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "cluster/time.hpp"
#include "document/node.hpp"

namespace podcheck::cluster {

// When the event was last seen: the latest of series, eventTime, lastTimestamp, firstTimestamp and creationTimestamp,
// whichever the recorder has filled in.
std::optional<Time> event_time(document::Node event);
// How often; at least 1.
std::int64_t event_count(document::Node event);
// involvedObject, or `regarding` of events.k8s.io/v1.
document::Node event_object(document::Node event);
// message, or `note` of events.k8s.io/v1.
std::string_view event_message(document::Node event);

}  // namespace podcheck::cluster
