// Files as bytes, with bounds.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace podcheck::cluster {

// The whole file; nullopt when it cannot be read, is no regular file, or is larger than `limit`.
std::optional<std::string> read_file(const std::string& path, std::size_t limit = std::size_t{4} << 30);

struct Tail {
  std::string text;
  bool truncated = false;
};

// How much of a log is kept, whatever its source: the decisive lines are the last ones.
struct LogLimits {
  std::size_t lines = 400;
  std::size_t bytes = 256 << 10;
};

// The last lines of `text` within both limits, cut at a line's beginning where one fits.
Tail tail_of(std::string text, const LogLimits& limits);
// The same of a file, of which only the end is read.
std::optional<Tail> tail_of_file(const std::string& path, const LogLimits& limits);

}  // namespace podcheck::cluster
