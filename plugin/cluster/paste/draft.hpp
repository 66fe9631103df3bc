// A JSON value under construction: pasted text tells of an object in any order, a Tree wants it from the outside in.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/node.hpp"

namespace podcheck::cluster::paste {

class Draft {
 public:
  enum class Kind : std::uint8_t { none, null, boolean, integer, string, sequence, mapping };

  // The member of that name, made when it is not there.
  Draft& operator[](std::string_view key);
  const Draft* find(std::string_view key) const;
  Draft* find(std::string_view key);
  bool has(std::string_view key) const { return find(key) != nullptr; }
  Draft& append();
  bool erase(std::string_view key);  // whether there was such a member

  void set(std::string_view text);
  void set(const char* text) { set(std::string_view(text)); }
  void set(std::int64_t number);
  void set(int number) { set(static_cast<std::int64_t>(number)); }
  void set(bool value);
  void set_null() { kind_ = Kind::null; }
  void make_mapping() { kind_ = kind_ == Kind::none ? Kind::mapping : kind_; }
  void make_sequence() { kind_ = kind_ == Kind::none ? Kind::sequence : kind_; }

  Kind kind() const { return kind_; }
  bool empty() const { return kind_ == Kind::none; }
  const std::string& text() const { return text_; }
  std::int64_t number() const { return number_; }
  std::list<Draft>& items() { return items_; }
  const std::list<Draft>& items() const { return items_; }

  // Takes over every member that is missing here, at any depth of mappings; sequences are taken whole.
  void fill_from(const Draft& other);
  void emit(document::TreeBuilder& builder) const;
  static Draft from(document::Node node);

 private:
  Kind kind_ = Kind::none;
  std::int64_t number_ = 0;
  std::string text_;
  std::list<Draft> items_;         // elements, or values of members; a list, so that references to them stay valid
  std::vector<std::string> keys_;  // of the members, in step with items_
};

}  // namespace podcheck::cluster::paste
