// Messages of Kubernetes with nothing of their event around them: quoted in a sentence, in backticks, or in the log of
// one of its own components.
#pragma once

#include <optional>
#include <string_view>

#include "cluster/paste/draft.hpp"
#include "cluster/paste/events_text.hpp"

namespace podcheck::cluster::paste {

// "It says `0/3 nodes are available: …`", wherever in the line it stands; what follows it in the line is taken to
// belong to it.
std::optional<EventText> loose_message(std::string_view line);

// A line of the kubelet's, the scheduler's or the controller manager's log, or of a test's, that tells of an event.
std::optional<EventText> component_log(std::string_view line);

// What `kubectl logs` says of a container that has not started: 'container "app" in pod "web-1" is waiting to start:
// PodInitializing'. False when the line is none.
bool read_waiting_to_start(std::string_view line, Draft& pod);

}  // namespace podcheck::cluster::paste
