// The JSON Schemas in schemas/ that the program itself validates with.
#pragma once

#include <string_view>

#include "catalogue/cards/json_schema.hpp"

namespace podcheck::catalogue {

// "rule-card" or "config"; compiled at first use and kept.
const JsonSchema& embedded_schema(std::string_view name);

}  // namespace podcheck::catalogue
