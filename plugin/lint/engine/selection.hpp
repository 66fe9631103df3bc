// Which rules run, and how severe they are: what cards enable, what configuration and command line change.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace podcheck::lint {

// Names of rules as people write them: an id, a former id, a category, a prefix with '*' ("image-*"), or "all".
struct Selection {
  std::vector<std::string> select;         // not empty: these instead of what the cards enable
  std::vector<std::string> extend_select;  // besides
  std::vector<std::string> ignore;
  std::map<std::string, std::string> severities;                   // rule name to error | warning | info | off
  std::vector<std::pair<std::string, document::Node>> parameters;  // rule id to values over its card's; later ones win
};

bool names_rule(std::string_view name, const catalogue::Rule& rule);

class RuleSet {
 public:
  RuleSet(const catalogue::Catalogue& catalogue, const Selection& selection);

  bool enabled(const catalogue::Rule& rule) const { return states_[index(rule)].enabled; }
  finding::Severity severity(const catalogue::Rule& rule) const {
    return states_[index(rule)].severity.value_or(rule.severity);
  }
  // A severity from the configuration, which also overrules what a check says of one hit.
  std::optional<finding::Severity> overruled(const catalogue::Rule& rule) const {
    return states_[index(rule)].severity;
  }
  // The rule as its parameters were configured: what a check gets to see.
  const catalogue::Rule& effective(const catalogue::Rule& rule) const;
  // The enabled rules of an applies-to, by id.
  const std::vector<const catalogue::Rule*>& of(std::string_view applies_to) const;

 private:
  struct State {
    bool enabled = false;
    std::optional<finding::Severity> severity;
  };
  const catalogue::Rule* first_;
  std::vector<State> states_;
  std::map<std::string, std::vector<const catalogue::Rule*>, std::less<>> by_place_;
  struct Configured {
    document::Tree params;
    catalogue::Rule rule;
  };
  std::map<std::string, std::unique_ptr<Configured>, std::less<>> configured_;
  std::size_t index(const catalogue::Rule& rule) const { return static_cast<std::size_t>(&rule - first_); }
};

// Names that name nothing, each with the nearest rule or category (or an empty string).
std::vector<std::pair<std::string, std::string>> unknown_names(const catalogue::Catalogue& catalogue,
                                                               const std::vector<std::string>& names);

}  // namespace podcheck::lint
