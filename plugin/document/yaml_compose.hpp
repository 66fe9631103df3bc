// From the outline of a YAML document to its tree: scalars resolved, aliases and merge keys followed.
#pragma once

#include <string_view>
#include <vector>

#include "document/document.hpp"
#include "document/yaml_outline.hpp"
#include "document/yaml_values.hpp"

namespace podcheck::document {

struct ComposeInput {
  std::string_view text;
  const Outline& outline;
  YamlValues* values = nullptr;  // null: every scalar is decoded from the text
  bool utf8 = true;              // false: bytes that are no UTF-8 become U+FFFD, as in kubectl
  Limits limits;
};

// False with the reason in `error` when kubectl could not make JSON of the document. Duplicate keys go to `problems`.
bool compose_yaml(const ComposeInput& input, Tree& tree, std::vector<Problem>& problems, SyntaxError& error);

// Bytes that are no UTF-8 become U+FFFD each.
std::string with_valid_utf8(std::string_view text);

}  // namespace podcheck::document
