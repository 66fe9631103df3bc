// Structural schemas of CustomResourceDefinitions as types.
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation
#include <algorithm>
#include <tuple>

#include "kube/object.hpp"
#include "lint/schema/types.hpp"

namespace podcheck::lint::schema {

using document::Node;

namespace {

constexpr int max_depth = 100;

Shape shape_of(Node schema) {
  if (schema["x-kubernetes-int-or-string"].boolean().value_or(false))
    return Shape::int_or_string;
  const auto type = schema["type"].string();
  if (type == "object")
    return schema.has("additionalProperties") && !schema.has("properties") ? Shape::map : Shape::object;
  if (type == "array")
    return Shape::list;
  if (type == "string")
    return Shape::string;
  if (type == "integer")
    return Shape::int64;
  if (type == "number")
    return Shape::number;
  if (type == "boolean")
    return Shape::boolean;
  return Shape::any;
}

}  // namespace

TypeId Types::add_schema(Node schema, int depth) {
  Type type;
  type.custom = true;
  type.shape = depth > max_depth ? Shape::any : shape_of(schema);
  type.preserve_unknown = schema["x-kubernetes-preserve-unknown-fields"].boolean().value_or(false) ||
                          schema["x-kubernetes-embedded-resource"].boolean().value_or(false);
  type.nullable = schema["nullable"].boolean().value_or(false);
  for (Node value : schema["enum"].items())
    type.allowed.push_back(value.text());
  if (type.shape == Shape::list)
    type.of = add_schema(schema["items"], depth + 1);
  if (type.shape == Shape::map)
    type.of = add_schema(schema["additionalProperties"], depth + 1);
  if (type.shape == Shape::object) {
    if (schema["properties"].empty() && !schema.has("properties"))
      type.preserve_unknown = true;
    std::vector<Field> fields;
    for (const auto& property : schema["properties"].members()) {
      Field field;
      field.name = keep(property.key);
      field.type = add_schema(property.value, depth + 1);
      // A default fills what is missing before anything is enforced.
      if (!property.value.has("default"))
        for (Node required : schema["required"].items())
          field.required |= required.string() == property.key;
      fields.push_back(field);
    }
    std::sort(fields.begin(), fields.end(), [](const Field& a, const Field& b) { return a.name < b.name; });
    type.first_field = static_cast<std::uint32_t>(fields_.size());
    type.field_count = static_cast<std::uint32_t>(fields.size());
    fields_.insert(fields_.end(), fields.begin(), fields.end());
  }
  types_.push_back(std::move(type));
  return static_cast<TypeId>(types_.size() - 1);
}

bool Types::add_crd(Node definition) {
  if (definition["kind"].string() != "CustomResourceDefinition")
    return false;
  const Node spec = definition["spec"];
  const auto group = spec["group"].string();
  const auto kind_name = spec["names"]["kind"].string();
  if (group.empty() || kind_name.empty())
    return false;
  for (Node version : spec["versions"].items()) {
    if (!version["served"].boolean().value_or(true))
      continue;
    Node schema = version["schema"]["openAPIV3Schema"];
    if (!schema)
      schema = spec["validation"]["openAPIV3Schema"];
    Kind kind;
    kind.api_version = keep(std::string(group) + "/" + std::string(version["name"].string()));
    kind.kind = keep(kind_name);
    kind.type = schema ? add_schema(schema, 0) : 0;
    if (spec["preserveUnknownFields"].boolean().value_or(false))
      types_[kind.type].preserve_unknown = true;
    kinds_.push_back(kind);
  }
  sort_kinds();
  return true;
}

}  // namespace podcheck::lint::schema
