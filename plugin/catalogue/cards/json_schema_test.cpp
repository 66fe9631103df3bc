#include "catalogue/cards/json_schema.hpp"

#include <doctest/doctest.h>

#include "document/document.hpp"

using namespace podcheck;
using catalogue::JsonSchema;
using catalogue::Violation;

namespace {

struct Json {
  document::Tree tree;
  explicit Json(const char* text) {
    std::string error;
    REQUIRE_MESSAGE(document::parse_json(text, tree, error), error);
  }
  document::Node root() const { return tree.root(); }
};

std::vector<std::string> problems(const char* schema_text, const char* instance_text) {
  Json schema(schema_text);
  Json instance(instance_text);
  std::string error;
  auto compiled = JsonSchema::compile(schema.root(), error);
  REQUIRE_MESSAGE(compiled != nullptr, error);
  std::vector<std::string> out;
  for (const auto& violation : compiled->violations(instance.root())) {
    out.push_back(describe(violation, instance.root()));
  }
  CHECK(compiled->allows(instance.root()) == out.empty());
  return out;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("types are strict: quoted numbers are strings and numbers are no strings") {
  const char* schema = R"({"type":"object","properties":{"port":{"type":"integer"},"value":{"type":"string"}}})";
  CHECK(problems(schema, R"({"port":80,"value":"80"})") == Strings{});
  CHECK(problems(schema, R"({"port":"80"})") == Strings{"port: expected integer"});
  CHECK(problems(schema, R"({"value":80})") == Strings{"value: expected string"});
  CHECK(problems(schema, R"({"value":true})") == Strings{"value: expected string"});
}

TEST_CASE("only the wrong place is reported, not its ancestors") {
  const char* schema = R"({"properties":{"spec":{"properties":{"items":{"items":{"$ref":"#/definitions/n"}}}}},
                           "definitions":{"n":{"type":["integer","null"],"minimum":3}}})";
  CHECK(problems(schema, R"({"spec":{"items":[3,"x",null,1]}})") ==
        Strings{"spec.items[1]: expected integer or null", "spec.items[3]: does not meet minimum 3"});
}

TEST_CASE("unknown and missing members are named") {
  const char* schema = R"({"additionalProperties":false,"required":["a"],"properties":{"a":{},"b":{}}})";
  CHECK(problems(schema, R"({"c":1})") == Strings{"c: unknown member; allowed: a, b", "needs \"a\""});
}

TEST_CASE("a value outside an enum is shown with the allowed ones") {
  CHECK(problems(R"({"properties":{"s":{"enum":["x","y"]}}})", R"({"s":"z"})") ==
        Strings{"s: \"z\" is not one of x, y"});
}

TEST_CASE("branches of oneOf are one problem") {
  const char* schema = R"({"properties":{"p":{"oneOf":[{"type":"integer"},{"type":"string"}]}}})";
  CHECK(problems(schema, R"({"p":true})") == Strings{"p: fits none of the allowed forms"});
  CHECK(problems(schema, R"({"p":1})") == Strings{});
}

TEST_CASE("branches that require members hide nothing else") {
  const char* schema = R"({"required":["c"],"properties":{"c":{"type":"integer"}},
                           "oneOf":[{"required":["a"]},{"required":["b"]}]})";
  CHECK(problems(schema, R"({"a":1,"c":1})") == Strings{});
  CHECK(problems(schema, R"({"c":"x"})") == Strings{"needs exactly one of a, b", "c: expected integer"});
  CHECK(problems(schema, R"({})") == Strings{"needs exactly one of a, b", "needs \"c\""});
  CHECK(problems(schema, R"({"a":1,"b":1,"c":1})") == Strings{"needs exactly one of a, b"});
}

TEST_CASE("patterns are refused: std::regex has no bound") {
  Json schema(R"({"properties":{"a":{"pattern":"^(a+)+$"}}})");
  std::string error;
  CHECK(JsonSchema::compile(schema.root(), error) == nullptr);
  CHECK(error == "pattern and patternProperties are not supported");
}

TEST_CASE("a property that is called pattern is no pattern") {
  Json schema(R"({"properties":{"pattern":{"type":"string"}}})");
  std::string error;
  CHECK(JsonSchema::compile(schema.root(), error) != nullptr);
}
