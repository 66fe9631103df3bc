// A JSON value that can be changed, and JSON Patch on it: a proposed change is tried with the very patch that is
// printed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/node.hpp"

namespace podcheck::scheduling {

class Value {
 public:
  Value() = default;  // null
  static Value string(std::string_view text);
  static Value integer(std::int64_t number);
  static Value boolean(bool flag);
  static Value mapping();
  static Value sequence();
  static Value from(document::Node node);  // ranges are dropped; a missing node is null

  document::Type type() const { return type_; }
  std::string_view text() const { return text_; }  // of a string
  bool is_mapping() const { return type_ == document::Type::mapping; }
  bool is_sequence() const { return type_ == document::Type::sequence; }

  // Of a mapping; nullptr when absent.
  Value* find(std::string_view key);
  // Of a mapping; made as null when absent. Another type of value becomes an empty mapping first.
  Value& member(std::string_view key);
  void erase(std::string_view key);
  std::vector<Value>& items() { return items_; }
  const std::vector<std::pair<std::string, Value>>& members() const { return members_; }
  void append(Value value);  // another type of value becomes an empty sequence first

  std::unique_ptr<document::Tree> tree() const;
  std::string json() const;

 private:
  friend struct PatchTarget;
  document::Type type_ = document::Type::null;
  std::string text_;
  std::int64_t integer_ = 0;
  double real_ = 0;
  bool boolean_ = false;
  std::vector<Value> items_;
  std::vector<std::pair<std::string, Value>> members_;
  void write(document::TreeBuilder& builder) const;
};

// One step of an RFC 6902 patch.
struct PatchStep {
  std::string op;    // add | replace | remove
  std::string path;  // JSON pointer
  Value value;
};
using Patch = std::vector<PatchStep>;

// False when a path does not exist; the value is then as far as the patch came.
bool apply_patch(const Patch& patch, Value& value);
std::string to_json(const Patch& patch);
// A segment of a JSON pointer: "a/b" → "a~1b".
std::string pointer_segment(std::string_view key);

}  // namespace podcheck::scheduling
