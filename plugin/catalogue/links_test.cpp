// Rules and causes name each other: what one prevents, the other can find.
#include <doctest/doctest.h>

#include "catalogue/catalogue.hpp"

using podcheck::catalogue::Catalogue;
using podcheck::catalogue::Language;

TEST_CASE("every rule that a cause names is there") {
  const Catalogue catalogue(Language::en);
  for (const auto& cause : catalogue.causes()) {
    for (const auto& id : cause.prevented_by) {
      CAPTURE(cause.id);
      CAPTURE(id);
      CHECK(catalogue.rule(id) != nullptr);
    }
  }
}

TEST_CASE("every cause that a rule names is there") {
  const Catalogue catalogue(Language::en);
  for (const auto& rule : catalogue.rules()) {
    for (const auto& id : rule.prevents) {
      CAPTURE(rule.id);
      CAPTURE(id);
      CHECK(catalogue.cause(id) != nullptr);
    }
  }
}
