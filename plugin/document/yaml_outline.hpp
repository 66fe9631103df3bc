// The structure of one YAML document as events in order, with byte ranges; text is not decoded yet.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "document/yaml_token.hpp"

namespace podcheck::document {

struct OutlineEvent {
  enum class Kind : std::uint8_t { scalar, alias, begin_sequence, end_sequence, begin_mapping, end_mapping };
  static constexpr std::uint32_t none = 0xffffffff;
  Kind kind = Kind::scalar;
  Style style = Style::none;  // none: a value that is not there
  std::uint32_t begin = 0;    // without tag and anchor
  std::uint32_t end = 0;
  std::uint32_t properties = none;  // index into Outline::properties
};

struct Outline {
  struct Properties {
    Range anchor;  // with its '&'
    Range tag;
  };
  std::vector<OutlineEvent> events;  // empty for an empty document
  std::vector<Properties> properties;
  std::vector<BlockScalar> block_scalars;
  SyntaxError error;
  bool good = true;
};

// Reads the first document in [begin, end) of the text; what follows it in there is ignored, as kubectl does. More than
// `most_values` events are an error, too_many_values.
Outline outline_yaml(std::string_view text, std::size_t begin, std::size_t end, std::size_t max_depth,
                     std::size_t most_values);

}  // namespace podcheck::document
