// Events as describe and `kubectl get events` have printed them since Kubernetes 1.5.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cluster/paste/lines.hpp"

namespace podcheck::cluster::paste {

struct EventText {
  std::string type;  // Normal | Warning
  std::string reason;
  std::string message;
  std::string component;
  std::string host;
  std::string field_path;  // "spec.containers{app}"
  std::string kind;        // of the object, as written ("pod", "Pod"); empty in describe
  std::string name;
  std::string namespace_;
  std::int64_t count = 1;
  std::optional<std::chrono::seconds> last;   // ago
  std::optional<std::chrono::seconds> first;  // ago
};

// Whether the line is the header of such a table.
bool is_event_header(std::string_view text);
// Whether the line by itself is a row of describe's table: "Warning  Failed  3m (x5 over 10m)  kubelet  …", or of the
// tables of older versions.
bool is_event_row(std::string_view text);

// Reads rows until a line that is none; lines that continue a wrapped message are joined to it. `header` may be empty.
// Returns how many lines were taken.
std::size_t read_events(std::string_view header, std::span<const Line> lines, std::vector<EventText>& events);

}  // namespace podcheck::cluster::paste
