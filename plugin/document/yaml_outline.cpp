#include "document/yaml_outline.hpp"

#include <algorithm>

#include "document/yaml_scanner.hpp"

namespace podcheck::document {

namespace {

using Kind = OutlineEvent::Kind;

// The productions of YAML 1.1 over the scanner's tokens, by recursive descent; max_depth bounds the recursion, because
// the scanner lets no collection be nested deeper (an indentless sequence adds at most one level to each of its own).
class Grammar {
 public:
  Grammar(std::string_view text, std::size_t begin, std::size_t end, std::size_t max_depth, std::size_t most_values,
          Outline& out)
      : text_(text),
        scanner_(text, begin, end, max_depth),
        most_values_(most_values),
        out_(out),
        end_(static_cast<std::uint32_t>(end)),
        last_end_(static_cast<std::uint32_t>(begin)) {}

  void run() {
    out_.good = document();
    out_.block_scalars = scanner_.block_scalars();
    if (!out_.good && out_.error.variant.empty()) {
      out_.error = scanner_.error();
    }
  }

 private:
  bool look() {
    token_ = scanner_.peek();
    return token_ != nullptr;
  }
  bool is(TokenType type) const { return token_->type == type; }
  void take() {
    last_end_ = std::max(last_end_, token_->end);
    scanner_.pop();
  }

  bool fail(std::string variant, Range range, std::vector<std::pair<std::string, std::string>> values = {},
            Range related = {}) {
    out_.error = {std::move(variant), range, std::move(values), related};
    return false;
  }

  // At the token that may not stand here.
  bool fail_here(std::string variant, Range related = {}) {
    Range range{token_->begin, token_->end};
    if (range.begin == range.end) {
      range.end = static_cast<std::uint32_t>(
          std::min<std::size_t>({text_.find_first_of(" \t\r\n", range.begin), std::size_t{range.begin} + 40, end_}));
      range.end = std::max(range.begin, range.end);
    }
    if (is(TokenType::stream_end) || range.begin >= end_) {
      // Nothing is left to point at but what was left open.
      range = related.end != 0 ? related : Range{last_end_, last_end_};
    }
    std::string word(text_.substr(range.begin, range.end - range.begin));
    return fail(std::move(variant), range, {{"text", std::move(word)}}, related);
  }

  bool document() {
    if (!look()) {
      return false;
    }
    if (is(TokenType::stream_end)) {
      return true;
    }
    if (is(TokenType::document_start)) {
      take();
      if (!look()) {
        return false;
      }
      if (is(TokenType::document_start) || is(TokenType::document_end) || is(TokenType::stream_end)) {
        return true;
      }
    }
    // One more token is known before the rest is ignored.
    return node(true, false) && look();
  }

  void event(Kind kind, Style style, std::uint32_t begin, std::uint32_t end, std::uint32_t properties) {
    out_.events.push_back({kind, style, begin, end, properties});
  }

  bool empty_value(std::uint32_t properties = OutlineEvent::none) {
    event(Kind::scalar, Style::none, last_end_, last_end_, properties);
    return true;
  }

  bool node(bool block, bool indentless) {
    if (out_.events.size() >= most_values_) {
      return fail(too_many_values, {});
    }
    std::uint32_t properties = OutlineEvent::none;
    if (is(TokenType::alias)) {
      event(Kind::alias, Style::plain, token_->begin, token_->end, properties);
      take();
      return true;
    }
    if (is(TokenType::anchor) || is(TokenType::tag)) {
      Outline::Properties both;
      const TokenType first = token_->type;
      (first == TokenType::anchor ? both.anchor : both.tag) = {token_->begin, token_->end};
      take();
      if (!look()) {
        return false;
      }
      if ((is(TokenType::anchor) || is(TokenType::tag)) && token_->type != first) {
        (is(TokenType::anchor) ? both.anchor : both.tag) = {token_->begin, token_->end};
        take();
        if (!look()) {
          return false;
        }
      }
      properties = static_cast<std::uint32_t>(out_.properties.size());
      out_.properties.push_back(both);
    }
    if (indentless && is(TokenType::block_entry)) {
      return indentless_sequence(properties);
    }
    switch (token_->type) {
      case TokenType::scalar:
        event(Kind::scalar, token_->style, token_->begin, token_->end, properties);
        take();
        return true;
      case TokenType::flow_sequence_start:
        return flow_sequence(properties);
      case TokenType::flow_mapping_start:
        return flow_mapping(properties);
      case TokenType::block_sequence_start:
        if (block) {
          return block_sequence(properties);
        }
        break;
      case TokenType::block_mapping_start:
        if (block) {
          return block_mapping(properties);
        }
        break;
      default:
        break;
    }
    if (properties != OutlineEvent::none) {
      return empty_value(properties);
    }
    return fail_here("unexpected-token");
  }

  std::size_t begin(Kind kind, Style style, std::uint32_t properties) {
    event(kind, style, token_->begin, token_->begin, properties);
    return out_.events.size() - 1;
  }

  bool end(Kind kind, std::size_t opened) {
    out_.events[opened].end = last_end_;
    event(kind, Style::none, last_end_, last_end_, OutlineEvent::none);
    return true;
  }

  bool indentless_sequence(std::uint32_t properties) {
    std::size_t opened = begin(Kind::begin_sequence, Style::block, properties);
    while (is(TokenType::block_entry)) {
      take();
      if (!look()) {
        return false;
      }
      bool none = is(TokenType::block_entry) || is(TokenType::key) || is(TokenType::value) || is(TokenType::block_end);
      if (!(none ? empty_value() : node(true, false)) || !look()) {
        return false;
      }
    }
    return end(Kind::end_sequence, opened);
  }

  bool block_sequence(std::uint32_t properties) {
    std::size_t opened = begin(Kind::begin_sequence, Style::block, properties);
    take();
    if (!look()) {
      return false;
    }
    while (is(TokenType::block_entry)) {
      take();
      if (!look()) {
        return false;
      }
      bool none = is(TokenType::block_entry) || is(TokenType::block_end);
      if (!(none ? empty_value() : node(true, false)) || !look()) {
        return false;
      }
    }
    if (!is(TokenType::block_end)) {
      return fail_here("expected-dash", {out_.events[opened].begin, out_.events[opened].begin + 1});
    }
    take_end();
    return end(Kind::end_sequence, opened);
  }

  bool block_mapping(std::uint32_t properties) {
    std::size_t opened = begin(Kind::begin_mapping, Style::block, properties);
    take();
    if (!look()) {
      return false;
    }
    while (!is(TokenType::block_end)) {
      if (!is(TokenType::key)) {
        return fail_here("bad-indentation");
      }
      take();
      if (!look()) {
        return false;
      }
      bool none = is(TokenType::key) || is(TokenType::value) || is(TokenType::block_end);
      if (!(none ? empty_value() : node(true, true)) || !look()) {
        return false;
      }
      none = true;
      if (is(TokenType::value)) {
        take();
        if (!look()) {
          return false;
        }
        none = is(TokenType::key) || is(TokenType::value) || is(TokenType::block_end);
      }
      if (!(none ? empty_value() : node(true, true)) || !look()) {
        return false;
      }
    }
    take_end();
    return end(Kind::end_mapping, opened);
  }

  // The end of a block stands at the next token, which is no part of it.
  void take_end() { scanner_.pop(); }

  bool flow_sequence(std::uint32_t properties) {
    std::size_t opened = begin(Kind::begin_sequence, Style::flow, properties);
    const Range bracket{token_->begin, token_->end};
    take();
    if (!look()) {
      return false;
    }
    bool first = true;
    while (!is(TokenType::flow_sequence_end)) {
      if (!first) {
        if (!is(TokenType::flow_entry)) {
          return fail_unclosed("]", bracket);
        }
        take();
        if (!look()) {
          return false;
        }
      }
      first = false;
      if (is(TokenType::key)) {
        if (!single_pair() || !look()) {
          return false;
        }
      } else if (!is(TokenType::flow_sequence_end)) {
        if (!flow_node(bracket, "]") || !look()) {
          return false;
        }
      }
    }
    take();
    return end(Kind::end_sequence, opened);
  }

  // [a: b]: a mapping of one member without braces.
  bool single_pair() {
    std::size_t opened = begin(Kind::begin_mapping, Style::flow, OutlineEvent::none);
    take();
    if (!look()) {
      return false;
    }
    if (!is(TokenType::value) && !is(TokenType::flow_entry) && !is(TokenType::flow_sequence_end)) {
      if (!node(false, false) || !look()) {
        return false;
      }
    } else {
      // kubectl's parser loses the token that stands where the key is missing.
      take();
      if (!look()) {
        return false;
      }
      empty_value();
    }
    bool none = true;
    if (is(TokenType::value)) {
      take();
      if (!look()) {
        return false;
      }
      none = is(TokenType::flow_entry) || is(TokenType::flow_sequence_end);
    }
    if (!(none ? empty_value() : node(false, false))) {
      return false;
    }
    return end(Kind::end_mapping, opened);
  }

  bool flow_mapping(std::uint32_t properties) {
    std::size_t opened = begin(Kind::begin_mapping, Style::flow, properties);
    const Range bracket{token_->begin, token_->end};
    take();
    if (!look()) {
      return false;
    }
    bool first = true;
    while (!is(TokenType::flow_mapping_end)) {
      if (!first) {
        if (!is(TokenType::flow_entry)) {
          return fail_unclosed("}", bracket);
        }
        take();
        if (!look()) {
          return false;
        }
      }
      first = false;
      if (is(TokenType::key)) {
        take();
        if (!look()) {
          return false;
        }
        bool none = is(TokenType::value) || is(TokenType::flow_entry) || is(TokenType::flow_mapping_end);
        if (!(none ? empty_value() : node(false, false)) || !look()) {
          return false;
        }
        none = true;
        if (is(TokenType::value)) {
          take();
          if (!look()) {
            return false;
          }
          none = is(TokenType::flow_entry) || is(TokenType::flow_mapping_end);
        }
        if (!(none ? empty_value() : node(false, false)) || !look()) {
          return false;
        }
      } else if (!is(TokenType::flow_mapping_end)) {
        if (!flow_node(bracket, "}") || !empty_value() || !look()) {
          return false;
        }
      }
    }
    take();
    return end(Kind::end_mapping, opened);
  }

  bool flow_node(Range bracket, const char* close) {
    if (is(TokenType::stream_end)) {
      return fail_unclosed(close, bracket);
    }
    return node(false, false);
  }

  bool fail_unclosed(const char* close, Range bracket) {
    fail_here("unclosed-bracket", bracket);
    out_.error.values = {{"open", std::string(text_.substr(bracket.begin, 1))}, {"close", close}};
    return false;
  }

  std::string_view text_;
  YamlScanner scanner_;
  std::size_t most_values_;
  Outline& out_;
  const Token* token_ = nullptr;
  std::uint32_t end_;
  std::uint32_t last_end_;
};

}  // namespace

Outline outline_yaml(std::string_view text, std::size_t begin, std::size_t end, std::size_t max_depth,
                     std::size_t most_values) {
  Outline outline;
  outline.events.reserve(std::min<std::size_t>((end - begin) / 16, 4096));
  Grammar(text, begin, end, max_depth, most_values, outline).run();
  return outline;
}

}  // namespace podcheck::document
