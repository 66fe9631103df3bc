#include "preflight/combine.hpp"

#include <algorithm>

namespace podcheck::preflight {

namespace {

bool is_refusal(const finding::Finding& finding) {
  return finding.category == "invalid" && finding.severity == finding::Severity::error;
}

// The rule foretold one of the causes that were found.
finding::Finding* foretold(const finding::Finding& linted, std::vector<finding::Finding>& found,
                           const catalogue::Catalogue& catalogue) {
  const catalogue::Rule* rule = catalogue.rule(linted.id);
  if (rule == nullptr || is_refusal(linted)) {
    return nullptr;
  }
  auto at = std::find_if(found.begin(), found.end(), [&](const finding::Finding& one) {
    bool same = std::find(rule->prevents.begin(), rule->prevents.end(), one.id) != rule->prevents.end();
    return same && one.severity >= linted.severity;
  });
  return at == found.end() ? nullptr : &*at;
}

}  // namespace

void merge(std::vector<Problem>& into, std::vector<Problem> more) {
  for (Problem& problem : more) {
    bool known = std::any_of(into.begin(), into.end(), [&](const Problem& other) {
      return other.cause == problem.cause && (other.at == problem.at || !other.at || !problem.at) &&
             (other.container == problem.container || problem.container.empty());
    });
    bool told = std::any_of(into.begin(), into.end(), [&](const Problem& other) {
      return other.cause == problem.cause && !other.evidence.empty() && !problem.at;
    });
    if (!known && !told) {
      into.push_back(std::move(problem));
    }
  }
}

void order(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.severity > b.severity; });
}

void combine(std::vector<finding::Finding>& linted, std::vector<finding::Finding> found,
             const catalogue::Catalogue& catalogue) {
  std::erase_if(linted, [&](finding::Finding& rule) {
    finding::Finding* cause = foretold(rule, found, catalogue);
    if (cause != nullptr && cause->fixes.empty()) {
      cause->fixes = std::move(rule.fixes);
    }
    return cause != nullptr;
  });
  bool refused = std::any_of(linted.begin(), linted.end(), is_refusal);
  if (found.empty() && !refused) {
    return;
  }
  for (finding::Finding& finding : linted) {
    finding.role = is_refusal(finding) ? finding::Role::cause : finding::Role::contributing;
  }
  if (refused && !found.empty()) {
    found.front().role = finding::Role::contributing;
  }
  auto place = std::stable_partition(linted.begin(), linted.end(), is_refusal);
  linted.insert(place, std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
}

}  // namespace podcheck::preflight
