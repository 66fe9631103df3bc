#include "lint/engine/schema_rule.hpp"

namespace podcheck::lint {

const catalogue::JsonSchema* SchemaRules::compiled(const catalogue::Rule& rule) {
  const std::lock_guard lock(mutex_);
  auto& schema = compiled_[&rule];
  if (schema == nullptr) {
    std::string error;  // cards are checked when they are read
    schema = catalogue::JsonSchema::compile(rule.schema, error);
  }
  return schema.get();
}

void SchemaRules::check(const Place& place, Reporter& reporter) {
  const catalogue::JsonSchema* schema = compiled(place.rule);
  const document::Node instance = place.container != nullptr ? place.container->node
                                  : place.pod != nullptr     ? place.pod->spec
                                                             : place.object->object.root;
  if (schema == nullptr) {
    return;
  }
  for (const auto& violation : schema->violations(instance)) {
    Hit hit;
    hit.at = violation.at;
    hit.on_key = violation.kind == catalogue::Violation::Kind::unknown;
    if (violation.kind == catalogue::Violation::Kind::missing) {
      hit.absent = violation.property;
    }
    std::string path = document::path_of(instance, violation.at);
    if (!hit.absent.empty()) {
      path += (path.empty() ? "" : ".") + hit.absent;
    }
    hit.values = {{"path", path},
                  {"property", violation.property},
                  {"expected", violation.expected},
                  {"value", violation.at.text()},
                  {"kind", std::string(place.object->object.kind)},
                  {"name", std::string(place.object->object.name)},
                  {"container", place.container != nullptr ? std::string(place.container->name) : std::string()}};
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
