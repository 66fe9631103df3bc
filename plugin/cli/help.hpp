// --help, made from the option table and the message catalogue.
#pragma once

#include <string>

#include "catalogue/catalogue.hpp"
#include "cli/option_table.hpp"

namespace podcheck::cli {

// `command` is how the user calls us: "kubectl podcheck" or the name of the binary.
std::string overview(const catalogue::Catalogue& catalogue, const std::string& command);
std::string help(const Verb& verb, const catalogue::Catalogue& catalogue, const std::string& command);
// The sentence about an option; verbs may word it their own way.
std::string describe(const Verb& verb, const Option& option, const catalogue::Catalogue& catalogue);

}  // namespace podcheck::cli
