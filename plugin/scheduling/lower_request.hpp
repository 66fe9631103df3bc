// How a pod's request for a resource is brought down to what is free.
#pragma once

#include <cstdint>
#include <string_view>

#include "document/node.hpp"
#include "scheduling/value.hpp"

namespace podcheck::scheduling {

// Patch steps on the pod spec after which the pod requests at most `target` of the resource (milli-CPUs, bytes,
// pieces): the largest container gives way, all of them in proportion when that is not enough. Empty when it cannot be
// done.
Patch lower_request(document::Node pod, std::string_view resource, std::int64_t target);
// Takes the resource out of every container's requests and limits.
Patch drop_resource(document::Node pod, std::string_view resource);

}  // namespace podcheck::scheduling
