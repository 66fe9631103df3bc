#include <algorithm>
#include <charconv>
#include <cmath>

#include "document/document.hpp"

namespace podcheck::document {

namespace {

void append_quoted(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += "\\u00";
          out += hex[static_cast<unsigned char>(c) >> 4];
          out += hex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// As Go's encoding/json: the shortest digits that read back, an exponent only below 1e-6 and from 1e21 on.
void append_real(std::string& out, double value) {
  char buffer[40];
  const double size = std::abs(value);
  auto result = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  std::string_view text(buffer, static_cast<std::size_t>(result.ptr - buffer));
  const std::size_t mark = text.find('e');
  int exponent = 0;
  std::from_chars(text.data() + mark + (text[mark + 1] == '+' ? 2 : 1), result.ptr, exponent);
  if (size != 0 && (size < 1e-6 || size >= 1e21)) {
    out += text.substr(0, mark);
    out += exponent < 0 ? "e-" : "e+";
    out += std::to_string(std::abs(exponent));
    return;
  }
  std::string digits;
  for (char c : text.substr(0, mark)) {
    if (c >= '0' && c <= '9') {
      digits += c;
    }
  }
  out += text[0] == '-' ? "-" : "";
  if (exponent < 0) {
    out += "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    return;
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  digits.resize(std::max(digits.size(), whole), '0');
  out += digits.substr(0, whole);
  if (digits.size() > whole) {
    out += "." + digits.substr(whole);
  }
}

void append(std::string& out, Node node) {
  switch (node.type()) {
    case Type::string:
      append_quoted(out, node.string());
      break;
    case Type::real:
      append_real(out, *node.number());
      break;
    case Type::sequence: {
      char separator = '[';
      for (Node item : node.items()) {
        out += separator;
        append(out, item);
        separator = ',';
      }
      out += node.empty() ? "[]" : "]";
      break;
    }
    case Type::mapping: {
      char separator = '{';
      for (const Member& member : node.members()) {
        out += separator;
        append_quoted(out, member.key);
        out += ':';
        append(out, member.value);
        separator = ',';
      }
      out += node.empty() ? "{}" : "}";
      break;
    }
    default:
      out += node ? node.text() : "null";
  }
}

}  // namespace

std::string to_json(Node node) {
  std::string out;
  append(out, node);
  return out;
}

}  // namespace podcheck::document
