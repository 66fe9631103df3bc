#include "catalogue/catalogue.hpp"

#include <doctest/doctest.h>

using namespace podcheck;
using catalogue::Catalogue;
using catalogue::Language;

TEST_CASE("a finding carries what its card says, in the language asked for") {
  const Catalogue english(Language::en);
  const auto finding = english.finding("duplicate-object", {{"kind", "Service"}, {"name", "web"}});
  CHECK(finding.message ==
        "Service \"web\" is defined again with different content: the definition that is applied last wins");
  CHECK(finding.severity == finding::Severity::warning);
  CHECK(finding.category == "config");
  REQUIRE(finding.fixes.size() == 1);
  CHECK(finding.fixes[0].safety == finding::Safety::manual);

  const Catalogue japanese(Language::ja);
  CHECK(japanese.text("duplicate-object", "related.first", {}) == "最初の定義はここです");
}

TEST_CASE("the whole card can be read, examples included") {
  const Catalogue catalogue(Language::en);
  const auto card = catalogue.card("duplicate-object");
  CHECK(card["id"].string() == "duplicate-object");
  CHECK(card["examples"][0]["finds"][0].string() == "11:9");
  CHECK_FALSE(catalogue.card("no-such-rule"));
}

TEST_CASE("unknown ids and fields are empty, never a crash") {
  const Catalogue catalogue(Language::en);
  CHECK(catalogue.rule("no-such-rule") == nullptr);
  CHECK(catalogue.text("no-such-rule", "why", {}).empty());
  CHECK(catalogue.text("duplicate-object", "no-such-field", {}).empty());
  CHECK(catalogue.say("no.such.sentence").empty());
}

TEST_CASE("rules and causes are sorted by id") {
  const Catalogue catalogue(Language::en);
  for (std::size_t i = 1; i < catalogue.rules().size(); ++i) {
    CHECK(catalogue.rules()[i - 1].id < catalogue.rules()[i].id);
  }
  for (std::size_t i = 1; i < catalogue.causes().size(); ++i) {
    CHECK(catalogue.causes()[i - 1].id < catalogue.causes()[i].id);
  }
}
