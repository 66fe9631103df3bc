// Which API versions there are: removed, deprecated, never been.
#pragma once

#include <string_view>

#include "lint/invalid/faults.hpp"
#include "lint/schema/types.hpp"

namespace podcheck::lint::invalid {

// Reports what is wrong with apiVersion and kind. The kind's types, or nullptr when there are none to check against:
// it was reported, or it is a custom resource that nobody described.
const schema::Kind* find_kind(Faults& faults, const schema::Types* custom, std::string_view api_version,
                              std::string_view kind);

}  // namespace podcheck::lint::invalid
