// Violations of a JSON Schema in the user's language.
#pragma once

#include <string>

#include "catalogue/cards/json_schema.hpp"
#include "catalogue/catalogue.hpp"

namespace podcheck::catalogue {

// "nodes[0].cpu must be an integer, not a string". Unknown members get the nearest allowed name.
std::string say(const Catalogue& catalogue, const Violation& violation, document::Node root);
// Where it is: the key of an unknown member, the key of a block that lacks something, else the value.
document::Range place_of(const Violation& violation);
// "file:line:column: sentence"
std::string at(const document::SourceText& text, document::Range range, const std::string& sentence);

}  // namespace podcheck::catalogue
