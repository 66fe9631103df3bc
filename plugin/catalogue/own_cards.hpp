// Cards that users write.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace podcheck::catalogue {

// What is wrong with a rule card, as "file:line:column: sentence".
std::vector<std::string> problems_of_card(const Catalogue& catalogue, const document::File& file,
                                          std::string_view stem);

}  // namespace podcheck::catalogue
