// Pasted text as lines: what mail, tickets, web pages and terminals put around them is taken off.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace podcheck::cluster::paste {

struct Line {
  std::string text;        // without indentation and trailing blanks
  std::size_t indent = 0;  // columns
  bool fence = false;      // ``` or ~~~: a section begins or ends here
};

// Takes off quote marks ("> "), ANSI colours, control characters, tabs (made blanks), no-break spaces, HTML entities
// and box-drawing frames. At most `limit` bytes are looked at.
std::vector<Line> clean_lines(std::string_view text, std::size_t limit = 64u << 20);

// "Key:   value" with a key of words, as describe prints it.
struct KeyValue {
  std::string_view key;
  std::string_view value;
  std::size_t value_column = 0;  // in the line's text
};
std::optional<KeyValue> key_value(std::string_view text);

std::string_view trim(std::string_view text);
std::vector<std::string_view> words(std::string_view text);
// Cells are separated by two blanks or more.
std::vector<std::string_view> cells(std::string_view text);
bool is_none(std::string_view value);  // "<none>", "<unset>", "<nil>", ""
// "Mon, 23 Nov 2026 16:59:00 +0000" → "2026-11-23T16:59:00Z"; empty when it is no such time. RFC 3339 is taken too.
std::string rfc3339_of(std::string_view text);
// A lower-case DNS label: names of containers, volumes, pods (with dots).
bool is_name(std::string_view text);

}  // namespace podcheck::cluster::paste
