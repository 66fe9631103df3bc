// What the YAML scanner makes of a text: tokens with the bytes they stand on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/node.hpp"

namespace podcheck::document {

enum class TokenType : std::uint8_t {
  stream_end,
  version_directive,
  tag_directive,
  document_start,
  document_end,
  block_sequence_start,
  block_mapping_start,
  block_end,
  flow_sequence_start,
  flow_sequence_end,
  flow_mapping_start,
  flow_mapping_end,
  block_entry,
  flow_entry,
  key,
  value,
  alias,
  anchor,
  tag,
  scalar,
};

struct Token {
  TokenType type = TokenType::stream_end;
  Style style = Style::none;  // of a scalar
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// The line break that begins with a carriage return. kubectl makes LF of CR LF first, and of CR LF and a lone CR after
// that: CR CR LF is one break.
inline std::size_t carriage_return_length(std::string_view text) {
  return text.starts_with("\r\r\n") ? 3 : text.starts_with("\r\n") ? 2 : 1;
}

// A literal or folded scalar: from its indicator to the end of its last line, and what its header says.
struct BlockScalar {
  Range range;
  std::uint32_t body = 0;    // where the line after the header begins
  std::uint32_t tail = 0;    // where the empty lines after it end
  std::uint32_t indent = 0;  // columns that do not belong to the text
  char chomping = ' ';       // '+', '-' or ' '
};

// Why a text is no YAML: a message variant of the card yaml-syntax, the bytes to point at, and the message's values.
struct SyntaxError {
  std::string variant;
  Range range;
  std::vector<std::pair<std::string, std::string>> values;
  Range related;
};

// The variant of a document that is refused for its number of values.
constexpr const char* too_many_values = "too-many-values";

}  // namespace podcheck::document
