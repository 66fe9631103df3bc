// The man page, made from the option table and the message catalogue.
#pragma once

#include <string>

#include "catalogue/catalogue.hpp"

namespace podcheck::cli {

// `date` is YYYY-MM-DD.
std::string man_page(const catalogue::Catalogue& catalogue, const std::string& version, const std::string& date);

}  // namespace podcheck::cli
