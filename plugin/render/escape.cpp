#include "render/escape.hpp"

#include "render/terminal_text.hpp"

namespace podcheck::render {

std::string xml_escape(std::string_view text) {
  std::string out;
  for (char c : printable(text)) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

namespace {

void percent(std::string& out, char c) {
  static constexpr char digits[] = "0123456789ABCDEF";
  auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

}  // namespace

std::string uri_escape(std::string_view path) {
  std::string out;
  while (path.starts_with("./")) {
    path.remove_prefix(2);
  }
  for (char c : path) {
    if (c == '\\') {
      out += '/';
    } else if (is_unreserved(c)) {
      out += c;
    } else {
      percent(out, c);
    }
  }
  return out;
}

std::string workflow_data(std::string_view text) {
  std::string out;
  for (char c : text) {
    c == '%' || c == '\r' || c == '\n' ? percent(out, c) : void(out += c);
  }
  return out;
}

std::string workflow_property(std::string_view text) {
  std::string out;
  for (char c : text) {
    c == '%' || c == '\r' || c == '\n' || c == ':' || c == ',' ? percent(out, c) : void(out += c);
  }
  return out;
}

std::string markdown_cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n') {
      out += "<br>";
    } else {
      if (c == '|' || c == '<' || c == '`' || c == '*' || c == '_') {
        out += '\\';
      }
      out += c;
    }
  }
  return out;
}

std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ull;
  }
  return hash;
}

std::string hex(std::uint64_t value) {
  std::string out(16, '0');
  for (int i = 15; i >= 0; --i, value >>= 4) {
    out[static_cast<std::size_t>(i)] = "0123456789abcdef"[value & 15];
  }
  return out;
}

}  // namespace podcheck::render
