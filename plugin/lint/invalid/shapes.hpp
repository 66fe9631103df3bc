// Names and types of an object's fields, as the server's strict decoding sees them.
#pragma once

#include "lint/invalid/faults.hpp"
#include "lint/schema/types.hpp"

namespace podcheck::lint::invalid {

// Unknown fields, values of a wrong type, quantities and times that do not parse, text that is not base64.
void check_shapes(Faults& faults, const schema::Types& types, const schema::Kind& kind);

}  // namespace podcheck::lint::invalid
