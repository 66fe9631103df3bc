// The lexical rules of YAML 1.1 as kubectl's parser applies them. yaml-cpp reads more than kubectl does (unterminated
// quotes, keys without a colon) and sometimes less; this scanner decides what is accepted and knows every byte's role.
#pragma once

#include <cstddef>
#include <deque>
#include <string_view>
#include <vector>

#include "document/yaml_token.hpp"

namespace podcheck::document {

class YamlScanner {
 public:
  // Scans [begin, end) of a text; offsets in tokens and errors are those of the whole text. `end` is at most 4 GiB.
  YamlScanner(std::string_view text, std::size_t begin, std::size_t end, std::size_t max_depth);

  // The token at the front; nullptr after an error. Tokens are scanned no further than is needed to know it, as
  // kubectl does: what stands after the end of its document is never looked at.
  const Token* peek();
  void pop();
  const SyntaxError& error() const { return error_; }
  // The literal and folded scalars so far, in order.
  const std::vector<BlockScalar>& block_scalars() const { return block_scalars_; }

 private:
  struct SimpleKey {
    bool possible = false;
    bool required = false;
    std::size_t token_number = 0;
    std::size_t at = 0;
    std::size_t line = 0;
    std::int64_t column = 0;
  };

  char peek_char(std::size_t ahead = 0) const { return at_ + ahead < end_ ? text_[at_ + ahead] : '\0'; }
  bool at_end() const { return at_ >= end_; }
  // Bytes of the line break here; 0 when there is none.
  std::size_t break_length(std::size_t ahead = 0) const {
    const char c = peek_char(ahead);
    return c == '\n' ? 1 : c == '\r' || c == '\xC2' || c == '\xE2' ? rare_break_length(at_ + ahead) : 0;
  }
  std::size_t rare_break_length(std::size_t at) const;
  bool blank(std::size_t ahead = 0) const { return peek_char(ahead) == ' ' || peek_char(ahead) == '\t'; }
  bool break_or_end(std::size_t ahead = 0) const { return at_ + ahead >= end_ || break_length(ahead) != 0; }
  bool blank_or_end(std::size_t ahead = 0) const { return blank(ahead) || break_or_end(ahead); }
  std::int64_t column() const { return static_cast<std::int64_t>(at_ - line_start_); }
  void skip_break();
  bool document_indicator() const;

  bool fail(std::string variant, std::size_t begin, std::size_t end,
            std::vector<std::pair<std::string, std::string>> values = {});
  std::size_t end_of_line(std::size_t from) const;
  std::string word_at(std::size_t from) const;

  bool fetch_until_certain();
  bool fetch_next();
  bool fetch_stream_end();
  bool fetch_directive();
  bool fetch_document_indicator(TokenType type);
  bool fetch_flow_start(TokenType type);
  bool fetch_flow_end(TokenType type);
  bool fetch_flow_entry();
  bool fetch_block_entry();
  bool fetch_key();
  bool fetch_value();
  bool fetch_anchor(TokenType type);
  bool fetch_tag();
  bool fetch_block_scalar(bool literal);
  bool fetch_quoted(bool single);
  bool fetch_plain();
  bool fail_on_unknown_character();
  bool fail_on_colon();
  bool fail_on_missing_colon(const SimpleKey& key);
  bool missing_space(std::size_t from);

  bool skip_to_next_token();
  bool save_simple_key();
  bool remove_simple_key();
  bool still_valid(SimpleKey& key, bool& valid);
  bool roll_indent(std::int64_t column, std::size_t number, bool append, TokenType type, std::size_t mark);
  void unroll_indent(std::int64_t column);
  void push(TokenType type, std::size_t begin, std::size_t end, Style style = Style::none);

  bool scan_tag_uri(bool need_text);
  bool scan_block_breaks(std::int64_t& indent, std::size_t start);
  bool escape_in_quotes();

  std::string_view text_;
  std::size_t at_;
  std::size_t end_;
  std::size_t max_depth_;
  std::size_t line_ = 0;
  std::size_t line_start_;
  std::size_t line_of_document_;  // where the first line begins
  std::vector<Token> tokens_;
  std::size_t head_ = 0;
  std::size_t tokens_parsed_ = 0;
  std::vector<SimpleKey> simple_keys_;
  std::vector<std::int64_t> indents_;
  std::int64_t indent_ = -1;
  std::size_t flow_level_ = 0;
  bool simple_key_allowed_ = true;
  bool ended_ = false;
  bool failed_ = false;
  SyntaxError error_;
  std::vector<BlockScalar> block_scalars_;
  std::size_t plain_start_ = 0;  // of the last plain scalar, and where its text ends
  std::size_t plain_end_ = 0;
};

}  // namespace podcheck::document
