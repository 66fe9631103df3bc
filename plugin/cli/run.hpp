// The whole program as a function.
#pragma once

#include <span>

#include "cli/exit_code.hpp"
#include "cli/streams.hpp"

namespace podcheck::cli {

// argv[0] is how we were called. Nothing escapes: usage errors and defects end as their exit codes.
int run(std::span<const char* const> argv, Streams& io);

}  // namespace podcheck::cli
