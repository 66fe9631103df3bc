// The pages of the documentation, made from cards: one a rule, one a cause, and their lists. Markdown.
#pragma once

#include <string>
#include <string_view>

#include "catalogue/catalogue.hpp"

namespace podcheck::catalogue {

// A rule or cause: what it finds, why it matters, the fix, examples. Empty for unknown ids.
std::string page_of(const Catalogue& catalogue, std::string_view id);

// Tables with a link to each page, in groups by category.
std::string rule_index(const Catalogue& catalogue);
std::string cause_index(const Catalogue& catalogue);

}  // namespace podcheck::catalogue
