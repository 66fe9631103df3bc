#include "lint/engine/selection.hpp"

#include <doctest/doctest.h>

using namespace podcheck;
using lint::RuleSet;
using lint::Selection;

namespace {

const catalogue::Catalogue& cards() {
  static const catalogue::Catalogue catalogue(catalogue::Language::en);
  return catalogue;
}

bool enabled(const Selection& selection, const char* id) {
  return RuleSet(cards(), selection).enabled(*cards().rule(id));
}

}  // namespace

TEST_CASE("rules are named by id, category, prefix or all") {
  CHECK(enabled({}, "duplicate-object"));
  CHECK(enabled({{"duplicate-object"}, {}, {}, {}, {}}, "duplicate-object"));
  CHECK(enabled({{"config"}, {}, {}, {}, {}}, "duplicate-object"));
  CHECK(enabled({{"duplicate-*"}, {}, {}, {}, {}}, "duplicate-object"));
  CHECK(enabled({{"all"}, {}, {}, {}, {}}, "duplicate-object"));
  CHECK_FALSE(enabled({{"image"}, {}, {}, {}, {}}, "duplicate-object"));
  CHECK(enabled({{"image"}, {"duplicate-object"}, {}, {}, {}}, "duplicate-object"));
  CHECK_FALSE(enabled({{}, {}, {"duplicate-object"}, {}, {}}, "duplicate-object"));
  CHECK_FALSE(enabled({{"all"}, {}, {"config"}, {}, {}}, "duplicate-object"));
  CHECK_FALSE(enabled({{}, {}, {}, {{"config", "off"}}, {}}, "duplicate-object"));
}

TEST_CASE("the narrowest name decides the severity") {
  const RuleSet rules(cards(),
                      {{}, {}, {}, {{"config", "error"}, {"duplicate-object", "info"}, {"all", "warning"}}, {}});
  CHECK(rules.severity(*cards().rule("duplicate-object")) == finding::Severity::info);
}

TEST_CASE("a rule that is off by default can be selected, or switched on by a severity") {
  for (const auto& rule : cards().rules()) {
    if (rule.enabled) {
      continue;
    }
    CAPTURE(rule.id);
    CHECK_FALSE(enabled({}, rule.id.c_str()));
    CHECK(enabled({{}, {rule.id}, {}, {}, {}}, rule.id.c_str()));
    CHECK(enabled({{}, {}, {}, {{rule.id, "warning"}}, {}}, rule.id.c_str()));
  }
}

TEST_CASE("unknown names come with the nearest one") {
  const auto unknown = lint::unknown_names(cards(), {"config", "duplicate-objekt", "image-*", "qqq"});
  REQUIRE(unknown.size() >= 2);
  CHECK(unknown.front().second == "duplicate-object");
  CHECK(unknown.back().second.empty());
}

TEST_CASE("parameters of the configuration come over those of the card") {
  for (const auto& rule : cards().rules()) {
    if (rule.params.empty()) {
      continue;
    }
    document::Tree tree;
    document::TreeBuilder builder(tree);
    builder.begin_mapping();
    builder.key(rule.params[0].key());
    builder.string("changed");
    builder.end();
    const RuleSet rules(cards(), {{}, {}, {}, {}, {{rule.id, tree.root()}}});
    const auto& effective = rules.effective(rule);
    CHECK(effective.params[rule.params[0].key()].string() == "changed");
    CHECK(effective.params.size() == rule.params.size());
    return;
  }
}
