#include "kube/quantity.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace podcheck::kube {

namespace {

constexpr Int128 nano = 1'000'000'000;
// 10^37 nanos: beyond every sum of quantities in a cluster, and far enough from overflow to add without a check.
constexpr Int128 largest = [] {
  Int128 value = 1;
  for (int i = 0; i < 37; ++i) {
    value *= 10;
  }
  return value;
}();

Int128 clamp(Int128 value) {
  return std::clamp(value, -largest, largest);
}

Int128 multiply(Int128 a, Int128 b) {
  bool negative = (a < 0) != (b < 0);
  a = a < 0 ? -a : a;
  b = b < 0 ? -b : b;
  constexpr Int128 word = Int128{1} << 63;  // factors below it cannot overflow, and spare a slow division
  if (a < word && b < word) {
    Int128 product = std::min(a * b, largest);
    return negative ? -product : product;
  }
  if (a != 0 && b > largest / a) {
    return negative ? -largest : largest;
  }
  return negative ? -(a * b) : a * b;
}

Int128 power(Int128 base, int exponent) {
  Int128 value = 1;
  for (int i = 0; i < exponent; ++i) {
    value = multiply(value, base);
  }
  return value;
}

Int128 divide_up(Int128 value, Int128 by) {
  constexpr Int128 word = std::numeric_limits<std::int64_t>::max();
  if (value >= 0 && value <= word && by <= word) {
    auto small = static_cast<std::int64_t>(value);
    auto divisor = static_cast<std::int64_t>(by);
    return small / divisor + (small % divisor == 0 ? 0 : 1);
  }
  Int128 quotient = value / by;
  return quotient * by < value ? quotient + 1 : quotient;
}

std::int64_t narrow(Int128 value) {
  constexpr Int128 high = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::clamp(value, -high, high));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Suffix {
  int base = 10;
  int exponent = 0;
  Quantity::Format format = Quantity::Format::decimal;
};

std::optional<Suffix> read_suffix(std::string_view text) {
  struct Known {
    std::string_view text;
    Suffix suffix;
  };
  using Format = Quantity::Format;
  static constexpr Known known[] = {
      {"", {10, 0, Format::decimal}},   {"n", {10, -9, Format::decimal}}, {"u", {10, -6, Format::decimal}},
      {"m", {10, -3, Format::decimal}}, {"k", {10, 3, Format::decimal}},  {"M", {10, 6, Format::decimal}},
      {"G", {10, 9, Format::decimal}},  {"T", {10, 12, Format::decimal}}, {"P", {10, 15, Format::decimal}},
      {"E", {10, 18, Format::decimal}}, {"Ki", {2, 10, Format::binary}},  {"Mi", {2, 20, Format::binary}},
      {"Gi", {2, 30, Format::binary}},  {"Ti", {2, 40, Format::binary}},  {"Pi", {2, 50, Format::binary}},
      {"Ei", {2, 60, Format::binary}}};
  for (const Known& candidate : known) {
    if (candidate.text == text) {
      return candidate.suffix;
    }
  }
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) {
    return std::nullopt;
  }
  std::string_view digits = text.substr(1);
  bool negative = digits[0] == '-';
  if (digits[0] == '+' || digits[0] == '-') {
    digits.remove_prefix(1);
  }
  int exponent = 0;
  auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (digits.empty() || end != digits.data() + digits.size() || !is_digit(digits[0])) {
    return std::nullopt;
  }
  if (status != std::errc()) {
    exponent = 1000;
  }
  exponent = std::min(exponent, 1000);
  return Suffix{10, negative ? -exponent : exponent, Quantity::Format::exponent};
}

// `digits` with the decimal point taken out and `scale` digits behind it, times the suffix, in nanos.
Int128 value_of(std::string_view whole, std::string_view fraction, const Suffix& suffix) {
  Int128 value = 0;
  int shift = 9;  // power of ten still to be applied
  bool rest = false;
  auto take = [&](char digit) {
    if (value > largest / 1000) {
      ++shift;
      rest = rest || digit != '0';
    } else {
      value = value * 10 + (digit - '0');
    }
  };
  for (char digit : whole) {
    take(digit);
  }
  for (char digit : fraction) {
    take(digit);
    --shift;
  }
  if (suffix.base == 2) {
    // The factor first, so that 0.5Ki is exact; long fractions lose what a nano cannot hold anyway.
    while (shift < 0 && value > largest / (Int128{1} << 60)) {
      rest = rest || value % 10 != 0;
      value /= 10;
      ++shift;
    }
    value = multiply(value, power(2, suffix.exponent));
  } else {
    shift += suffix.exponent;
  }
  if (shift >= 0) {
    return value == 0 ? 0 : multiply(value, power(10, std::min(shift, 38)));
  }
  Int128 divisor = power(10, std::min(-shift, 37));
  Int128 quotient = value / divisor;
  rest = rest || quotient * divisor != value;
  return rest ? quotient + 1 : quotient;
}

struct Parts {
  std::size_t begin = 0;  // of the trimmed text
  std::string_view text;
  std::size_t suffix = 0;  // where it begins in the trimmed text
  std::size_t whole_begin = 0, whole_end = 0, fraction_begin = 0, fraction_end = 0;
  bool negative = false;
};

Parts split(std::string_view text) {
  Parts parts;
  constexpr std::string_view blanks = " \t\r\n\v\f";
  std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) {
    return parts;
  }
  parts.begin = begin;
  parts.text = text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
  std::size_t at = 0;
  if (parts.text[0] == '-' || parts.text[0] == '+') {
    parts.negative = parts.text[0] == '-';
    ++at;
  }
  auto digits = [&](std::size_t& from, std::size_t& to) {
    from = at;
    while (at < parts.text.size() && is_digit(parts.text[at])) {
      ++at;
    }
    to = at;
  };
  digits(parts.whole_begin, parts.whole_end);
  if (at < parts.text.size() && parts.text[at] == '.') {
    ++at;
    digits(parts.fraction_begin, parts.fraction_end);
  }
  parts.suffix = at;
  return parts;
}

std::string decimal(Int128 value) {
  bool negative = value < 0;
  if (negative) {
    value = -value;
  }
  std::string text;
  do {
    text += static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  if (negative) {
    text += '-';
  }
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace

Quantity Quantity::from_nanos(Int128 nanos, Format format) {
  Quantity quantity;
  quantity.nanos_ = clamp(nanos);
  quantity.format_ = format;
  return quantity;
}

Quantity Quantity::from_units(std::int64_t units, Format format) {
  return from_nanos(Int128{units} * nano, format);
}

Quantity Quantity::from_milli(std::int64_t milli) {
  return from_nanos(Int128{milli} * 1'000'000);
}

bool Quantity::is_whole() const {
  return nanos_ % nano == 0;
}

std::int64_t Quantity::units() const {
  return narrow(divide_up(nanos_, nano));
}

std::int64_t Quantity::milli() const {
  return narrow(divide_up(nanos_, 1'000'000));
}

double Quantity::approximate() const {
  return static_cast<double>(nanos_) / 1e9;
}

Quantity& Quantity::operator+=(Quantity other) {
  if (nanos_ == 0) {
    format_ = other.format_;
  }
  nanos_ = clamp(nanos_ + other.nanos_);
  return *this;
}

Quantity& Quantity::operator-=(Quantity other) {
  if (nanos_ == 0) {
    format_ = other.format_;
  }
  nanos_ = clamp(nanos_ - other.nanos_);
  return *this;
}

Quantity Quantity::times(std::int64_t factor) const {
  return from_nanos(multiply(nanos_, factor), format_);
}

std::optional<Quantity> parse_quantity(std::string_view text, QuantityError* error) {
  auto fail = [&](QuantityError::Kind kind, std::size_t at) -> std::optional<Quantity> {
    if (error != nullptr) {
      *error = {kind, at};
    }
    return std::nullopt;
  };
  Parts parts = split(text);
  if (parts.text.empty()) {
    return fail(QuantityError::Kind::empty, 0);
  }
  std::string_view rest = parts.text.substr(parts.suffix);
  std::optional<Suffix> suffix = read_suffix(rest);
  if (!suffix) {
    bool starts_as_number = parts.suffix > 0 && (parts.whole_end > parts.whole_begin || parts.fraction_begin > 0);
    return fail(starts_as_number ? QuantityError::Kind::suffix : QuantityError::Kind::number,
                parts.begin + parts.suffix);
  }
  Int128 value = value_of(parts.text.substr(parts.whole_begin, parts.whole_end - parts.whole_begin),
                          parts.text.substr(parts.fraction_begin, parts.fraction_end - parts.fraction_begin), *suffix);
  return Quantity::from_nanos(parts.negative ? -value : value, suffix->format);
}

std::optional<Quantity> quantity_of(document::Node node) {
  if (node.is_string()) {
    return parse_quantity(node.string());
  }
  if (node.is_number()) {
    return parse_quantity(node.text());
  }
  return std::nullopt;
}

std::string_view quantity_suffix(std::string_view text) {
  Parts parts = split(text);
  return parts.text.substr(std::min(parts.suffix, parts.text.size()));
}

std::string to_string(const Quantity& quantity) {
  Int128 value = quantity.nanos();
  if (value == 0) {
    return "0";
  }
  Int128 magnitude = value < 0 ? -value : value;
  if (quantity.format() == Quantity::Format::binary && magnitude >= 1024 * nano && magnitude % nano == 0) {
    static constexpr std::string_view names[] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    value /= nano;
    std::size_t unit = 0;
    while (unit + 1 < std::size(names) && value % 1024 == 0) {
      value /= 1024;
      ++unit;
    }
    return decimal(value) + std::string(names[unit]);
  }
  int exponent = -9;
  while (exponent < 18 && value % 1000 == 0) {
    value /= 1000;
    exponent += 3;
  }
  if (quantity.format() == Quantity::Format::exponent) {
    return exponent == 0 ? decimal(value) : decimal(value) + "e" + std::to_string(exponent);
  }
  static constexpr std::string_view names[] = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
  return decimal(value) + std::string(names[static_cast<std::size_t>((exponent + 9) / 3)]);
}

std::string format_cpu(const Quantity& quantity) {
  if (quantity.is_whole()) {
    return decimal(quantity.nanos() / nano);
  }
  return to_string(Quantity::from_nanos(quantity.nanos()));
}

std::string format_bytes(const Quantity& quantity) {
  auto one_decimal = [](double value) {
    char buffer[40];
    auto [end, status] = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, 1);
    std::string text(buffer, status == std::errc() ? end : buffer);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
  };
  if (!quantity.is_whole()) {
    double value = quantity.approximate();
    if (std::abs(value) < 1024) {
      std::string text(64, '\0');
      auto [end, status] = std::to_chars(text.data(), text.data() + text.size(), value);
      text.resize(status == std::errc() ? static_cast<std::size_t>(end - text.data()) : 0);
      return text + " bytes";
    }
  }
  Int128 bytes = divide_up(quantity.nanos(), nano);
  Int128 magnitude = bytes < 0 ? -bytes : bytes;
  if (magnitude < 1024) {
    return bytes == 0 ? "0" : decimal(bytes) + (magnitude == 1 ? " byte" : " bytes");
  }
  static constexpr std::string_view names[] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  std::size_t unit = 0;
  Int128 size = 1;
  while (unit + 1 < std::size(names) && magnitude / size >= 1024) {
    size *= 1024;
    ++unit;
  }
  // An exact smaller unit reads better than a rounded larger one: 1536Mi, but 1.4Gi.
  if (bytes % size != 0 && unit > 1 && bytes % (size / 1024) == 0) {
    return decimal(bytes / (size / 1024)) + std::string(names[unit - 1]);
  }
  return one_decimal(static_cast<double>(bytes) / static_cast<double>(size)) + std::string(names[unit]);
}

bool counts_bytes(std::string_view resource) {
  return resource == "memory" || resource == "storage" || resource == "ephemeral-storage" ||
         resource.starts_with("hugepages-") || resource.ends_with(".memory") || resource.ends_with(".storage") ||
         resource.ends_with(".ephemeral-storage");
}

std::string format_resource(std::string_view resource, const Quantity& quantity) {
  if (resource == "cpu" || resource.ends_with(".cpu")) {
    return format_cpu(quantity);
  }
  return counts_bytes(resource) ? format_bytes(quantity) : to_string(quantity);
}

}  // namespace podcheck::kube
