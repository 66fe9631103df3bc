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
  // Reads the first document of the text through yaml-cpp's event interface. False when yaml-cpp refuses it or sees
  // another structure than the outline, which happens: it knows YAML 1.2, kubectl 1.1.
  bool read(std::string_view text, const Outline& outline);
  // The text of the outline's event at `index`, a scalar; nullptr when yaml-cpp does not tell (a null).
  const std::string_view* text(std::size_t index) const;

 private:
  struct Recorder;
  std::string characters_;
  std::vector<std::size_t> ends_;  // of each event's text in characters_
  std::vector<bool> known_;
  mutable std::string_view current_;
};

}  // namespace podcheck::document
