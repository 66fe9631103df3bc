#pragma once

#include <memory>
#include <string>

#include "document/node.hpp"

namespace podcheck::catalogue {
// Throws std::runtime_error with "file:line:column: sentence".
std::unique_ptr<document::Tree> read_yaml(const std::string& path, const std::string& bytes);
}  // namespace podcheck::catalogue
