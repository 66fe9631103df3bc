#include "lint/engine/selection.hpp"

#include <algorithm>

#include "lint/glob.hpp"

namespace podcheck::lint {

bool names_rule(std::string_view name, const catalogue::Rule& rule) {
  if (name == rule.id || name == rule.category || name == "all") {
    return true;
  }
  if (std::find(rule.aliases.begin(), rule.aliases.end(), name) != rule.aliases.end()) {
    return true;
  }
  return is_glob(name) && glob_match_name(name, rule.id);
}

namespace {

bool any_names(const std::vector<std::string>& names, const catalogue::Rule& rule) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return names_rule(name, rule); });
}

}  // namespace

RuleSet::RuleSet(const catalogue::Catalogue& catalogue, const Selection& selection)
    : first_(catalogue.rules().data()), states_(catalogue.rules().size()) {
  for (const auto& [id, given] : selection.parameters) {
    const catalogue::Rule* rule = catalogue.rule(id);
    if (rule == nullptr) {
      continue;
    }
    auto configured = std::make_unique<Configured>();
    const document::Node before = effective(*rule).params;
    document::TreeBuilder builder(configured->params);
    builder.begin_mapping();
    for (const document::Node values : {before, given}) {
      for (const auto& [name, value] : values.members()) {
        builder.key(name);
        builder.copy(value);
      }
    }
    builder.end();
    configured->rule = *rule;
    configured->rule.params = configured->params.root();
    configured_[id] = std::move(configured);
  }
  for (const auto& rule : catalogue.rules()) {
    State& state = states_[index(rule)];
    state.enabled = selection.select.empty() ? rule.enabled : any_names(selection.select, rule);
    state.enabled = state.enabled || any_names(selection.extend_select, rule);
    // A category's severity first, the rule's own id last: the narrower name wins.
    for (const bool exact : {false, true}) {
      for (const auto& [name, severity] : selection.severities) {
        if ((name == rule.id) != exact || !names_rule(name, rule)) {
          continue;
        }
        if (severity == "off") {
          state.enabled = false;
        } else {
          state.severity = finding::severity_from(severity);
          state.enabled = state.enabled || (exact && selection.select.empty());
        }
      }
    }
    state.enabled = state.enabled && !any_names(selection.ignore, rule);
    if (state.enabled) {
      by_place_[rule.applies_to].push_back(&rule);
    }
  }
}

const catalogue::Rule& RuleSet::effective(const catalogue::Rule& rule) const {
  const auto at = configured_.find(rule.id);
  return at == configured_.end() ? rule : at->second->rule;
}

const std::vector<const catalogue::Rule*>& RuleSet::of(std::string_view applies_to) const {
  static const std::vector<const catalogue::Rule*> none;
  const auto at = by_place_.find(applies_to);
  return at == by_place_.end() ? none : at->second;
}

std::vector<std::pair<std::string, std::string>> unknown_names(const catalogue::Catalogue& catalogue,
                                                               const std::vector<std::string>& names) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& name : names) {
    const bool known = std::any_of(catalogue.rules().begin(), catalogue.rules().end(),
                                   [&](const catalogue::Rule& rule) { return names_rule(name, rule); });
    if (known || name == "all") {
      continue;
    }
    std::vector<std::string> candidates;
    for (const auto& rule : catalogue.rules()) {
      candidates.push_back(rule.id);
      candidates.push_back(rule.category);
    }
    out.emplace_back(name, catalogue::nearest(name, candidates));
  }
  return out;
}

}  // namespace podcheck::lint
