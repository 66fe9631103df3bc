// A unified diff of two texts, as patch(1) and code review read it.
#pragma once

#include <string>
#include <string_view>

namespace podcheck::render {

// Empty when the texts are equal. Three lines of context.
std::string unified_diff(const std::string& file, std::string_view before, std::string_view after);

}  // namespace podcheck::render
