// The tokens with text in them: scalars, anchors, tags and directives.
#include <algorithm>
#include <array>

#include "document/yaml_scanner.hpp"

namespace podcheck::document {

namespace {

bool word_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

// Characters that never end a plain scalar nor need a closer look in one.
constexpr std::array<bool, 256> harmless = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x21; c < 256; ++c) {
    table[c] =
        c != 0xC2 && c != 0xE2 && std::string_view(":,?[]{}").find(static_cast<char>(c)) == std::string_view::npos;
  }
  return table;
}();

bool hexadecimal(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

bool YamlScanner::fetch_plain() {
  if (!save_simple_key()) {
    return false;
  }
  simple_key_allowed_ = false;
  const std::int64_t indent = indent_ + 1;
  const std::size_t start = at_;
  std::size_t text_end = at_;
  bool new_line = false;
  while (true) {
    if ((column() == 0 && document_indicator()) || peek_char() == '#') {
      break;
    }
    while (!blank_or_end()) {
      const char c = peek_char();
      if (c == ':' && blank_or_end(1)) {
        break;
      }
      if (flow_level_ > 0 && (c == ',' || c == '?' || c == '[' || c == ']' || c == '{' || c == '}')) {
        break;
      }
      new_line = false;
      ++at_;
      while (at_ < end_ && harmless[static_cast<unsigned char>(text_[at_])]) {
        ++at_;
      }
      text_end = at_;
    }
    if (!blank() && break_length() == 0) {
      break;
    }
    while (true) {
      if (blank()) {
        if (new_line && column() < indent && peek_char() == '\t') {
          return fail("tab-indentation", at_, at_ + 1);
        }
        ++at_;
      } else if (break_length() != 0) {
        skip_break();
        new_line = true;
      } else {
        break;
      }
    }
    if (flow_level_ == 0 && column() < indent) {
      break;
    }
  }
  push(TokenType::scalar, start, text_end, Style::plain);
  plain_start_ = start;
  plain_end_ = text_end;
  if (new_line) {
    simple_key_allowed_ = true;
  }
  return true;
}

bool YamlScanner::escape_in_quotes() {
  const std::size_t start = at_;
  ++at_;
  std::size_t digits = 0;
  switch (peek_char()) {
    case 'x':
      digits = 2;
      break;
    case 'u':
      digits = 4;
      break;
    case 'U':
      digits = 8;
      break;
    default:
      if (at_end() || std::string_view("0abt\tnvfre \"'\\N_LP").find(peek_char()) == std::string_view::npos) {
        return fail("unknown-escape", start, std::min(at_ + 1, end_),
                    {{"escape", std::string(text_.substr(start, std::min<std::size_t>(2, end_ - start)))}});
      }
  }
  ++at_;
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    char c = peek_char();
    if (!hexadecimal(c)) {
      return fail("unknown-escape", start, at_, {{"escape", std::string(text_.substr(start, at_ - start))}});
    }
    code = code * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    ++at_;
  }
  if ((code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) {
    return fail("unknown-escape", start, at_, {{"escape", std::string(text_.substr(start, at_ - start))}});
  }
  return true;
}

bool YamlScanner::fetch_quoted(bool single) {
  if (!save_simple_key()) {
    return false;
  }
  simple_key_allowed_ = false;
  const char quote = single ? '\'' : '"';
  const std::size_t start = at_;
  ++at_;
  while (true) {
    if (at_end() || (column() == 0 && document_indicator())) {
      return fail("unterminated-quote", start, end_of_line(start), {{"quote", std::string(1, quote)}});
    }
    if (break_length() != 0) {
      skip_break();
    } else if (single && peek_char() == '\'' && peek_char(1) == '\'') {
      at_ += 2;
    } else if (peek_char() == quote) {
      break;
    } else if (!single && peek_char() == '\\') {
      if (break_length(1) != 0) {
        ++at_;
        skip_break();
      } else if (!escape_in_quotes()) {
        return false;
      }
    } else {
      ++at_;
    }
  }
  ++at_;
  push(TokenType::scalar, start, at_, single ? Style::single_quoted : Style::double_quoted);
  return true;
}

// Eats indentation and empty lines; finds out the indentation where it is not yet known (0).
bool YamlScanner::scan_block_breaks(std::int64_t& indent, std::size_t start) {
  std::int64_t widest = 0;
  while (true) {
    while ((indent == 0 || column() < indent) && peek_char() == ' ') {
      ++at_;
    }
    widest = std::max(widest, column());
    if ((indent == 0 || column() < indent) && peek_char() == '\t') {
      fail("tab-indentation", at_, at_ + 1);
      error_.related = {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(start + 1)};
      return false;
    }
    if (break_length() == 0) {
      break;
    }
    skip_break();
  }
  if (indent == 0) {
    indent = std::max<std::int64_t>({widest, indent_ + 1, 1});
  }
  return true;
}

bool YamlScanner::fetch_block_scalar(bool literal) {
  if (!remove_simple_key()) {
    return false;
  }
  simple_key_allowed_ = true;
  const std::size_t start = at_;
  ++at_;
  std::int64_t increment = 0;
  char chomping = ' ';
  for (int i = 0; i < 2; ++i) {
    char c = peek_char();
    if (chomping == ' ' && (c == '+' || c == '-')) {
      chomping = c;
      ++at_;
    } else if (increment == 0 && digit(c)) {
      if (c == '0') {
        return fail("block-header", start, at_ + 1, {{"text", word_at(start)}});
      }
      increment = c - '0';
      ++at_;
    }
  }
  std::size_t text_end = at_;
  while (blank()) {
    ++at_;
  }
  if (peek_char() == '#') {
    while (!break_or_end()) {
      ++at_;
    }
  }
  if (!break_or_end()) {
    return fail("block-header", start, end_of_line(start), {{"text", word_at(start)}});
  }
  if (break_length() != 0) {
    skip_break();
  }
  const std::size_t body = at_;
  std::int64_t indent = increment == 0 ? 0 : std::max<std::int64_t>(indent_, 0) + increment;
  if (!scan_block_breaks(indent, start)) {
    return false;
  }
  while (column() == indent && !at_end()) {
    while (!break_or_end()) {
      ++at_;
    }
    text_end = at_;
    if (break_length() != 0) {
      skip_break();
    }
    if (!scan_block_breaks(indent, start)) {
      return false;
    }
  }
  push(TokenType::scalar, start, text_end, literal ? Style::literal : Style::folded);
  block_scalars_.push_back({{static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(text_end)},
                            static_cast<std::uint32_t>(body),
                            static_cast<std::uint32_t>(at_),
                            static_cast<std::uint32_t>(indent),
                            chomping});
  return true;
}

bool YamlScanner::fetch_anchor(TokenType type) {
  if (!save_simple_key()) {
    return false;
  }
  simple_key_allowed_ = false;
  const std::size_t start = at_;
  ++at_;
  while (word_character(peek_char())) {
    ++at_;
  }
  if (at_ == start + 1 ||
      !(blank_or_end() || std::string_view("?:,]}%@`").find(peek_char()) != std::string_view::npos)) {
    return fail("bad-anchor", start, start + word_at(start).size(),
                {{"character", std::string(1, text_[start])}, {"text", word_at(start)}});
  }
  push(type, start, at_);
  return true;
}

// Eats the characters of a tag; false when there are none though some are needed, or an escape is broken.
bool YamlScanner::scan_tag_uri(bool need_text) {
  const std::size_t start = at_;
  while (word_character(peek_char()) ||
         (!at_end() && std::string_view(";/?:@&=+$,.!~*'()[]%").find(peek_char()) != std::string_view::npos)) {
    if (peek_char() == '%') {
      if (!hexadecimal(peek_char(1)) || !hexadecimal(peek_char(2))) {
        return false;
      }
      at_ += 2;
    }
    ++at_;
  }
  return at_ > start || !need_text;
}

bool YamlScanner::fetch_tag() {
  if (!save_simple_key()) {
    return false;
  }
  simple_key_allowed_ = false;
  const std::size_t start = at_;
  bool good = true;
  ++at_;
  if (peek_char() == '<') {
    ++at_;
    good = scan_tag_uri(true) && peek_char() == '>';
    ++at_;
  } else {
    const std::size_t word = at_;
    while (word_character(peek_char())) {
      ++at_;
    }
    if (peek_char() == '!') {
      // A handle of its own; only "!!" is known without a directive, and directives never reach the same document.
      const bool known = at_ == word;
      ++at_;
      good = scan_tag_uri(true) && known;
    } else {
      good = scan_tag_uri(false);
    }
  }
  if (!good || !blank_or_end()) {
    return fail("bad-tag", start, start + word_at(start).size(), {{"text", word_at(start)}});
  }
  push(TokenType::tag, start, at_);
  return true;
}

// %YAML and %TAG. kubectl splits at "---" first, so a directive is always without the document that it needs.
bool YamlScanner::fetch_directive() {
  unroll_indent(-1);
  if (!remove_simple_key()) {
    return false;
  }
  simple_key_allowed_ = false;
  return fail("directive", at_, end_of_line(at_), {{"text", word_at(at_)}});
}

}  // namespace podcheck::document
