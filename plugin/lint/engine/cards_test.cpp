// What must hold between the cards and the code.
#include <doctest/doctest.h>

#include <set>

#include "catalogue/catalogue.hpp"
#include "lint/checks/table.hpp"

using namespace podcheck;

TEST_CASE("every card names a check that exists, every check is named by a card") {
  const catalogue::Catalogue catalogue(catalogue::Language::en);
  std::set<std::string_view> named;
  for (const auto& rule : catalogue.rules()) {
    CAPTURE(rule.id);
    if (rule.schema) {
      CHECK(rule.check.empty());
      continue;
    }
    named.insert(rule.check);
    // Problems of the text are found while it is read, not by a check.
    CHECK((rule.check == "document" || lint::find_check(rule.check) != nullptr));
    CHECK((rule.check == "document") == (rule.applies_to == "document"));
  }
  for (const auto& check : lint::all_checks()) {
    CAPTURE(check.name);
    CHECK(named.count(check.name) == 1);
  }
}
