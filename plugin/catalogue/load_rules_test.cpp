#include <doctest/doctest.h>

#include <algorithm>

#include "catalogue/catalogue.hpp"
#include "catalogue/own_cards.hpp"

using namespace podcheck;
using catalogue::Catalogue;
using catalogue::Language;

namespace {

const std::string good = R"(id: team-label-missing
severity: warning
category: controller
message: {en: '{kind} "{name}" has no label team'}
schema:
  properties:
    metadata: {properties: {labels: {required: [team]}}}
applies-to: object
)";

std::vector<std::string> problems(const std::string& text) {
  const Catalogue catalogue(Language::en);
  return catalogue::problems_of_card(catalogue, document::parse("team-label-missing.yaml", text), "team-label-missing");
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  text.replace(text.find(what), what.size(), with);
  return text;
}

}  // namespace

TEST_CASE("a card of a user needs no documentation and one language") {
  CHECK(problems(good).empty());
}

TEST_CASE("an error in a card has its position and says what to write") {
  struct Case {
    std::string what;
    std::string with;
    std::string problem;
  };
  const Case cases[] = {
      {"severity: warning", "severity: warn",
       "team-label-missing.yaml:2:11: severity is \"warn\"; allowed: error, warning, info"},
      {"severity:", "severty:", "team-label-missing.yaml:2:1: unknown field severty; did you mean \"severity\"?"},
      {"id: team-label-missing", "id: other",
       "team-label-missing.yaml:1:5: the id \"other\" is not the name of the file, which is \"team-label-missing\""},
      {"{required: [team]}", "{pattern: a}",
       "team-label-missing.yaml:5:1: this schema cannot be used: pattern and patternProperties are not supported"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.with);
    const auto found = problems(replaced(good, c.what, c.with));
    CHECK(std::find(found.begin(), found.end(), c.problem) != found.end());
  }
}

TEST_CASE("a folder that does not exist is one problem") {
  Catalogue catalogue(Language::en);
  CHECK(catalogue.load_rules("/no/such/folder").size() == 1);
}
