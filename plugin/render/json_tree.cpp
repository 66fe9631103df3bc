#include "render/json_tree.hpp"

namespace podcheck::render {

namespace {

void write_string(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void write(std::string& out, document::Node node, std::size_t depth) {
  if (!node.is_mapping() && !node.is_sequence()) {
    node.is_string() ? write_string(out, node.string()) : void(out += node.text());
    return;
  }
  bool mapping = node.is_mapping();
  if (node.empty()) {
    out += mapping ? "{}" : "[]";
    return;
  }
  out += mapping ? "{" : "[";
  for (std::size_t i = 0; i < node.size(); ++i) {
    document::Node child = node[i];
    out += i == 0 ? "\n" : ",\n";
    out.append(2 * (depth + 1), ' ');
    if (mapping) {
      write_string(out, child.key());
      out += ": ";
    }
    write(out, child, depth + 1);
  }
  out += '\n';
  out.append(2 * depth, ' ');
  out += mapping ? "}" : "]";
}

}  // namespace

std::string pretty_json(document::Node node) {
  std::string out;
  write(out, node, 0);
  out += '\n';
  return out;
}

}  // namespace podcheck::render
