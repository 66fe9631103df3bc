// Image facts in a card's params: {image: nginx, …} is the official image of Docker Hub, a longer name is taken whole.
#pragma once

#include "document/node.hpp"
#include "kube/object.hpp"

namespace podcheck::lint {

// The entry of `images` that is about the container's image; missing when none is.
document::Node known_image(document::Node images, const kube::Container& container);

}  // namespace podcheck::lint
