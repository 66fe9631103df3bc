// Every verb and option, once: parsing, --help, completion and the man page are made from this table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace podcheck::cli {

enum class Completes : unsigned char {
  nothing,
  files,
  directories,
  choices,
  rules,
  causes,
  contexts,
  namespaces,
  targets
};

struct Option {
  const char* name;      // without dashes
  char letter;           // short form, or 0
  const char* argument;  // what the value is called in the help; nullptr for a switch
  const char* group;     // heading: output, kubectl, input, rules, fixes; common: every command has it
  bool repeatable = false;
  const char* implied = nullptr;  // value when given without one: --wait is --wait=10m
  Completes completes = Completes::nothing;
  const char* choices = nullptr;  // "en ja"
  bool hidden = false;            // accepted, not shown: aliases
};

struct Verb {
  const char* name;
  const char* arguments;  // "[TARGET...]"
  Completes completes = Completes::nothing;
  std::vector<const Option*> options;
  bool hidden = false;
};

std::span<const Verb> verbs();
const Verb* find_verb(std::string_view name);
// The option of a verb by its long name; nullptr when the verb has none.
const Option* find_option(const Verb& verb, std::string_view name);
std::vector<std::string> choices_of(const Option& option);

}  // namespace podcheck::cli
