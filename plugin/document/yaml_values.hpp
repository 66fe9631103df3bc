// yaml-cpp's reading of one document, as events to be matched with an outline.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "document/yaml_outline.hpp"

namespace podcheck::document {

class YamlValues {
 public:
  // `text` is the document's; yaml-cpp reads it when the first scalar is asked for, which most documents need not.
  YamlValues(std::string_view text, const Outline& outline) : text_(text), outline_(outline) {}
  // The text of the outline's event at `index`, a scalar; nullptr when yaml-cpp does not tell: for a null, and for all
  // of a document that it refuses or sees another structure in than the outline. It knows YAML 1.2, kubectl 1.1.
  const std::string_view* text(std::size_t index);

 private:
  struct Recorder;
  void read();

  std::string_view text_;
  const Outline& outline_;
  bool read_ = false;
  std::string characters_;
  std::vector<std::size_t> ends_;  // of each event's text in characters_
  std::vector<bool> known_;
  std::string_view current_;
};

}  // namespace podcheck::document
