// Shell patterns, without a regular expression engine: linear memory, at most pattern times text steps.
#pragma once

#include <string_view>

namespace podcheck::lint {

// `*` and `?` match within one path segment, `**` across segments, `[a-z]` and `[!x]` one character, `\x` is x itself.
bool glob_match(std::string_view pattern, std::string_view path);
// The same for names, where `/` is a character like any other.
bool glob_match_name(std::string_view pattern, std::string_view name);
bool is_glob(std::string_view text);  // has an unescaped * ? or [

}  // namespace podcheck::lint
