// What a YAML scalar means to kubectl (sigs.k8s.io/yaml, goyaml.v2 resolve.go).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "document/yaml_token.hpp"

namespace podcheck::document {

struct ScalarValue {
  enum class Kind : std::uint8_t { null, boolean, integer, real, string, not_json, wrong_tag, wrong_base64 };
  Kind kind = Kind::string;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;
  bool large = false;            // an integer that needs all 64 bits, stored as a real
  bool written_as_real = false;  // an integer written as 1e3 or 80.0; `real` holds it too
  std::string string;            // only when it is not the text itself
  bool own_string = false;
};

// `tag` as written ("!!int", "!<tag:yaml.org,2002:int>", "!mine" or empty); `implicit` is true for a plain scalar
// without a tag.
ScalarValue resolve_scalar(std::string_view tag, std::string_view text, bool implicit);

// "tag:yaml.org,2002:int" and "!!int" alike as "!!int".
std::string short_tag(std::string_view tag);

// A mapping key's text when the key is a number.
std::string real_key(double value);

// The text that a plain or quoted scalar at [begin, end) stands for: folded lines, doubled quotes, escapes. The scanner
// has accepted it before.
std::string decode_scalar(std::string_view source, std::uint32_t begin, std::uint32_t end, Style style);
std::string decode_block(std::string_view source, const BlockScalar& block, bool literal);

}  // namespace podcheck::document
