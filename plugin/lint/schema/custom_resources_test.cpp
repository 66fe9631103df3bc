#include <doctest/doctest.h>

#include "document/document.hpp"
#include "lint/schema/types.hpp"

using namespace podcheck;
using namespace podcheck::lint::schema;

namespace {

constexpr const char* definition = R"({
  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
  "spec": {"group": "example.com", "names": {"kind": "Backup"}, "versions": [
    {"name": "v1", "served": true, "schema": {"openAPIV3Schema": {"type": "object", "properties": {
      "spec": {"type": "object", "required": ["target", "mode"], "properties": {
        "target": {"type": "string"},
        "mode": {"type": "string", "enum": ["full", "delta"], "default": "full"},
        "port": {"x-kubernetes-int-or-string": true},
        "extra": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}}}}}}}},
    {"name": "v0", "served": false}]}})";

}  // namespace

TEST_CASE("a CustomResourceDefinition becomes types") {
  document::Tree tree;
  std::string error;
  REQUIRE(document::parse_json(definition, tree, error));
  Types types;
  REQUIRE(types.add_crd(tree.root()));
  CHECK(types.kind("example.com/v0", "Backup") == nullptr);
  const Kind* kind = types.kind("example.com/v1", "Backup");
  REQUIRE(kind != nullptr);
  const Type& spec = types.type(types.field(types.type(kind->type), "spec", 36)->type);
  CHECK(spec.custom);
  CHECK(types.field(spec, "target", 36)->required);
  CHECK_FALSE(types.field(spec, "mode", 36)->required);  // a default fills it
  CHECK(types.type(types.field(spec, "mode", 36)->type).allowed == std::vector<std::string>{"full", "delta"});
  CHECK(types.type(types.field(spec, "port", 36)->type).shape == Shape::int_or_string);
  CHECK(types.type(types.field(spec, "extra", 36)->type).preserve_unknown);
  CHECK(types.type(types.field(spec, "labels", 36)->type).shape == Shape::map);
  CHECK(types.field(spec, "tagret", 36) == nullptr);
}

TEST_CASE("what is no definition adds no types") {
  document::Tree tree;
  std::string error;
  REQUIRE(document::parse_json(R"({"kind": "ConfigMap"})", tree, error));
  Types types;
  CHECK_FALSE(types.add_crd(tree.root()));
  CHECK_FALSE(types.add_crd({}));
}
