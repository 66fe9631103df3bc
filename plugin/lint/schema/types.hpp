// The types of Kubernetes' objects: which fields there are, of what shape, and in which minor versions.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"

namespace podcheck::lint::schema {

enum class Shape : std::uint8_t {
  any,  // not looked into
  string,
  boolean,
  int32,
  int64,
  number,
  bytes,  // base64
  time,   // RFC 3339
  micro_time,
  int_or_string,
  quantity,
  list,
  map,     // of strings to `of`
  object,  // named fields
};

// Index of a type in its Types.
using TypeId = std::uint32_t;

struct Field {
  std::string_view name;
  TypeId type = 0;
  std::uint8_t since = 0;  // minor version; 0: always
  std::uint8_t until = 255;
  bool required = false;  // OpenAPI's word; the server enforces it for custom resources alone
  bool in(int minor) const { return minor >= since && minor <= until; }
};

struct Type {
  std::string_view name;  // "core.v1.Container"; empty for unnamed ones
  Shape shape = Shape::any;
  bool preserve_unknown = false;  // x-kubernetes-preserve-unknown-fields
  bool nullable = false;
  bool custom = false;  // of a custom resource: `required` and `allowed` are enforced
  TypeId of = 0;        // element of a list or map
  std::uint32_t first_field = 0;
  std::uint32_t field_count = 0;     // sorted by name; a name may come twice with disjoint versions
  std::vector<std::string> allowed;  // enum
};

struct Kind {
  std::string_view api_version;  // "apps/v1"
  std::string_view kind;
  TypeId type = 0;
  std::uint8_t since = 0;
  std::uint8_t until = 255;
  bool in(int minor) const { return minor >= since && minor <= until; }
};

class Types {
 public:
  // The built-in types; unpacked once, on first use. Thread-safe.
  static const Types& built_in();
  // Reads the text form (schemas/kubernetes/types.txt).
  explicit Types(std::string text);
  // Types of custom resources; starts empty.
  Types() : Types(std::string()) {}
  Types(const Types&) = delete;
  Types& operator=(const Types&) = delete;

  // Adds the kinds of a CustomResourceDefinition (apiextensions.k8s.io/v1). False when the node is none.
  bool add_crd(document::Node definition);

  const Type& type(TypeId id) const { return types_[id]; }
  // Fields of an object type, those of every version.
  const Field* begin(const Type& type) const { return fields_.data() + type.first_field; }
  const Field* end(const Type& type) const { return begin(type) + type.field_count; }
  // nullptr when the type has no such field in that minor version.
  const Field* field(const Type& type, std::string_view name, int minor) const;
  // In whatever version.
  const Field* field_ever(const Type& type, std::string_view name) const;

  // nullptr when no version has it.
  const Kind* kind(std::string_view api_version, std::string_view kind) const;
  const std::vector<Kind>& kinds() const { return kinds_; }  // sorted by api_version, then kind
  // Whether any kind of the group ("apps"; "" is core) is known.
  bool knows_group(std::string_view group) const;
  int oldest() const { return oldest_; }
  int newest() const { return newest_; }

 private:
  std::unique_ptr<std::string> text_;
  std::vector<std::unique_ptr<std::string>> names_;
  std::vector<Type> types_;
  std::vector<Field> fields_;
  std::vector<Kind> kinds_;
  int oldest_ = 0;
  int newest_ = 0;

  TypeId add_schema(document::Node schema, int depth);
  std::string_view keep(std::string_view text);
  void sort_kinds();
};

// "apps/v1" → "apps", "v1" → "".
std::string_view group_of(std::string_view api_version);

}  // namespace podcheck::lint::schema
