#include "catalogue/cards/json_schema.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "catalogue/cards/valijson_adapter.hpp"

namespace podcheck::catalogue {

namespace {

using document::Node;

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// One step of valijson's context: "[spec]" up to 1.0, "[\"spec\"]" from 1.1 on.
std::string_view step_name(std::string_view step) {
  if (step.size() >= 2 && step.front() == '[' && step.back() == ']') {
    step = step.substr(1, step.size() - 2);
  }
  if (step.size() >= 2 && step.front() == '"' && step.back() == '"') {
    step = step.substr(1, step.size() - 2);
  }
  return step;
}

// The text between the last pair of single quotes: "Missing required property 'x'."
std::string quoted(const std::string& text) {
  const auto end = text.rfind('\'');
  const auto begin = text.find('\'', text.find(": '") == std::string::npos ? 0 : text.find(": '"));
  if (begin == std::string::npos || end == begin) {
    return {};
  }
  return text.substr(begin + 1, end - begin - 1);
}

Node resolve(Node root, Node schema) {
  for (int hops = 0; hops < 16 && schema.has("$ref"); ++hops) {
    std::string_view reference = schema["$ref"].string();
    if (!starts_with(reference, "#")) {
      return schema;
    }
    schema = root;
    reference.remove_prefix(1);
    while (starts_with(reference, "/")) {
      reference.remove_prefix(1);
      const auto slash = reference.find('/');
      schema = schema[reference.substr(0, slash)];
      reference = slash == std::string_view::npos ? std::string_view{} : reference.substr(slash);
    }
  }
  return schema;
}

Node child_schema(Node root, Node schema, Node parent, std::string_view step) {
  schema = resolve(root, schema);
  if (parent.is_sequence()) {
    return resolve(root, schema["items"]);
  }
  if (Node property = schema["properties"][step]) {
    return resolve(root, property);
  }
  return resolve(root, schema["additionalProperties"]);
}

std::string join(Node values, const char* separator) {
  std::string out;
  for (Node value : values.items()) {
    if (!out.empty()) {
      out += separator;
    }
    out += value.is_null() ? "null" : value.text();
  }
  return out;
}

std::string expected_type(Node schema) {
  Node type = schema["type"];
  return type.is_sequence() ? join(type, " or ") : std::string(type.string());
}

std::string property_names(Node schema) {
  std::string out;
  for (const auto& member : schema["properties"].members()) {
    out += out.empty() ? "" : ", ";
    out += member.key;
  }
  return out;
}

// The members that the branches of oneOf or anyOf require, when they say nothing else: "check, schema".
std::string required_by_branches(Node schema) {
  std::string out;
  for (const char* keyword : {"oneOf", "anyOf"}) {
    for (Node branch : schema[keyword].items()) {
      if (branch.size() != 1 || !branch.has("required")) {
        return {};
      }
      out += (out.empty() ? "" : ", ") + join(branch["required"], " + ");
    }
  }
  return out;
}

bool uses_pattern(Node schema) {
  for (const auto& member : schema.members()) {
    if (member.key == "pattern" && member.value.is_string()) {
      return true;
    }
    if (member.key == "patternProperties") {
      return true;
    }
    if (uses_pattern(member.value)) {
      return true;
    }
  }
  for (Node item : schema.items()) {
    if (uses_pattern(item)) {
      return true;
    }
  }
  return false;
}

bool is_collective(std::string_view text) {
  return starts_with(text, "Failed to validate against any ") ||
         starts_with(text, "Failed to validate against exactly one child schema") ||
         starts_with(text, "Target should not validate against schema") || starts_with(text, "Failed to any values");
}

bool below(const std::vector<std::string>& inner, const std::vector<std::string>& outer) {
  return inner.size() >= outer.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

}  // namespace

struct JsonSchema::Impl {
  Node source;
  valijson::Schema schema;

  Violation convert(const valijson::ValidationResults::Error& error, Node instance) const;
  Node schema_at(const std::vector<std::string>& context, Node instance, Node& at) const;
  bool is_branch_member(const valijson::ValidationResults::Error& error, Node instance,
                        const std::vector<std::vector<std::string>>& requiring) const;
};

JsonSchema::JsonSchema(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JsonSchema::~JsonSchema() = default;

std::unique_ptr<JsonSchema> JsonSchema::compile(Node schema, std::string& error) {
  if (uses_pattern(schema)) {
    error = "pattern and patternProperties are not supported";
    return nullptr;
  }
  auto impl = std::make_unique<Impl>();
  impl->source = schema;
  try {
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(valijson::adapters::NodeAdapter(schema), impl->schema);
  } catch (const std::exception& exception) {
    error = exception.what();
    return nullptr;
  }
  return std::unique_ptr<JsonSchema>(new JsonSchema(std::move(impl)));
}

bool JsonSchema::allows(Node instance) const {
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  return validator.validate(impl_->schema, valijson::adapters::NodeAdapter(instance), nullptr);
}

// The schema that holds at a context, and the node there.
Node JsonSchema::Impl::schema_at(const std::vector<std::string>& context, Node instance, Node& at) const {
  at = instance;
  Node rule = resolve(source, source);
  for (std::size_t i = 1; i < context.size(); ++i) {
    const std::string_view step = step_name(context[i]);
    rule = child_schema(source, rule, at, step);
    if (at.is_sequence()) {
      std::size_t index = 0;
      std::from_chars(step.data(), step.data() + step.size(), index);
      at = at[index];
    } else {
      at = at[step];
    }
  }
  return rule;
}

// A member that only some branch of a oneOf asks for, not the schema itself.
bool JsonSchema::Impl::is_branch_member(const valijson::ValidationResults::Error& error, Node instance,
                                        const std::vector<std::vector<std::string>>& requiring) const {
  if (std::find(requiring.begin(), requiring.end(), error.context) == requiring.end()) {
    return false;
  }
  Node at;
  const std::string member = quoted(error.description);
  for (Node required : schema_at(error.context, instance, at)["required"].items()) {
    if (required.string() == member) {
      return false;
    }
  }
  return true;
}

Violation JsonSchema::Impl::convert(const valijson::ValidationResults::Error& error, Node instance) const {
  Node at;
  const Node rule = schema_at(error.context, instance, at);
  const std::string& text = error.description;
  using Kind = Violation::Kind;
  if (starts_with(text, "Value type not permitted")) {
    return {Kind::type, at, {}, expected_type(rule)};
  }
  if (starts_with(text, "Missing required property") || starts_with(text, "Missing dependency")) {
    return {Kind::missing, at, quoted(text), {}};
  }
  if (starts_with(text, "Object contains a property that could not be validated")) {
    const std::string name = quoted(text);
    return {Kind::unknown, at[name], name, property_names(rule)};
  }
  if (starts_with(text, "Failed to match against any enum")) {
    return {Kind::value, at, {}, join(rule["enum"], ", ")};
  }
  if (starts_with(text, "Failed to match expected value")) {
    return {Kind::value, at, {}, rule["const"].text()};
  }
  if (starts_with(text, "Elements at indexes")) {
    return {Kind::duplicate, at, {}, {}};
  }
  if (is_collective(text)) {
    return {Kind::shape, at, {}, required_by_branches(rule)};
  }
  for (const char* bound : {"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "minLength", "maxLength",
                            "minItems", "maxItems", "minProperties", "maxProperties", "multipleOf", "format"}) {
    const bool upper = std::string_view(bound).find("max") != std::string_view::npos ||
                       std::string_view(bound).find("Max") != std::string_view::npos;
    const bool says_upper = text.find("no more") != std::string::npos || text.find("less") != std::string::npos;
    if (rule.has(bound) && upper == says_upper) {
      return {Kind::bound, at, {}, std::string(bound) + " " + rule[bound].text()};
    }
  }
  return {Kind::bound, at, {}, text};
}

std::vector<Violation> JsonSchema::violations(Node instance) const {
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  if (validator.validate(impl_->schema, valijson::adapters::NodeAdapter(instance), &results)) {
    return {};
  }
  std::vector<Violation> out;
  // Where only the shape as a whole is told, not what each branch lacks. Branches that merely require members say
  // nothing about what is below.
  std::vector<std::vector<std::string>> collective;
  std::vector<std::vector<std::string>> requiring;
  for (const auto& error : results) {
    if (is_collective(error.description)) {
      const bool requires_only = !impl_->convert(error, instance).expected.empty();
      (requires_only ? requiring : collective).push_back(error.context);
    }
  }
  for (const auto& error : results) {
    const bool branch = std::any_of(collective.begin(), collective.end(),
                                    [&](const auto& context) { return below(error.context, context); });
    if (is_collective(error.description)) {
      const bool nested = std::any_of(collective.begin(), collective.end(), [&](const auto& context) {
        return context.size() < error.context.size() && below(error.context, context);
      });
      if (nested) {
        continue;
      }
    } else if (branch || starts_with(error.description, "Failed to validate")) {
      continue;
    } else if (starts_with(error.description, "Missing required property") &&
               impl_->is_branch_member(error, instance, requiring)) {
      continue;
    }
    Violation violation = impl_->convert(error, instance);
    const bool known = std::any_of(out.begin(), out.end(), [&](const Violation& other) {
      return other.kind == violation.kind && other.at == violation.at && other.property == violation.property;
    });
    if (!known) {
      out.push_back(std::move(violation));
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Violation& a, const Violation& b) { return a.at.range().begin < b.at.range().begin; });
  return out;
}

std::string describe(const Violation& violation, Node root) {
  const std::string path = document::path_of(root, violation.at);
  const std::string where = path.empty() ? "" : path + ": ";
  switch (violation.kind) {
    case Violation::Kind::type:
      return where + "expected " + violation.expected;
    case Violation::Kind::missing:
      return where + "needs \"" + violation.property + "\"";
    case Violation::Kind::unknown:
      return where + "unknown member; allowed: " + violation.expected;
    case Violation::Kind::value:
      return where + "\"" + violation.at.text() + "\" is not one of " + violation.expected;
    case Violation::Kind::bound:
      return where + "does not meet " + violation.expected;
    case Violation::Kind::shape:
      return where + (violation.expected.empty() ? "fits none of the allowed forms"
                                                 : "needs exactly one of " + violation.expected);
    case Violation::Kind::duplicate:
      return where + "has equal items";
  }
  return where;
}

}  // namespace podcheck::catalogue
