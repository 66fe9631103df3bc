#include "lint/suppress/suppressions.hpp"

#include <algorithm>

#include "catalogue/violation_text.hpp"
#include "lint/config/date.hpp"

namespace podcheck::lint {

namespace {

constexpr std::string_view ignore_key = "podcheck.dev/ignore";
constexpr std::string_view rule_prefix = "ignore.podcheck.dev/";

bool is_below(std::string_view path, std::string_view root) {
  return path.substr(0, root.size()) == root &&
         (path.size() == root.size() || root.empty() || path[root.size()] == '.' || path[root.size()] == '[');
}

}  // namespace

bool Suppression::covers(const finding::Finding& finding, const BundleObject* owner) const {
  if (object != nullptr) {
    return owner == object && is_below(finding.path, path);
  }
  return finding.location && finding.location->file == file->text.name() && finding.location->line >= first_line &&
         finding.location->line <= last_line;
}

void Suppressions::add(Suppression suppression) {
  suppression.expired = is_expired(suppression.directive.until, today_);
  suppression.used.resize(suppression.directive.rules.size());
  all_.push_back(std::move(suppression));
}

void Suppressions::mistake(const document::File& file, std::uint32_t at, const DirectiveError& error) {
  mistakes_.push_back(catalogue::at(file.text, {at, at}, catalogue_.say(error.key, error.values)));
}

void Suppressions::read_annotations(const BundleObject& object, document::Node metadata, const std::string& path) {
  for (const auto& [key, value] : metadata["annotations"].members()) {
    const bool one_rule = key.substr(0, rule_prefix.size()) == rule_prefix;
    if (key != ignore_key && !one_rule) {
      continue;
    }
    DirectiveError error;
    Suppression suppression;
    suppression.directive =
        one_rule ? parse_rule_annotation(key.substr(rule_prefix.size()), value.string(), catalogue_, error)
                 : parse_ignore_annotation(value.string(), catalogue_, error);
    if (!error.key.empty()) {
      mistake(*object.file, one_rule ? value.key_range().begin : value.range().begin, error);
      continue;
    }
    suppression.file = object.file;
    suppression.range = value.key_range();
    suppression.object = &object;
    suppression.path = path;
    add(std::move(suppression));
  }
}

void Suppressions::read_annotations(const BundleObject& object) {
  read_annotations(object, object.object.root["metadata"], "");
  for (const auto& pod : object.pods) {
    if (!pod.metadata || pod.metadata == object.object.root["metadata"]) {
      continue;
    }
    const std::string path = document::path_of(object.object.root, pod.metadata);
    const auto dot = path.rfind('.');
    read_annotations(object, pod.metadata, path.substr(0, dot == std::string::npos ? 0 : dot));
  }
}

bool Suppressions::suppresses(const finding::Finding& finding, const BundleObject* owner) {
  const catalogue::Rule* rule = catalogue_.rule(finding.id);
  bool found = false;
  for (Suppression& suppression : all_) {
    if (rule == nullptr || suppression.expired || !suppression.covers(finding, owner)) {
      continue;
    }
    for (std::size_t i = 0; i < suppression.directive.rules.size(); ++i) {
      if (names_rule(suppression.directive.rules[i], *rule)) {
        suppression.used[i] = true;
        found = true;
      }
    }
  }
  return found;
}

}  // namespace podcheck::lint
