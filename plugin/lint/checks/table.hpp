// Every built-in check, by the name that a card's `check:` uses.
#pragma once

#include <string_view>
#include <vector>

#include "lint/check.hpp"

namespace podcheck::lint {

const std::vector<Check>& all_checks();  // sorted by name, no name twice
const Check* find_check(std::string_view name);

}  // namespace podcheck::lint
