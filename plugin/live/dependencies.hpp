// Names that a pod's configuration or log mentions, looked up in the cluster.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "live/cause.hpp"
#include "live/facts.hpp"

namespace podcheck::live {

// Names of objects of a kind in a namespace.
std::vector<std::string> names_in(Patient& patient, std::string_view resource, std::string_view namespace_);

enum class Presence : std::uint8_t { present, absent, unknown };
Presence presence(Patient& patient, std::string_view resource, std::string_view name);

// How to go on when a name is not there: the nearest name in the namespace, or the namespace that has it; empty when
// there is neither. A sentence with a blank in front, in the catalogue's language.
std::string hint_for(Patient& patient, std::string_view resource, std::string_view name);
// The nearest existing name; empty when nothing is near.
std::string near_name(Patient& patient, std::string_view resource, std::string_view name);

// "pod/NAME .spec…" as proof, with the field's text.
finding::Evidence pod_field(Patient& patient, const std::string& path);

}  // namespace podcheck::live
