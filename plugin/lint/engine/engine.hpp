// Runs every enabled rule at every place of a bundle.
#pragma once

#include <atomic>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "lint/check.hpp"
#include "lint/engine/schema_rule.hpp"
#include "lint/engine/selection.hpp"

namespace podcheck::lint {

// What holds for a file: its settings and its rules. Files share profiles.
struct Profile {
  Settings settings;
  RuleSet rules;
};

class Engine {
 public:
  Engine(const catalogue::Catalogue& catalogue, const Bundle& bundle);

  // Findings of the object, pod and container rules. Context objects have none. Safe from several threads.
  std::vector<finding::Finding> check_object(const BundleObject& object, const Profile& profile);

  // Findings of one bundle rule, each with the object it belongs to. Hits outside the profile of their own object are
  // the caller's to drop.
  struct Owned {
    const BundleObject* object;
    finding::Finding finding;
    const catalogue::Rule* rule;
  };
  std::vector<Owned> check_bundle(const catalogue::Rule& rule, const Profile& profile);

  // Findings beyond what one rule may report at one place; only counted.
  std::size_t left_out() const { return left_out_; }

 private:
  const catalogue::Catalogue& catalogue_;
  const Bundle& bundle_;
  std::atomic<std::size_t> left_out_{0};
  SchemaRules schemas_;
  std::vector<const Check*> checks_;  // of each rule of the catalogue; null: a schema, or none

  const Check* check_of(const catalogue::Rule& rule) const;
  void run(const Place& place, const Check* check, Reporter& reporter);
};

}  // namespace podcheck::lint
