// JSON with positions, for files that people write; cluster objects are read by parse_json.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "document/document.hpp"
#include "document/yaml_token.hpp"

namespace podcheck::document {

// Reads one JSON value from `at` on, with the rules of Go's encoding/json, and moves `at` behind it. False with the
// reason in `error`, which is too_many_values for more than that many.
bool read_json_value(std::string_view text, std::size_t& at, const Limits& limits, std::size_t most_values, Tree& tree,
                     std::vector<Problem>& problems, SyntaxError& error);

}  // namespace podcheck::document
