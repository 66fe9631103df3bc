#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "document/yaml_scalar.hpp"

namespace podcheck::document {

namespace {

using Kind = ScalarValue::Kind;

ScalarValue of_boolean(bool value) {
  ScalarValue result;
  result.kind = Kind::boolean;
  result.boolean = value;
  return result;
}

ScalarValue of_integer(std::int64_t value) {
  ScalarValue result;
  result.kind = Kind::integer;
  result.integer = value;
  return result;
}

// kubectl writes JSON in between: a real without a fraction comes out as an integer.
ScalarValue of_real(double value) {
  ScalarValue result;
  if (std::trunc(value) == value && std::abs(value) < 9223372036854775808.0) {
    result = of_integer(static_cast<std::int64_t>(value));
    result.real = value;
    result.written_as_real = true;
    return result;
  }
  result.kind = std::isfinite(value) ? Kind::real : Kind::not_json;
  result.real = value;
  return result;
}

// y, Y, yes, Yes, YES and the like: all small, all capital or only the first letter.
bool in_three_cases(std::string_view text, std::string_view small) {
  if (text.size() != small.size()) {
    return false;
  }
  bool lower = true;
  bool upper = true;
  bool title = true;
  for (std::size_t i = 0; i < small.size(); ++i) {
    const char capital = small[i] >= 'a' && small[i] <= 'z' ? static_cast<char>(small[i] - 32) : small[i];
    lower = lower && text[i] == small[i];
    upper = upper && text[i] == capital;
    title = title && text[i] == (i == 0 ? capital : small[i]);
  }
  return lower || upper || title;
}

std::optional<ScalarValue> named_value(std::string_view text) {
  if (text.size() > 5) {
    return std::nullopt;
  }
  for (std::string_view word : {"y", "yes", "true", "on"}) {
    if (in_three_cases(text, word)) {
      return of_boolean(true);
    }
  }
  for (std::string_view word : {"n", "no", "false", "off"}) {
    if (in_three_cases(text, word)) {
      return of_boolean(false);
    }
  }
  if (text.empty() || text == "~" || in_three_cases(text, "null")) {
    ScalarValue result;
    result.kind = Kind::null;
    return result;
  }
  if (text == ".nan" || text == ".NaN" || text == ".NAN") {
    return of_real(std::numeric_limits<double>::quiet_NaN());
  }
  std::string_view unsigned_text = text.front() == '+' || text.front() == '-' ? text.substr(1) : text;
  if (unsigned_text == ".inf" || unsigned_text == ".Inf" || unsigned_text == ".INF") {
    return of_real(text.front() == '-' ? -std::numeric_limits<double>::infinity()
                                       : std::numeric_limits<double>::infinity());
  }
  return std::nullopt;
}

bool digits_at(std::string_view text, std::size_t& at) {
  const std::size_t start = at;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
    ++at;
  }
  return at > start;
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool decimal_real(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  if (digits_at(text, at)) {
    if (at < text.size() && text[at] == '.') {
      ++at;
      digits_at(text, at);
    }
  } else if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digits_at(text, at)) {
      return false;
    }
  } else {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
      ++at;
    }
    if (!digits_at(text, at)) {
      return false;
    }
  }
  return at == text.size();
}

std::optional<ScalarValue> real_value(const std::string& text) {
  if (!decimal_real(text)) {
    return std::nullopt;
  }
  double value = std::strtod(text.c_str(), nullptr);
  if (std::isinf(value)) {
    return std::nullopt;  // out of range: stays text
  }
  return of_real(value);
}

// Go's strconv.ParseInt with base 0: 0x, 0o, 0b and a bare 0 choose the base.
std::optional<ScalarValue> integer_value(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) {
    return std::nullopt;
  }
  int base = 10;
  if (text[0] == '0' && text.size() > 1) {
    const char mark = static_cast<char>(text[1] | 0x20);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    text.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  std::uint64_t magnitude = 0;
  auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (text.empty() || stop != text.data() + text.size() || error == std::errc::invalid_argument) {
    return std::nullopt;
  }
  constexpr std::uint64_t limit = std::uint64_t{1} << 63;
  if (error == std::errc() && (magnitude < limit || (negative && magnitude == limit))) {
    return of_integer(static_cast<std::int64_t>(negative ? std::uint64_t{0} - magnitude : magnitude));
  }
  // Beyond 64 bits: a decimal number is a real, any other stays text.
  if (error != std::errc() || negative) {
    return std::nullopt;
  }
  ScalarValue result;
  result.kind = Kind::real;
  result.real = static_cast<double>(magnitude);
  result.large = true;
  return result;
}

bool between(std::string_view text, std::size_t& at, int longest, int low, int high, int* out = nullptr) {
  int value = 0;
  int length = 0;
  while (at < text.size() && length < longest && text[at] >= '0' && text[at] <= '9') {
    value = value * 10 + (text[at] - '0');
    ++at;
    ++length;
  }
  if (out != nullptr) {
    *out = value;
  }
  return length > 0 && value >= low && value <= high;
}

// 2006-1-2, alone or with a time: kept as text, but never read as a number and allowed by !!timestamp.
bool timestamp(std::string_view text) {
  std::size_t at = 0;
  int year = 0;
  int month = 0;
  int day = 0;
  if (text.size() < 6 || text[4] != '-' || !between(text, at, 4, 0, 9999, &year) || at != 4 ||
      !between(text, ++at, 2, 1, 12, &month) || at >= text.size() || text[at] != '-' ||
      !between(text, ++at, 2, 1, 31, &day)) {
    return false;
  }
  static constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day > days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0)) {
    return false;
  }
  if (at == text.size()) {
    return true;
  }
  const char separator = text[at];
  if ((separator != 'T' && separator != 't' && separator != ' ') || !between(text, ++at, 2, 0, 23) ||
      at >= text.size() || text[at] != ':' || !between(text, ++at, 2, 0, 59) || at >= text.size() || text[at] != ':' ||
      !between(text, ++at, 2, 0, 59)) {
    return false;
  }
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
    ++at;
    if (!digits_at(text, at)) {
      return false;
    }
  }
  if (separator == ' ' || at == text.size()) {
    return separator == ' ' && at == text.size();
  }
  if (text[at] == 'Z') {
    return at + 1 == text.size();
  }
  return (text[at] == '+' || text[at] == '-') && text.size() == at + 6 && text[at + 3] == ':' &&
         between(text, ++at, 2, 0, 24) && between(text, ++at, 2, 0, 60);
}

struct Resolved {
  std::string_view tag = "!!str";
  std::optional<ScalarValue> value;  // none: the text itself
};

Resolved resolve_plain(std::string_view tag, std::string_view text) {
  const char first = text.empty() ? 'N' : text[0];
  if (std::string_view("+-0123456789yYnNtTfFoO~.").find(first) == std::string_view::npos) {
    return {};
  }
  if (std::optional<ScalarValue> named = named_value(text)) {
    const bool null = named->kind == Kind::null;
    return {null ? "!!null" : named->kind == Kind::boolean ? "!!bool" : "!!float", std::move(named)};
  }
  if (first == '.') {
    if (std::optional<ScalarValue> real = real_value(std::string(text))) {
      return {"!!float", std::move(real)};
    }
    return {};
  }
  if (std::string_view("+-0123456789").find(first) == std::string_view::npos) {
    return {};
  }
  if ((tag.empty() || tag == "!!timestamp") && timestamp(text)) {
    return {"!!timestamp", std::nullopt};
  }
  std::string plain;
  for (char c : text) {
    if (c != '_') {
      plain += c;
    }
  }
  std::optional<ScalarValue> integer = integer_value(plain);
  if (integer) {
    return {"!!int", std::move(integer)};
  }
  if (std::optional<ScalarValue> real = real_value(plain)) {
    return {"!!float", std::move(real)};
  }
  return {};
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  int padding = 0;
  std::size_t symbols = 0;
  for (char c : text) {
    int value = 0;
    if (c == '\n' || c == '\r') {
      continue;
    }
    ++symbols;
    if (c == '=') {
      ++padding;
      continue;
    }
    if (c >= 'A' && c <= 'Z') {
      value = c - 'A';
    } else if (c >= 'a' && c <= 'z') {
      value = c - 'a' + 26;
    } else if (c >= '0' && c <= '9') {
      value = c - '0' + 52;
    } else if (c == '+' || c == '/') {
      value = c == '+' ? 62 : 63;
    } else {
      return std::nullopt;
    }
    if (padding > 0) {
      return std::nullopt;
    }
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> count) & 0xFF);
    }
  }
  if (symbols % 4 != 0 || padding > 2) {
    return std::nullopt;
  }
  return out;
}

}  // namespace

std::string short_tag(std::string_view tag) {
  if (tag.starts_with("!<") && tag.ends_with('>')) {
    tag = tag.substr(2, tag.size() - 3);
  }
  constexpr std::string_view prefix = "tag:yaml.org,2002:";
  if (tag.starts_with(prefix)) {
    return "!!" + std::string(tag.substr(prefix.size()));
  }
  return std::string(tag);
}

ScalarValue resolve_scalar(std::string_view raw_tag, std::string_view text, bool implicit) {
  ScalarValue result;
  const std::string tag = short_tag(raw_tag);
  if (tag.empty() && !implicit) {
    return result;
  }
  if (tag == "!!binary") {
    std::optional<std::string> data = decode_base64(text);
    if (!data) {
      result.kind = Kind::wrong_base64;
      return result;
    }
    result.string = std::move(*data);
    result.own_string = true;
    return result;
  }
  const bool resolvable =
      tag.empty() || tag == "!!bool" || tag == "!!int" || tag == "!!float" || tag == "!!null" || tag == "!!timestamp";
  if (!resolvable) {
    return result;
  }
  Resolved resolved = resolve_plain(tag, text);
  if (!tag.empty() && tag != resolved.tag && !(tag == "!!float" && resolved.tag == "!!int" && !resolved.value->large)) {
    result.kind = Kind::wrong_tag;
    return result;
  }
  return resolved.value ? std::move(*resolved.value) : result;
}

std::string real_key(double value) {
  if (!std::isfinite(value)) {
    return std::isnan(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
  }
  char buffer[40];
  const float single = static_cast<float>(value);
  const double size = std::abs(value);
  const bool fixed = size == 0 || (size >= 1e-4 && size < 1e6);
  auto result = std::to_chars(buffer, buffer + sizeof buffer, single,
                              fixed ? std::chars_format::fixed : std::chars_format::scientific);
  return {buffer, result.ptr};
}

}  // namespace podcheck::document
