// A parsed command line.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "cli/option_table.hpp"

namespace podcheck::cli {

// The command line is wrong; what() is the sentence to print. Leaves the program with ExitCode::usage.
struct UsageError {
  std::string sentence;
};

class Arguments {
 public:
  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  // The last value given; `fallback` when there is none.
  std::string get(std::string_view name, std::string_view fallback = {}) const;
  const std::vector<std::string>& all(std::string_view name) const;
  // Every value split at commas: --select a,b --select c.
  std::vector<std::string> list(std::string_view name) const;
  const std::vector<std::string>& positional() const { return positional_; }

  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> positional_;
};

// What to say of a verb that does not exist, with the near one.
UsageError unknown_command(const catalogue::Catalogue& catalogue, std::string_view word, const std::string& program);

// Parses what follows the verb. Throws UsageError, with a suggestion for an unknown flag.
Arguments parse(const Verb& verb, std::span<const char* const> arguments, const catalogue::Catalogue& catalogue);

}  // namespace podcheck::cli
