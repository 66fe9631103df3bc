// Cards: all prose that a user reads, in English and Japanese, and the engine's settings of each rule and cause.
// Cards are YAML in lint-rules/ and live-causes/, validated and packed at build time, unpacked here on demand.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.hpp"
#include "finding/finding.hpp"

namespace podcheck::catalogue {

enum class Language : std::uint8_t { en, ja };

// What the engine needs of a rule; cheap to load. Prose stays packed until it is asked for.
struct Rule {
  std::string id;
  finding::Severity severity = finding::Severity::warning;
  std::string category;
  std::string outcome;
  std::string check;      // a C++ check by name; empty when `schema` is given
  document::Node params;  // typed by that check; may be missing
  document::Node schema;  // JSON Schema over what `applies_to` names; may be missing
  // object | workload | pod | container | bundle, or document: found while the text is read
  std::string applies_to;
  std::string since;
  bool enabled = true;  // false: advice that has to be selected
  finding::Safety fix_safety = finding::Safety::manual;
  std::vector<std::string> aliases;  // former ids; --select and suppressions know them too
  std::vector<std::string> prevents;
  std::vector<std::string> references;
  bool built_in = true;  // false: from --rules DIR
};

struct Cause {
  std::string id;
  finding::Severity severity = finding::Severity::error;
  std::string category;
  std::string outcome;
  finding::Safety fix_safety = finding::Safety::manual;
  std::vector<std::string> prevented_by;  // rule ids
  std::vector<std::string> references;
  std::vector<std::string> incidents;  // folders of testdata/incidents
};

class Catalogue {
 public:
  // The embedded cards in one language. Loading does not parse prose.
  explicit Catalogue(Language language);
  ~Catalogue();
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  Language language() const;
  const std::vector<Rule>& rules() const;    // sorted by id
  const std::vector<Cause>& causes() const;  // sorted by id
  const Rule* rule(std::string_view id) const;
  const Cause* cause(std::string_view id) const;

  // User cards from a folder. Returns problems as "file:line:column: sentence"; the good cards are added all the same.
  // A folder that was loaded before is not read again. Pointers to rules that were taken before are no longer valid.
  std::vector<std::string> load_rules(const std::string& directory);

  // The whole card of a rule or cause as read from YAML (summary, why, fix, examples ...); missing for unknown ids.
  document::Node card(std::string_view id) const;
  // A prose field of a card in this language with its placeholders filled: text("memory-unit-milli", "why", {}).
  // `field` may be nested: "messages.one-element", "fix". Empty when the card has no such field.
  std::string text(std::string_view id, std::string_view field, const finding::Values& values) const;

  // A finding with everything that its card says, in this language. `variant` picks messages.<variant>, and
  // fixes.<variant> / whys.<variant> where the card has them; empty: message, fix, why.
  finding::Finding finding(std::string_view id, const finding::Values& values, std::string_view variant = {}) const;

  // The same of a cause, also where a rule has its name.
  finding::Finding cause_finding(std::string_view id, const finding::Values& values,
                                 std::string_view variant = {}) const;

  // A sentence of the program itself (help, notes, headings) from catalogue/messages/*.yaml: say("notes.forbidden", …).
  std::string say(std::string_view key, const finding::Values& values = {}) const;
  // Every message key below a prefix, sorted: keys("glossary") has "glossary.exit.137".
  std::vector<std::string> keys(std::string_view prefix) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::vector<std::string> read_rules(const std::string& directory);
  void add_rule(document::File file);  // a card without problems
};

// Fills {name} from values; {{ and }} are literal braces. Unknown names stay as they are (a test forbids them).
std::string fill(std::string_view text, const finding::Values& values);
// A sentence of a card as documentation shows it, where there are no values: {free_cpu} becomes <free cpu>.
std::string generic(std::string_view text);
// Up to Levenshtein distance about a third of the word, the nearest candidate; empty when nothing is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace podcheck::catalogue
