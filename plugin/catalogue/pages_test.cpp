#include "catalogue/pages.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "catalogue/own_cards.hpp"

using namespace podcheck;
using catalogue::Catalogue;
using catalogue::Language;

TEST_CASE("every rule and cause has a page in both languages, without unfilled headings") {
  for (const auto language : {Language::en, Language::ja}) {
    const Catalogue catalogue(language);
    for (const auto& rule : catalogue.rules()) {
      CAPTURE(rule.id);
      const std::string page = catalogue::page_of(catalogue, rule.id);
      CHECK(page.find("# " + rule.id + "\n") == 0);
      CHECK(page.find("## \n") == std::string::npos);
      CHECK(page.find("```yaml") != std::string::npos);
    }
    for (const auto& cause : catalogue.causes()) {
      CHECK(catalogue::page_of(catalogue, cause.id).find("# " + cause.id + "\n") == 0);
    }
    CHECK(catalogue::rule_index(catalogue).find("[duplicate-object](rules/duplicate-object.md)") != std::string::npos);
    CHECK(catalogue::page_of(catalogue, "no-such-rule").empty());
  }
}

TEST_CASE("the card that new rules start from is valid") {
  const Catalogue catalogue(Language::en);
  std::ifstream in(PODCHECK_SOURCE_DIR "/docs/templates/lint-rules.yaml");
  std::ostringstream text;
  text << in.rdbuf();
  const auto card = document::parse("lint-rules.yaml", text.str());
  CHECK(catalogue::problems_of_card(catalogue, card, "fault-in-a-few-words").empty());
}
