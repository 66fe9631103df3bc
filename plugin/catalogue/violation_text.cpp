#include "catalogue/violation_text.hpp"

namespace podcheck::catalogue {

namespace {

std::vector<std::string> split_names(const std::string& list) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin < list.size()) {
    const auto end = std::min(list.find(", ", begin), list.size());
    out.push_back(list.substr(begin, end - begin));
    begin = end + 2;
  }
  return out;
}

const char* type_name(document::Node node) {
  using document::Type;
  switch (node.type()) {
    case Type::null:
      return "null";
    case Type::boolean:
      return "boolean";
    case Type::integer:
      return "integer";
    case Type::real:
      return "number";
    case Type::string:
      return "string";
    case Type::sequence:
      return "array";
    case Type::mapping:
      return "object";
  }
  return "";
}

}  // namespace

std::string say(const Catalogue& catalogue, const Violation& violation, document::Node root) {
  std::string path = document::path_of(root, violation.at);
  if (path.empty()) {
    path = catalogue.say("violation.whole");
  }
  const std::string value = violation.at.text();
  finding::Values values = {{"path", path},
                            {"property", violation.property},
                            {"expected", violation.expected},
                            {"value", value},
                            {"found", type_name(violation.at)}};
  switch (violation.kind) {
    case Violation::Kind::type:
      return catalogue.say("violation.type", values);
    case Violation::Kind::missing:
      return catalogue.say("violation.missing", values);
    case Violation::Kind::unknown: {
      const std::string near = nearest(violation.property, split_names(violation.expected));
      values.emplace_back("nearest", near);
      return catalogue.say(near.empty() ? "violation.unknown" : "violation.unknown-near", values);
    }
    case Violation::Kind::value: {
      const std::string near = nearest(value, split_names(violation.expected));
      values.emplace_back("nearest", near);
      return catalogue.say(near.empty() ? "violation.value" : "violation.value-near", values);
    }
    case Violation::Kind::bound:
      return catalogue.say("violation.bound", values);
    case Violation::Kind::shape:
      return catalogue.say(violation.expected.empty() ? "violation.shape" : "violation.one-of", values);
    case Violation::Kind::duplicate:
      return catalogue.say("violation.duplicate", values);
  }
  return {};
}

document::Range place_of(const Violation& violation) {
  const document::Range key = violation.at.key_range();
  const bool block = violation.at.is_mapping() || violation.at.is_sequence();
  if (key.begin != key.end && (violation.kind == Violation::Kind::unknown || block)) {
    return key;
  }
  return violation.at.range();
}

std::string at(const document::SourceText& text, document::Range range, const std::string& sentence) {
  const document::Position position = text.position(range.begin);
  return text.name() + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) + ": " + sentence;
}

}  // namespace podcheck::catalogue
