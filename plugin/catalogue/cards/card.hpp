// What a card says, read from its tree; shared by the packer at build time and by --rules at run time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/cards/json_schema.hpp"
#include "catalogue/catalogue.hpp"

namespace podcheck::catalogue {

// What is wrong with a card, as a fact: a violation of the schema, or a sentence of messages/cards.yaml by key.
struct CardProblem {
  document::Node at;
  bool on_key = false;
  std::string key;
  finding::Values values;
  std::optional<Violation> violation;
};

// Cards of users may leave out what only documentation and other languages need.
enum class Strictness : std::uint8_t { built_in, own };

// Everything that must hold of a card besides being YAML: its JSON Schema, id equal to `stem` (the file's name without
// ".yaml"), both languages with the same placeholders, no exclamation marks.
std::vector<CardProblem> check_card(document::Node card, std::string_view stem, const JsonSchema& schema,
                                    Strictness strictness = Strictness::built_in);
// The same for a file of messages: nested mappings that end in {en, ja}.
std::vector<CardProblem> check_messages(document::Node messages);

// Reads a card that check_card accepted.
Rule read_rule(document::Node card);
Cause read_cause(document::Node card);

// Every {en, ja} text of a card in one language (the other one where it is missing), by dotted path:
// {"messages.one-element", "..."}. Examples, parameters and schemas are left out. Views into the tree.
std::vector<std::pair<std::string, std::string_view>> prose(document::Node card, Language language);
// The same of a file of messages, nothing left out.
std::vector<std::pair<std::string, std::string_view>> sentences(document::Node messages, Language language);

// The names in braces, sorted, each once: "{a} {b} {a}" has a and b.
std::vector<std::string> placeholders(std::string_view text);

}  // namespace podcheck::catalogue
