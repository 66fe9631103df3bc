// Long lists of much the same objects: what is equal in them is read and stored once.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "document/node.hpp"
#include "document/projection.hpp"

namespace podcheck::document {

// Reads texts of one kind, one after the other, with the memory of one parser. In a tree that it fills, objects and
// lists that are written alike and kept whole or projected alike are one stored value: their nodes have the same
// contents, and path_of() may name the first of them.
class RepetitiveJsonReader {
 public:
  // Bytes behind a text that may be read, though they do not count.
  static constexpr std::size_t padding = 64;

  RepetitiveJsonReader();
  ~RepetitiveJsonReader();
  RepetitiveJsonReader(const RepetitiveJsonReader&) = delete;
  RepetitiveJsonReader& operator=(const RepetitiveJsonReader&) = delete;

  // As parse_json(): `text` is an object or a list, `keep` the step of the projection for it (nullptr: all of it).
  bool read(std::string_view text, Tree& tree, const Projection::Step* keep, std::string& error);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace podcheck::document
