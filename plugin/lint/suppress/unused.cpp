#include "lint/suppress/unused.hpp"

#include <algorithm>

#include "lint/engine/convert.hpp"

namespace podcheck::lint {

namespace {

bool any_enabled(const catalogue::Catalogue& catalogue, const RuleSet& rules, const std::string& name) {
  return std::any_of(catalogue.rules().begin(), catalogue.rules().end(),
                     [&](const catalogue::Rule& rule) { return names_rule(name, rule) && rules.enabled(rule); });
}

// The comment with the blanks before it; the whole line when nothing else is on it.
finding::Edit removal(const Suppression& suppression) {
  const std::string_view bytes = suppression.file->text.bytes();
  std::uint32_t begin = suppression.range.begin;
  std::uint32_t end = suppression.range.end;
  while (end > begin && (bytes[end - 1] == '\r' || bytes[end - 1] == '\n')) {
    --end;
  }
  while (begin > 0 && (bytes[begin - 1] == ' ' || bytes[begin - 1] == '\t')) {
    --begin;
  }
  if (begin == 0 || bytes[begin - 1] == '\n') {
    const auto newline = bytes.find('\n', end);
    end = static_cast<std::uint32_t>(newline == std::string_view::npos ? bytes.size() : newline + 1);
  }
  return {suppression.file->text.name(), begin, end, ""};
}

}  // namespace

std::optional<finding::Finding> unused_finding(const catalogue::Catalogue& catalogue, const Suppression& suppression,
                                               const RuleSet& rules) {
  std::string unused;
  bool all = true;
  for (std::size_t i = 0; i < suppression.directive.rules.size(); ++i) {
    const std::string& name = suppression.directive.rules[i];
    if (suppression.used[i] || !any_enabled(catalogue, rules, name)) {
      all = false;
      continue;
    }
    unused += (unused.empty() ? "" : ", ") + name;
  }
  if (unused.empty()) {
    return std::nullopt;
  }
  auto finding = catalogue.finding(unused_suppression_rule, {{"rules", unused}, {"until", suppression.directive.until}},
                                   suppression.expired ? "expired" : "");
  document::Range range = suppression.range;
  const std::string_view bytes = suppression.file->text.bytes();
  while (range.end > range.begin && (bytes[range.end - 1] == '\r' || bytes[range.end - 1] == ' ')) {
    --range.end;
  }
  finding.location = locate(suppression.file->text, range);
  if (all && !suppression.expired && suppression.object == nullptr && !finding.fixes.empty()) {
    finding.fixes.front().edits.push_back(removal(suppression));
  }
  return finding;
}

}  // namespace podcheck::lint
