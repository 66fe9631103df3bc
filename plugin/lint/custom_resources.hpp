// Which custom resources the input describes.
#pragma once

#include "lint/bundle.hpp"

namespace podcheck::lint {

// Gives the bundle the types of all CustomResourceDefinitions in it, context included.
void describe_custom_resources(Bundle& bundle);

}  // namespace podcheck::lint
