#include "catalogue/cards/card.hpp"

#include <algorithm>

namespace podcheck::catalogue {

namespace {

using document::Node;

bool is_text(Node node) {
  return node["en"].is_string() || node["ja"].is_string();
}

bool exclaims(std::string_view text) {
  if (text.find("\xEF\xBC\x81") != std::string_view::npos) {  // U+FF01
    return true;
  }
  for (std::size_t at = text.find('!'); at != std::string_view::npos; at = text.find('!', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] == ' ') {  // "!=" and YAML tags are no exclamations
      return true;
    }
  }
  return false;
}

void check_text(Node text, std::vector<CardProblem>& problems) {
  const auto english = placeholders(text["en"].string());
  const auto japanese = placeholders(text["ja"].string());
  if (text.has("en") && text.has("ja") && english != japanese) {
    problems.push_back({text["ja"], false, "cards.placeholders-differ", {}, {}});
  }
  for (const char* language : {"en", "ja"}) {
    if (exclaims(text[language].string())) {
      problems.push_back({text[language], false, "cards.exclamation-mark", {}, {}});
    }
  }
}

// Fields of a card that hold no texts of ours.
bool is_prose(std::string_view key) {
  return key != "examples" && key != "params" && key != "schema";
}

void check_texts(Node node, std::vector<CardProblem>& problems) {
  if (is_text(node)) {
    check_text(node, problems);
    return;
  }
  for (const auto& member : node.members()) {
    check_texts(member.value, problems);
  }
}

void collect(Node node, const std::string& path, const char* language,
             std::vector<std::pair<std::string, std::string_view>>& out) {
  if (is_text(node)) {
    const Node own = node[language];
    out.emplace_back(path, (own.is_string() ? own : node["en"].is_string() ? node["en"] : node["ja"]).string());
    return;
  }
  for (const auto& member : node.members()) {
    collect(member.value, path.empty() ? std::string(member.key) : path + "." + std::string(member.key), language, out);
  }
}

std::vector<std::string> names(Node list) {
  std::vector<std::string> out;
  for (Node name : list.items()) {
    out.emplace_back(name.string());
  }
  return out;
}

finding::Safety safety_from(std::string_view text) {
  return text == "safe" ? finding::Safety::safe : text == "unsafe" ? finding::Safety::unsafe : finding::Safety::manual;
}

finding::Severity severity_of(Node node, finding::Severity fallback) {
  const std::string_view text = node.string();
  return text == "error"     ? finding::Severity::error
         : text == "warning" ? finding::Severity::warning
         : text == "info"    ? finding::Severity::info
                             : fallback;
}

bool kebab(std::string_view id) {
  if (id.empty() || id.front() == '-' || id.back() == '-' || id.find("--") != std::string_view::npos) {
    return false;
  }
  return std::all_of(id.begin(), id.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

std::vector<std::string> placeholders(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '{') {
      continue;
    }
    if (at + 1 < text.size() && text[at + 1] == '{') {
      ++at;
      continue;
    }
    const auto close = text.find('}', at);
    if (close == std::string_view::npos) {
      break;
    }
    out.emplace_back(text.substr(at + 1, close - at - 1));
    at = close;
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

namespace {

bool may_be_missing(const Violation& violation, Node card) {
  if (violation.kind != Violation::Kind::missing) {
    return false;
  }
  if (violation.at == card) {
    for (const char* field : {"outcome", "since", "summary", "why", "fix", "examples"}) {
      if (violation.property == field) {
        return true;
      }
    }
    return false;
  }
  return (violation.property == "ja" && violation.at.has("en")) ||
         (violation.property == "en" && violation.at.has("ja"));
}

}  // namespace

std::vector<CardProblem> check_card(Node card, std::string_view stem, const JsonSchema& schema, Strictness strictness) {
  std::vector<CardProblem> problems;
  for (auto& violation : schema.violations(card)) {
    if (strictness == Strictness::built_in || !may_be_missing(violation, card)) {
      problems.push_back({violation.at, violation.kind == Violation::Kind::unknown, {}, {}, std::move(violation)});
    }
  }
  const std::string id(card["id"].string());
  if (!id.empty() && id != stem) {
    problems.push_back({card["id"], false, "cards.id-not-file-name", {{"id", id}, {"stem", std::string(stem)}}, {}});
  }
  if (!id.empty() && !kebab(id)) {
    problems.push_back({card["id"], false, "cards.id-not-kebab", {{"id", id}}, {}});
  }
  if (Node own = card["schema"]) {
    std::string error;
    if (JsonSchema::compile(own, error) == nullptr) {
      problems.push_back({own, true, "cards.schema-unusable", {{"reason", error}}, {}});
    }
  }
  for (const auto& member : card.members()) {
    if (is_prose(member.key)) {
      check_texts(member.value, problems);
    }
  }
  return problems;
}

std::vector<CardProblem> check_messages(Node messages) {
  std::vector<CardProblem> problems;
  if (messages.has("en") || messages.has("ja")) {
    if (!messages["en"].is_string() || !messages["ja"].is_string()) {
      problems.push_back({messages, false, "cards.language-missing", {}, {}});
    } else {
      check_text(messages, problems);
    }
    return problems;
  }
  if (!messages.is_mapping() || messages.empty()) {
    problems.push_back({messages, false, "cards.no-text", {}, {}});
  }
  for (const auto& member : messages.members()) {
    for (auto& problem : check_messages(member.value)) {
      problems.push_back(std::move(problem));
    }
  }
  return problems;
}

Rule read_rule(Node card) {
  Rule rule;
  rule.id = card["id"].string();
  rule.severity = severity_of(card["severity"], finding::Severity::warning);
  rule.category = card["category"].string();
  rule.outcome = card["outcome"].string();
  rule.check = card["check"].string();
  rule.params = card["params"];
  rule.schema = card["schema"];
  rule.applies_to = card["applies-to"].string();
  rule.since = card["since"].string();
  rule.enabled = card["enabled"].boolean().value_or(true);
  rule.fix_safety = safety_from(card["fix"]["safety"].string());
  rule.aliases = names(card["aliases"]);
  rule.prevents = names(card["prevents"]);
  rule.references = names(card["references"]);
  return rule;
}

Cause read_cause(Node card) {
  Cause cause;
  cause.id = card["id"].string();
  cause.severity = severity_of(card["severity"], finding::Severity::error);
  cause.category = card["category"].string();
  cause.outcome = card["outcome"].string();
  cause.fix_safety = safety_from(card["fix"]["safety"].string());
  cause.prevented_by = names(card["preventedBy"]);
  cause.references = names(card["references"]);
  cause.incidents = names(card["incidents"]);
  return cause;
}

std::vector<std::pair<std::string, std::string_view>> prose(Node card, Language language) {
  std::vector<std::pair<std::string, std::string_view>> out;
  for (const auto& member : card.members()) {
    if (is_prose(member.key)) {
      collect(member.value, std::string(member.key), language == Language::ja ? "ja" : "en", out);
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string_view>> sentences(Node messages, Language language) {
  std::vector<std::pair<std::string, std::string_view>> out;
  collect(messages, "", language == Language::ja ? "ja" : "en", out);
  return out;
}

}  // namespace podcheck::catalogue
