#include "document/yaml_scanner.hpp"

#include <algorithm>

namespace podcheck::document {

namespace {
// YAML's limit for a key without '?', in characters; bytes are a sufficient first check.
constexpr std::size_t longest_simple_key = 1024;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
}  // namespace

YamlScanner::YamlScanner(std::string_view text, std::size_t begin, std::size_t end, std::size_t max_depth)
    : text_(text),
      at_(begin),
      end_(end),
      max_depth_(max_depth),
      line_start_(begin),
      line_of_document_(begin),
      simple_keys_(1) {
  if (text_.substr(at_, end_ - at_).starts_with("\xEF\xBB\xBF")) {
    at_ += 3;
    line_start_ = at_;
  }
}

const Token* YamlScanner::peek() {
  if (failed_ || !fetch_until_certain()) {
    failed_ = true;
    return nullptr;
  }
  return &tokens_[head_];
}

void YamlScanner::pop() {
  ++head_;
  ++tokens_parsed_;
  if (head_ == tokens_.size()) {
    tokens_.clear();
    head_ = 0;
  }
}

// A token that may turn out to be a key is certain only when its colon was found or cannot come any more.
bool YamlScanner::fetch_until_certain() {
  while (true) {
    if (head_ < tokens_.size()) {
      // The numbers grow from level to level.
      auto key = std::lower_bound(
          simple_keys_.begin(), simple_keys_.end(), tokens_parsed_,
          [](const SimpleKey& candidate, std::size_t number) { return candidate.token_number < number; });
      if (key == simple_keys_.end() || key->token_number != tokens_parsed_ || !key->possible) {
        return true;
      }
      bool valid = false;
      if (!still_valid(*key, valid)) {
        return false;
      }
      if (!valid) {
        return true;
      }
    } else if (ended_) {
      push(TokenType::stream_end, end_, end_);
      return true;
    }
    if (!fetch_next()) {
      return false;
    }
  }
}

bool YamlScanner::fetch_next() {
  if (!skip_to_next_token()) {
    return false;
  }
  unroll_indent(column());
  if (at_end()) {
    return fetch_stream_end();
  }
  const char c = peek_char();
  if (column() == 0) {
    if (c == '%') {
      return fetch_directive();
    }
    if (document_indicator()) {
      return fetch_document_indicator(c == '-' ? TokenType::document_start : TokenType::document_end);
    }
  }
  switch (c) {
    case '[':
      return fetch_flow_start(TokenType::flow_sequence_start);
    case '{':
      return fetch_flow_start(TokenType::flow_mapping_start);
    case ']':
      return fetch_flow_end(TokenType::flow_sequence_end);
    case '}':
      return fetch_flow_end(TokenType::flow_mapping_end);
    case ',':
      return fetch_flow_entry();
    case '*':
      return fetch_anchor(TokenType::alias);
    case '&':
      return fetch_anchor(TokenType::anchor);
    case '!':
      return fetch_tag();
    case '\'':
      return fetch_quoted(true);
    case '"':
      return fetch_quoted(false);
    case '-':
      return blank_or_end(1) ? fetch_block_entry() : fetch_plain();
    case '?':
      if (flow_level_ > 0 || blank_or_end(1)) {
        return fetch_key();
      }
      return fetch_plain();
    case ':':
      if (flow_level_ > 0 || blank_or_end(1)) {
        return fetch_value();
      }
      return fetch_plain();
    case '|':
    case '>':
      return flow_level_ == 0 ? fetch_block_scalar(c == '|') : fail_on_unknown_character();
    case '#':
    case '%':
    case '@':
    case '`':
    case '\t':
      return fail_on_unknown_character();
    default:
      return fetch_plain();
  }
}

std::size_t YamlScanner::rare_break_length(std::size_t at) const {
  switch (static_cast<unsigned char>(text_[at])) {
    case '\r':
      return carriage_return_length(text_.substr(at, end_ - at));
    case 0xC2:
      return at + 1 < end_ && text_[at + 1] == '\x85' ? 2 : 0;
    case 0xE2:
      return at + 2 < end_ && text_[at + 1] == '\x80' && (text_[at + 2] == '\xA8' || text_[at + 2] == '\xA9') ? 3 : 0;
    default:
      return 0;
  }
}

void YamlScanner::skip_break() {
  at_ += break_length();
  line_start_ = at_;
  ++line_;
}

bool YamlScanner::document_indicator() const {
  std::string_view rest = text_.substr(at_, std::min<std::size_t>(3, end_ - at_));
  return (rest == "---" || rest == "...") && blank_or_end(3);
}

bool YamlScanner::fail(std::string variant, std::size_t begin, std::size_t end,
                       std::vector<std::pair<std::string, std::string>> values) {
  error_.variant = std::move(variant);
  error_.range = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(std::max(begin, end))};
  error_.values = std::move(values);
  return false;
}

std::size_t YamlScanner::end_of_line(std::size_t from) const {
  std::size_t stop = text_.find_first_of("\r\n", from);
  return std::min(stop, end_);
}

// The text from here to the end of its line, for a message; blanks at the end and comments left out.
std::string YamlScanner::word_at(std::size_t from) const {
  std::string_view word = text_.substr(from, end_of_line(from) - from);
  word = word.substr(0, word.find(" #"));
  std::size_t last = word.find_last_not_of(" \t");
  return std::string(word.substr(0, last + 1));
}

bool YamlScanner::fail_on_unknown_character() {
  const char c = peek_char();
  if (c == '\t') {
    std::size_t stop = at_;
    while (stop < end_ && text_[stop] == '\t') {
      ++stop;
    }
    return fail("tab-indentation", at_, stop);
  }
  return fail("reserved-character", at_, at_ + 1, {{"character", std::string(1, c)}});
}

// "mapping values are not allowed in this context": a second colon in a value, or a key that is indented as if it went
// on with the value of the line above.
bool YamlScanner::fail_on_colon() {
  std::size_t line_text = text_.find_first_not_of(' ', line_start_);
  if (plain_end_ == at_ && plain_start_ < line_start_ && line_text < at_) {
    const std::size_t first_line = text_.rfind('\n', plain_start_) + 1;
    if (text_.find_first_not_of(" -", std::max(first_line, line_of_document_)) == plain_start_ &&
        missing_space(plain_start_)) {
      return false;
    }
    return fail("bad-indentation", line_text, at_, {{"text", std::string(text_.substr(line_text, at_ - line_text))}});
  }
  return fail("second-colon", at_, at_ + 1);
}

// "port:80" and "-name" where "port: 80" and "- name" were meant: says so, at the colon or the dash.
bool YamlScanner::missing_space(std::size_t from) {
  const std::string word = word_at(from);
  std::size_t mark = 0;
  if (!word.starts_with('-')) {
    mark = word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-");
    if (mark == 0 || mark == std::string::npos || word[mark] != ':') {
      return false;
    }
  }
  if (mark + 1 >= word.size()) {
    return false;
  }
  fail("missing-space", from + mark, from + mark + 1, {{"text", word}, {"character", word.substr(mark, 1)}});
  return true;
}

bool YamlScanner::fail_on_missing_colon(const SimpleKey& key) {
  const std::string word = word_at(key.at);
  return !missing_space(key.at) && fail("missing-colon", key.at, key.at + word.size(), {{"text", word}});
}

bool YamlScanner::skip_to_next_token() {
  while (true) {
    while (peek_char() == ' ' || (peek_char() == '\t' && (flow_level_ > 0 || !simple_key_allowed_))) {
      ++at_;
    }
    if (peek_char() == '#') {
      while (!break_or_end()) {
        ++at_;
      }
    }
    if (break_length() == 0) {
      return true;
    }
    skip_break();
    if (flow_level_ == 0) {
      simple_key_allowed_ = true;
    }
  }
}

bool YamlScanner::still_valid(SimpleKey& key, bool& valid) {
  valid = key.possible;
  if (!valid) {
    return true;
  }
  if (key.line < line_ ||
      (at_ - key.at > longest_simple_key && characters(text_.substr(key.at, at_ - key.at)) > longest_simple_key)) {
    if (key.required) {
      return fail_on_missing_colon(key);
    }
    key.possible = false;
    valid = false;
  }
  return true;
}

bool YamlScanner::save_simple_key() {
  if (!simple_key_allowed_) {
    return true;
  }
  if (!remove_simple_key()) {
    return false;
  }
  SimpleKey key;
  key.possible = true;
  key.required = flow_level_ == 0 && indent_ == column();
  key.token_number = tokens_parsed_ + (tokens_.size() - head_);
  key.at = at_;
  key.line = line_;
  key.column = column();
  simple_keys_.back() = key;
  return true;
}

bool YamlScanner::remove_simple_key() {
  SimpleKey& key = simple_keys_.back();
  if (key.possible && key.required) {
    return fail_on_missing_colon(key);
  }
  key.possible = false;
  return true;
}

bool YamlScanner::roll_indent(std::int64_t to, std::size_t number, bool append, TokenType type, std::size_t mark) {
  if (flow_level_ > 0 || indent_ >= to) {
    return true;
  }
  if (indents_.size() >= max_depth_) {
    return fail("too-deep", mark, mark + 1, {{"limit", std::to_string(max_depth_)}});
  }
  indents_.push_back(indent_);
  indent_ = to;
  Token token{type, Style::none, static_cast<std::uint32_t>(mark), static_cast<std::uint32_t>(mark)};
  if (append) {
    tokens_.push_back(token);
  } else {
    tokens_.insert(tokens_.begin() + static_cast<std::ptrdiff_t>(head_ + number - tokens_parsed_), token);
  }
  return true;
}

void YamlScanner::unroll_indent(std::int64_t to) {
  if (flow_level_ > 0) {
    return;
  }
  while (indent_ > to) {
    push(TokenType::block_end, at_, at_);
    indent_ = indents_.back();
    indents_.pop_back();
  }
}

void YamlScanner::push(TokenType type, std::size_t begin, std::size_t end, Style style) {
  tokens_.push_back({type, style, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
}

bool YamlScanner::fetch_stream_end() {
  // The end counts as a new line, so that a key left open is noticed.
  line_start_ = at_;
  ++line_;
  unroll_indent(-1);
  if (!remove_simple_key()) {
    return false;
  }
  simple_key_allowed_ = false;
  ended_ = true;
  push(TokenType::stream_end, at_, at_);
  return true;
}

bool YamlScanner::fetch_document_indicator(TokenType type) {
  unroll_indent(-1);
  if (!remove_simple_key()) {
    return false;
  }
  simple_key_allowed_ = false;
  push(type, at_, at_ + 3);
  at_ += 3;
  return true;
}

bool YamlScanner::fetch_flow_start(TokenType type) {
  if (!save_simple_key()) {
    return false;
  }
  if (flow_level_ >= max_depth_) {
    return fail("too-deep", at_, at_ + 1, {{"limit", std::to_string(max_depth_)}});
  }
  push(type, at_, at_ + 1);
  simple_keys_.emplace_back();
  simple_keys_.back().token_number = tokens_parsed_ + (tokens_.size() - head_);
  ++flow_level_;
  simple_key_allowed_ = true;
  ++at_;
  return true;
}

bool YamlScanner::fetch_flow_end(TokenType type) {
  if (!remove_simple_key()) {
    return false;
  }
  if (flow_level_ > 0) {
    --flow_level_;
    simple_keys_.pop_back();
  }
  simple_key_allowed_ = false;
  push(type, at_, at_ + 1);
  ++at_;
  return true;
}

bool YamlScanner::fetch_flow_entry() {
  if (!remove_simple_key()) {
    return false;
  }
  simple_key_allowed_ = true;
  push(TokenType::flow_entry, at_, at_ + 1);
  ++at_;
  return true;
}

bool YamlScanner::fetch_block_entry() {
  if (flow_level_ == 0) {
    if (!simple_key_allowed_) {
      return fail("unexpected-dash", at_, at_ + 1);
    }
    if (!roll_indent(column(), 0, true, TokenType::block_sequence_start, at_)) {
      return false;
    }
  }
  if (!remove_simple_key()) {
    return false;
  }
  simple_key_allowed_ = true;
  push(TokenType::block_entry, at_, at_ + 1);
  ++at_;
  return true;
}

bool YamlScanner::fetch_key() {
  if (flow_level_ == 0) {
    if (!simple_key_allowed_) {
      return fail("unexpected-token", at_, at_ + 1, {{"text", "?"}});
    }
    if (!roll_indent(column(), 0, true, TokenType::block_mapping_start, at_)) {
      return false;
    }
  }
  if (!remove_simple_key()) {
    return false;
  }
  simple_key_allowed_ = flow_level_ == 0;
  push(TokenType::key, at_, at_ + 1);
  ++at_;
  return true;
}

bool YamlScanner::fetch_value() {
  SimpleKey& key = simple_keys_.back();
  bool valid = false;
  if (!still_valid(key, valid)) {
    return false;
  }
  if (valid) {
    Token token{TokenType::key, Style::none, static_cast<std::uint32_t>(key.at), static_cast<std::uint32_t>(key.at)};
    tokens_.insert(tokens_.begin() + static_cast<std::ptrdiff_t>(head_ + key.token_number - tokens_parsed_), token);
    if (!roll_indent(key.column, key.token_number, false, TokenType::block_mapping_start, key.at)) {
      return false;
    }
    key.possible = false;
    simple_key_allowed_ = false;
  } else {
    if (flow_level_ == 0) {
      if (!simple_key_allowed_) {
        return fail_on_colon();
      }
      if (!roll_indent(column(), 0, true, TokenType::block_mapping_start, at_)) {
        return false;
      }
    }
    simple_key_allowed_ = flow_level_ == 0;
  }
  push(TokenType::value, at_, at_ + 1);
  ++at_;
  return true;
}

}  // namespace podcheck::document
