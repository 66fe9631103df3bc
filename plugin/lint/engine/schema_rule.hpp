// Rules that are a JSON Schema: compiled at first use, their violations worded by the card.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "catalogue/cards/json_schema.hpp"
#include "lint/check.hpp"

namespace podcheck::lint {

class SchemaRules {
 public:
  // Reports what the rule's schema does not allow at the Place's container, pod spec or object, with the values path,
  // property, expected and value, and container, kind and name of the place. Safe from several threads.
  void check(const Place& place, Reporter& reporter);

 private:
  std::mutex mutex_;
  std::map<const catalogue::Rule*, std::unique_ptr<catalogue::JsonSchema>> compiled_;
  const catalogue::JsonSchema* compiled(const catalogue::Rule& rule);
};

}  // namespace podcheck::lint
