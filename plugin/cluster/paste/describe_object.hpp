// `kubectl describe` of anything but a pod.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/paste/draft.hpp"
#include "cluster/paste/lines.hpp"

namespace podcheck::cluster::paste {

// Which kind of object a describe text is about, by the keys that only that kind has; empty when nothing tells.
std::string_view described_kind(std::span<const Line> lines);

// Reads the lines from "Name:" to before "Events:" into an object of `kind` (not Pod). What a node's text says of the
// pods on it goes to `others`.
void read_described(std::string_view kind, std::span<const Line> lines, Draft& object, std::vector<Draft>& others);

}  // namespace podcheck::cluster::paste
