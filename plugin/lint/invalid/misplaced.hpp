// A field that its place does not know: misspelt, on the wrong level, or of another Kubernetes version.
#pragma once

#include <vector>

#include "lint/invalid/faults.hpp"
#include "lint/schema/types.hpp"

namespace podcheck::lint::invalid {

// A step on the way down: an object and its type.
struct Level {
  schema::TypeId type;
  Node node;
};

void unknown_field(Faults& faults, const schema::Types& types, const std::vector<Level>& levels,
                   const document::Member& member);

}  // namespace podcheck::lint::invalid
