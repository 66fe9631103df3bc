#pragma once

#include <string>

namespace podcheck::cli {

std::string version();  // "0.1.0"; the build sets it from the project

}  // namespace podcheck::cli
