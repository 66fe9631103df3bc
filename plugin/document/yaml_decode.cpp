#include <algorithm>

#include "document/yaml_scalar.hpp"

namespace podcheck::document {

namespace {

// A line break and the text it stands for.
struct Break {
  std::size_t length = 0;
  std::string_view text;
};

Break break_at(std::string_view source, std::size_t at) {
  if (at >= source.size()) {
    return {};
  }
  switch (static_cast<unsigned char>(source[at])) {
    case '\n':
      return {1, "\n"};
    case '\r':
      return {carriage_return_length(source.substr(at)), "\n"};
    case 0xC2:
      return source.substr(at + 1).starts_with('\x85') ? Break{2, "\n"} : Break{};
    case 0xE2:
      if (source.substr(at + 1).starts_with("\x80\xA8") || source.substr(at + 1).starts_with("\x80\xA9")) {
        return {3, source.substr(at, 3)};
      }
      return {};
    default:
      return {};
  }
}

bool blank(char c) {
  return c == ' ' || c == '\t';
}

void append_code_point(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Reads the escape after a backslash at `at`; moves `at` behind it.
void append_escape(std::string& out, std::string_view source, std::size_t& at) {
  const char c = source[at++];
  std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (digits != 0) {
    std::uint32_t code = 0;
    for (; digits > 0; --digits, ++at) {
      const char d = source[at];
      code = code * 16 + static_cast<std::uint32_t>(d <= '9' ? d - '0' : (d | 0x20) - 'a' + 10);
    }
    append_code_point(out, code);
    return;
  }
  static constexpr std::string_view names = "0abt\tnvfre \"'\\";
  static constexpr std::string_view values("\0\a\b\t\t\n\v\f\r\x1B \"'\\", 14);
  const std::size_t found = names.find(c);
  if (found != std::string_view::npos) {
    out += values[found];
  } else {
    append_code_point(out, c == 'N' ? 0x85 : c == '_' ? 0xA0 : c == 'L' ? 0x2028 : 0x2029);
  }
}

// Blanks and line breaks from `at` on, folded: blanks alone stay, one break is a blank, further ones stay breaks.
void append_folded(std::string& out, std::string_view source, std::size_t& at, bool escaped_break) {
  const std::size_t start = at;
  std::string first;
  std::string others;
  bool broken = escaped_break;
  std::size_t blanks_end = at;
  while (at < source.size()) {
    if (blank(source[at])) {
      ++at;
      if (!broken) {
        blanks_end = at;
      }
      continue;
    }
    Break end = break_at(source, at);
    if (end.length == 0) {
      break;
    }
    (broken ? others : first) += end.text;
    broken = true;
    at += end.length;
  }
  if (!broken) {
    out += source.substr(start, blanks_end - start);
  } else if (first == "\n" && others.empty()) {
    out += ' ';
  } else {
    out += first == "\n" ? "" : first;
    out += others;
  }
}

}  // namespace

std::string decode_scalar(std::string_view source, std::uint32_t begin, std::uint32_t end, Style style) {
  const bool quoted = style == Style::single_quoted || style == Style::double_quoted;
  std::string_view text = source.substr(begin, end - begin);
  if (quoted) {
    text = text.substr(1, text.size() - 2);
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (blank(c) || break_at(text, at).length != 0) {
      append_folded(out, text, at, false);
    } else if (c == '\'' && style == Style::single_quoted) {
      out += c;
      at += 2;
    } else if (c == '\\' && style == Style::double_quoted) {
      ++at;
      if (Break end_of_line = break_at(text, at); end_of_line.length != 0) {
        at += end_of_line.length;
        append_folded(out, text, at, true);
      } else {
        append_escape(out, text, at);
      }
    } else {
      out += c;
      ++at;
    }
  }
  return out;
}

std::string decode_block(std::string_view source, const BlockScalar& block, bool literal) {
  std::string out;
  std::string pending;  // the break that ended the last line of text
  std::string empty;    // the empty lines since
  bool last_blank = false;
  std::string_view text = source.substr(0, block.tail);
  for (std::size_t at = block.body; at < text.size();) {
    std::size_t column = 0;
    while (column < block.indent && at < text.size() && text[at] == ' ') {
      ++column;
      ++at;
    }
    Break end = break_at(text, at);
    if (column < block.indent || at >= text.size() || (end.length != 0 && at >= block.range.end)) {
      if (end.length == 0) {
        // kubectl ends the last line of a file even where the file does not; blanks alone are a line.
        empty += column > 0 && at == source.size() ? "\n" : "";
        break;
      }
      empty += end.text;
      at += end.length;
      continue;
    }
    if (end.length != 0) {
      empty += end.text;
      at += end.length;
      continue;
    }
    const bool starts_blank = blank(text[at]);
    if (!literal && !last_blank && !starts_blank && pending == "\n") {
      out += empty.empty() ? " " : "";
    } else {
      out += pending;
    }
    out += empty;
    pending.clear();
    empty.clear();
    last_blank = starts_blank;
    const std::size_t start = at;
    while (at < text.size() && (end = break_at(text, at)).length == 0) {
      ++at;
    }
    out += text.substr(start, at - start);
    pending = at < text.size() ? end.text : "\n";
    at += end.length;
  }
  if (block.chomping != '-') {
    out += pending;
  }
  if (block.chomping == '+') {
    out += empty;
  }
  return out;
}

}  // namespace podcheck::document
