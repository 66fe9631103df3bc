// The bytes that cards are packed into: varints, strings with their length, and nodes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"

namespace podcheck::catalogue {

class Packer {
 public:
  void number(std::uint64_t value);
  void string(std::string_view text);
  void strings(const std::vector<std::string>& list);
  void node(document::Node node);  // value only: ranges and styles are not kept; a missing node is kept as missing
  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

// Reads what Packer wrote; the bytes are our own, so there are no errors to report, only asserts.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number();
  std::string_view string();
  std::vector<std::string> strings();
  bool node(document::Tree& tree);  // false when the node was missing
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  void node_into(document::TreeBuilder& builder, std::uint8_t tag);
};

}  // namespace podcheck::catalogue
