// Where kubectl cuts a YAML file into documents (apimachinery util/yaml YAMLReader): at lines that begin with "---".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "document/node.hpp"

namespace podcheck::document {

struct Chunk {
  Range extent;                     // separator lines left out
  std::uint32_t scan_begin = 0;     // like extent.begin, but at a separator that begins the file
  Range bad_separator;              // what follows "---" on its line and may not; empty when the separator is good
  std::string_view source_comment;  // the path in a leading "# Source:" comment
};

std::vector<Chunk> split_documents(std::string_view text, std::size_t begin);

}  // namespace podcheck::document
