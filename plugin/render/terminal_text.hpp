// How text stands on a terminal: its width in columns, wrapping and padding, and nothing that could steer the terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "finding/finding.hpp"

namespace podcheck::render {

// Columns that UTF-8 text takes: two for East Asian wide characters and emoji, none for combining marks.
int display_width(std::string_view text);

// `text` with spaces up to `width` columns; longer text as it is.
std::string pad(std::string_view text, int width);
std::string pad_left(std::string_view text, int width);

// At most `width` columns, the end replaced by an ellipsis.
std::string shorten(std::string_view text, int width);

// Lines of at most `width` columns, broken at spaces or between wide characters; a longer word stays whole.
// Newlines in the text break too.
std::vector<std::string> wrap(std::string_view text, int width);

// Control characters made visible (ESC as ^[), invalid UTF-8 replaced, newlines and tabs kept: logs and manifests must
// not reach the terminal raw.
std::string printable(std::string_view text);

// The report with every text printable: itself where it is, else a copy in `storage`.
const finding::Report& printable(const finding::Report& report, finding::Report& storage);

}  // namespace podcheck::render
