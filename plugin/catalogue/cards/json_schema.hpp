// JSON Schema (draft 7) over the document model: valijson behind a strict adapter of our own.
// Used for cards, the configuration and rules that are a schema; its findings are facts, worded elsewhere.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"

namespace podcheck::catalogue {

// One place that a schema does not allow.
struct Violation {
  enum class Kind : std::uint8_t {
    type,       // `expected` is the type or types: "integer", "string or null"
    missing,    // `at` is the mapping, `property` the absent member
    unknown,    // `at` is the member's value (report on its key), `property` its name; `expected` the allowed names
    value,      // not one of `expected` ("a, b, c")
    bound,      // too small, too large, too short, too many; `expected` says which bound, as JSON Schema words it
    shape,      // no branch of oneOf, anyOf, not, if fits; `expected` lists members when branches only require them
    duplicate,  // items that must be unique are not
  };
  Kind kind = Kind::shape;
  document::Node at;
  std::string property;
  std::string expected;
};

class JsonSchema {
 public:
  // The schema's tree must outlive this. Only local references. Returns an empty pointer and a sentence in `error`
  // when the schema itself is wrong, or uses `pattern` (std::regex has no bound in time or stack).
  static std::unique_ptr<JsonSchema> compile(document::Node schema, std::string& error);
  ~JsonSchema();

  bool allows(document::Node instance) const;
  // In document order, one per place; ancestors of a wrong place are not reported again. Safe to call from several
  // threads at once.
  std::vector<Violation> violations(document::Node instance) const;

 private:
  struct Impl;
  explicit JsonSchema(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// English, for errors about cards at build time: "spec.replicas: expected integer".
std::string describe(const Violation& violation, document::Node root);

}  // namespace podcheck::catalogue
