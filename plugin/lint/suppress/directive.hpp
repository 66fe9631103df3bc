// What a suppression says: "ignore[rule-a, rule-b] until 2027-01-01 the reason".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "finding/finding.hpp"

namespace podcheck::lint {

struct Directive {
  std::vector<std::string> rules;
  std::string until;  // YYYY-MM-DD; empty: for ever
  std::string reason;
  bool whole_file = false;
};

// A mistake: a sentence of messages/suppression.yaml with its values, and where in the text.
struct DirectiveError {
  std::string key;
  finding::Values values;
  std::size_t at = 0;
};

// `text` is what follows "podcheck:" in a comment. `error.key` stays empty when all is well.
Directive parse_directive(std::string_view text, const catalogue::Catalogue& catalogue, DirectiveError& error);
// The value of the annotation podcheck.dev/ignore: "rule-a, rule-b until 2027-01-01: the reason".
Directive parse_ignore_annotation(std::string_view text, const catalogue::Catalogue& catalogue, DirectiveError& error);
// The value of the annotation ignore.podcheck.dev/<rule>: "until 2027-01-01 the reason".
Directive parse_rule_annotation(std::string_view rule, std::string_view text, const catalogue::Catalogue& catalogue,
                                DirectiveError& error);

}  // namespace podcheck::lint
