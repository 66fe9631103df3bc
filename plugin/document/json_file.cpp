#include "document/json_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "document/member_keys.hpp"
#include "document/yaml_compose.hpp"
#include "document/yaml_scalar.hpp"

namespace podcheck::document {

namespace {

class JsonFile {
 public:
  JsonFile(std::string_view text, std::size_t& at, const Limits& limits, std::size_t most_values, Tree& tree,
           std::vector<Problem>& problems, SyntaxError& error)
      : text_(text),
        at_(at),
        limits_(limits),
        values_left_(most_values),
        builder_(tree),
        problems_(problems),
        error_(error) {}

  bool value() {
    skip_blanks();
    if (values_left_ == 0) {
      return fail(too_many_values, {});
    }
    --values_left_;
    const std::size_t start = at_;
    switch (peek()) {
      case '{':
        return object();
      case '[':
        return array();
      case '"': {
        std::string_view decoded;
        if (!string(decoded)) {
          return false;
        }
        builder_.string(decoded, range(start), Style::double_quoted);
        return true;
      }
      case 't':
        return word("true") && (builder_.boolean(true, range(start), Style::plain), true);
      case 'f':
        return word("false") && (builder_.boolean(false, range(start), Style::plain), true);
      case 'n':
        return word("null") && (builder_.null(range(start), Style::plain), true);
      default:
        return number();
    }
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  Range range(std::size_t begin) const { return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)}; }

  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' || text_[at_] == '\n')) {
      ++at_;
    }
  }

  bool fail(std::string variant, Range where, std::vector<std::pair<std::string, std::string>> values = {},
            Range related = {}) {
    error_ = {std::move(variant), where, std::move(values), related};
    return false;
  }

  // At a byte that JSON does not allow here; `open` is the bracket that is left open when the text ends.
  bool unexpected(Range open = {}) {
    if (at_ >= text_.size()) {
      const auto end = static_cast<std::uint32_t>(text_.size());
      return fail("json-truncated", open.end == 0 ? Range{end, end} : open);
    }
    std::size_t stop = text_.find_first_of(" \t\r\n,:{}[]\"", at_);
    stop = std::max(at_ + 1, std::min({stop, text_.size(), at_ + 40}));
    // A code point is never cut.
    while (stop < text_.size() && (static_cast<unsigned char>(text_[stop]) & 0xC0) == 0x80) {
      ++stop;
    }
    Range where{static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(stop)};
    return fail("json-unexpected", where, {{"text", std::string(text_.substr(at_, stop - at_))}}, open);
  }

  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) {
      return unexpected();
    }
    at_ += expected.size();
    return true;
  }

  bool object() {
    const Range open{static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + 1)};
    if (!enter(open)) {
      return false;
    }
    builder_.begin_mapping(open, Style::flow);
    keys_.open();
    skip_blanks();
    bool more = peek() != '}';
    while (more) {
      skip_blanks();
      if (peek() != '"') {
        return unexpected(open);
      }
      const std::size_t start = at_;
      std::string_view key;
      if (!string(key)) {
        return false;
      }
      const Range key_range = range(start);
      skip_blanks();
      if (peek() != ':') {
        return unexpected(open);
      }
      ++at_;
      builder_.key(key, key_range);
      if (const auto first = keys_.add(key, key_range)) {
        note_duplicate(problems_, key, key_range, *first);
      }
      if (!value() || !next('}', open, more)) {
        return false;
      }
    }
    ++at_;
    keys_.close();
    builder_.end(static_cast<std::uint32_t>(at_));
    return true;
  }

  // After a value: a comma, and more, or what closes the collection.
  bool next(char close, Range open, bool& more) {
    skip_blanks();
    more = peek() == ',';
    if (!more && peek() != close) {
      return unexpected(open);
    }
    at_ += more ? 1 : 0;
    return true;
  }

  bool array() {
    const Range open{static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + 1)};
    if (!enter(open)) {
      return false;
    }
    builder_.begin_sequence(open, Style::flow);
    skip_blanks();
    bool more = peek() != ']';
    while (more) {
      if (!value() || !next(']', open, more)) {
        return false;
      }
    }
    ++at_;
    builder_.end(static_cast<std::uint32_t>(at_));
    return true;
  }

  bool enter(Range open) {
    if (builder_.depth() >= limits_.max_depth) {
      return fail("too-deep", open, {{"limit", std::to_string(limits_.max_depth)}});
    }
    ++at_;
    return true;
  }

  bool hex4(std::size_t at, std::uint32_t& code) const {
    if (at + 4 > text_.size()) {
      return false;
    }
    const char* begin = text_.data() + at;
    return std::from_chars(begin, begin + 4, code, 16).ptr == begin + 4;
  }

  void append(std::string& out, std::uint32_t code) const {
    // YAML's escape has the same bytes to make.
    static constexpr char digits[] = "0123456789abcdef";
    std::string escaped = "\"\\U";
    for (int shift = 28; shift >= 0; shift -= 4) {
      escaped += digits[(code >> shift) & 15];
    }
    escaped += '"';
    out += decode_scalar(escaped, 0, static_cast<std::uint32_t>(escaped.size()), Style::double_quoted);
  }

  // The decoded text: a part of the source where it has no escapes, else valid until the next call.
  bool string(std::string_view& out) {
    const std::size_t start = at_++;
    bool ascii = true;
    bool escaped = false;
    std::size_t copied = at_;  // decoded_ has what stands before, once there are escapes
    while (true) {
      if (at_ >= text_.size()) {
        return fail("unterminated-quote",
                    {static_cast<std::uint32_t>(start),
                     static_cast<std::uint32_t>(std::min(text_.find_first_of("\r\n", start), text_.size()))},
                    {{"quote", "\""}});
      }
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        break;
      }
      if (c < 0x20) {
        return c == '\n' || c == '\r' ? fail("unterminated-quote", range(start), {{"quote", "\""}}) : unexpected();
      }
      ascii = ascii && c < 0x80;
      if (c != '\\') {
        ++at_;
        continue;
      }
      if (!escaped) {
        decoded_.clear();
        escaped = true;
      }
      decoded_ += text_.substr(copied, at_ - copied);
      if (!escape(decoded_)) {
        return false;
      }
      copied = at_;
    }
    out = text_.substr(copied, at_ - copied);
    ++at_;
    if (escaped) {
      decoded_ += out;
      out = decoded_;
    }
    if (!ascii) {
      decoded_ = with_valid_utf8(out);
      out = decoded_;
    }
    return true;
  }

  bool escape(std::string& out) {
    static constexpr std::string_view names = "\"\\/bfnrt";
    static constexpr std::string_view values = "\"\\/\b\f\n\r\t";
    const std::size_t start = at_;
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const std::size_t found = names.find(c);
    if (c != '\0' && found != std::string_view::npos) {
      out += values[found];
      at_ += 2;
      return true;
    }
    std::uint32_t code = 0;
    if (c != 'u' || !hex4(at_ + 2, code)) {
      at_ = std::min(at_ + 2, text_.size());
      return fail("unknown-escape", range(start), {{"escape", std::string(text_.substr(start, at_ - start))}});
    }
    at_ += 6;
    std::uint32_t low = 0;
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(std::min(at_, text_.size())).starts_with("\\u") &&
        hex4(at_ + 2, low) && low >= 0xDC00 && low < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      at_ += 6;
    } else if (code >= 0xD800 && code < 0xE000) {
      code = 0xFFFD;
    }
    append(out, code);
    return true;
  }

  bool digits() {
    const std::size_t start = at_;
    while (peek() >= '0' && peek() <= '9') {
      ++at_;
    }
    return at_ > start;
  }

  bool number() {
    const std::size_t start = at_;
    bool whole = true;
    if (peek() == '-') {
      ++at_;
    }
    if (peek() == '0') {
      ++at_;
    } else if (!digits()) {
      at_ = start;
      return unexpected();
    }
    if (peek() == '.') {
      whole = false;
      ++at_;
      if (!digits()) {
        return unexpected();
      }
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      ++at_;
      if (peek() == '+' || peek() == '-') {
        ++at_;
      }
      if (!digits()) {
        return unexpected();
      }
    }
    const std::string literal(text_.substr(start, at_ - start));
    std::int64_t integer = 0;
    if (whole && std::from_chars(literal.data(), literal.data() + literal.size(), integer).ec == std::errc()) {
      builder_.integer(integer, range(start), Style::plain);
      return true;
    }
    const double real = std::strtod(literal.c_str(), nullptr);
    if (real > 1.7976931348623157e308 || real < -1.7976931348623157e308) {
      return fail("not-json", range(start), {{"value", literal}});
    }
    builder_.real(real, range(start), Style::plain);
    return true;
  }

  std::string_view text_;
  std::size_t& at_;
  const Limits& limits_;
  std::size_t values_left_;
  TreeBuilder builder_;
  std::vector<Problem>& problems_;
  SyntaxError& error_;
  MemberKeys keys_;
  std::string decoded_;
};

}  // namespace

bool read_json_value(std::string_view text, std::size_t& at, const Limits& limits, std::size_t most_values, Tree& tree,
                     std::vector<Problem>& problems, SyntaxError& error) {
  return JsonFile(text, at, limits, most_values, tree, problems, error).value();
}

}  // namespace podcheck::document
