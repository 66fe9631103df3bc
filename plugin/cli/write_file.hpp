// Replacing a file as a whole: a reader sees the old text or the new one, never half of it.
#pragma once

#include <string>

namespace podcheck::cli {

// Keeps the file's permissions and writes through a symbolic link. Returns the system's reason on failure, else empty.
std::string write_file(const std::string& path, const std::string& text);

}  // namespace podcheck::cli
