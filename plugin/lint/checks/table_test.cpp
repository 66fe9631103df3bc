#include "lint/checks/table.hpp"

#include <doctest/doctest.h>

using namespace podcheck::lint;

TEST_CASE("the table is sorted and names no check twice") {
  const auto& checks = all_checks();
  for (std::size_t i = 1; i < checks.size(); ++i) {
    CAPTURE(checks[i].name);
    CHECK(checks[i - 1].name < checks[i].name);
  }
  CHECK(find_check("no-such-check") == nullptr);
  for (const auto& check : checks) {
    CAPTURE(check.name);
    CHECK((check.run != nullptr));
    CHECK(find_check(check.name) == &check);
  }
}
