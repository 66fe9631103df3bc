// YAML and JSON between other pasted text, whole or cut.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "cluster/paste/assemble.hpp"
#include "cluster/paste/lines.hpp"

namespace podcheck::cluster::paste {

bool begins_yaml(std::span<const Line> lines);
// Both return how many lines were taken, 0 when it is no Kubernetes object.
std::size_t read_yaml_fragment(std::span<const Line> lines, Assembly& assembly);
std::size_t read_json_fragment(std::span<const Line> lines, Assembly& assembly);

// A line of JSON that was cut in front of '"containerStatuses":['. False when nothing can be read from it.
bool read_cut_statuses(std::string_view text, Assembly& assembly);

// containerStatuses whose indentation was lost: read by their keys. Returns how many lines were taken.
std::size_t read_loose_status(std::span<const Line> lines, Assembly& assembly);

}  // namespace podcheck::cluster::paste
