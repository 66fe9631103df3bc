// Small words for building a JSON tree, so that a renderer reads like the document it writes.
#pragma once

#include <cstdint>
#include <string_view>

#include "document/document.hpp"

namespace podcheck::render {

class JsonBuilder {
 public:
  explicit JsonBuilder(document::Tree& tree) : builder_(tree) {}

  template <typename Body>
  void object(Body body) {
    builder_.begin_mapping();
    body();
    builder_.end();
  }
  template <typename Body>
  void object(std::string_view key, Body body) {
    builder_.key(key);
    object(body);
  }
  template <typename Body>
  void array(std::string_view key, Body body) {
    builder_.key(key);
    array(body);
  }
  template <typename Body>
  void array(Body body) {
    builder_.begin_sequence();
    body();
    builder_.end();
  }
  void put(std::string_view key, std::string_view value) {
    builder_.key(key);
    builder_.string(value);
  }
  void put(std::string_view key, const char* value) { put(key, std::string_view(value)); }
  void put(std::string_view key, bool value) {
    builder_.key(key);
    builder_.boolean(value);
  }
  void put(std::string_view key, std::int64_t value) {
    builder_.key(key);
    builder_.integer(value);
  }
  void put(std::string_view key, int value) { put(key, static_cast<std::int64_t>(value)); }
  void put(std::string_view key, std::uint32_t value) { put(key, static_cast<std::int64_t>(value)); }
  // Empty strings are left out: formats such as SARIF forbid them, and readers need not tell empty from absent.
  void put_if(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      put(key, value);
    }
  }
  void put_null(std::string_view key) {
    builder_.key(key);
    builder_.null();
  }
  void put(std::string_view key, document::Node value) {
    builder_.key(key);
    builder_.copy(value);
  }
  void item(std::string_view value) { builder_.string(value); }

 private:
  document::TreeBuilder builder_;
};

// JSON text indented by two spaces, with a final newline.
std::string pretty_json(document::Node node);

}  // namespace podcheck::render
