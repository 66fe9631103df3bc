// Which field of the manifest a placement problem is about.
#pragma once

#include <string_view>

#include "preflight/problem.hpp"

namespace podcheck::preflight {

// Missing when no single field is.
document::Node field_of(const Workload& workload, std::string_view cause, const finding::Values& values);

}  // namespace podcheck::preflight
