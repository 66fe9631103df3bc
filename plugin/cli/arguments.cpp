#include "cli/arguments.hpp"

#include <algorithm>

// Positionals and values hold commas (-l app=web,tier=fe), which cxxopts would split.
#define CXXOPTS_VECTOR_DELIMITER '\x1f'
#define CXXOPTS_NO_REGEX
#include <cxxopts.hpp>

namespace podcheck::cli {

std::string Arguments::get(std::string_view name, std::string_view fallback) const {
  auto found = values_.find(name);
  return found == values_.end() || found->second.empty() ? std::string(fallback) : found->second.back();
}

const std::vector<std::string>& Arguments::all(std::string_view name) const {
  static const std::vector<std::string> none;
  auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

std::vector<std::string> Arguments::list(std::string_view name) const {
  std::vector<std::string> words;
  for (const std::string& value : all(name)) {
    std::size_t begin = 0;
    while (begin <= value.size()) {
      std::size_t comma = std::min(value.find(',', begin), value.size());
      if (comma > begin) {
        words.push_back(value.substr(begin, comma - begin));
      }
      begin = comma + 1;
    }
  }
  return words;
}

namespace {

// Unknown flags are looked for before cxxopts sees them, to suggest the near one and to word the error ourselves.
// Returns the words with short flags taken apart (-Av, -nshop and -n=shop as kubectl reads them).
std::vector<std::string> normalise(const Verb& verb, std::span<const char* const> arguments,
                                   const catalogue::Catalogue& catalogue) {
  std::vector<std::string> words;
  std::string_view waiting;  // the flag whose value comes next
  bool ended = false;
  for (std::string_view word : arguments) {
    bool is_value = !waiting.empty() || ended || word.size() < 2 || word[0] != '-' || word == "--";
    if (is_value || word[1] == '-') {
      words.emplace_back(word);
    }
    if (is_value) {
      ended = ended || (word == "--" && waiting.empty());
      waiting = {};
      continue;
    }
    if (word[1] == '-') {
      std::string_view name = word.substr(2, word.find('=') == std::string_view::npos ? word.npos : word.find('=') - 2);
      const Option* option = find_option(verb, name);
      if (option == nullptr) {
        std::vector<std::string> names;
        for (const Option* known : verb.options) {
          if (!known->hidden) {
            names.emplace_back(known->name);
          }
        }
        std::string near = catalogue::nearest(name, names);
        std::string key = near.empty() ? "cli.error.unknown_flag" : "cli.error.unknown_flag_near";
        throw UsageError{
            catalogue.say(key, {{"flag", "--" + std::string(name)}, {"near", "--" + near}, {"verb", verb.name}})};
      }
      bool has_value = word.find('=') != word.npos;
      if (option->argument == nullptr && has_value && word.substr(word.find('=') + 1) != "true" &&
          word.substr(word.find('=') + 1) != "false") {
        throw UsageError{catalogue.say("cli.error.switch_value", {{"flag", "--" + std::string(name)}})};
      }
      if (option->argument != nullptr && option->implied == nullptr && !has_value) {
        waiting = word;
      }
      continue;
    }
    for (std::size_t i = 1; i < word.size(); ++i) {
      auto known = std::find_if(verb.options.begin(), verb.options.end(),
                                [&](const Option* option) { return option->letter == word[i]; });
      if (known == verb.options.end()) {
        throw UsageError{
            catalogue.say("cli.error.unknown_flag", {{"flag", "-" + std::string(1, word[i])}, {"verb", verb.name}})};
      }
      words.push_back("--" + std::string((*known)->name));
      if ((*known)->argument != nullptr) {
        std::string_view value = word.substr(i + 1);
        if (value.empty()) {
          waiting = word;
        } else {
          words.emplace_back(value.starts_with("=") ? value.substr(1) : value);
        }
        break;
      }
    }
  }
  if (!waiting.empty()) {
    throw UsageError{catalogue.say("cli.error.no_value", {{"flag", std::string(waiting)}})};
  }
  return words;
}

void check_choice(const Option& option, const std::string& value, const catalogue::Catalogue& catalogue) {
  auto choices = choices_of(option);
  if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) {
    return;
  }
  std::string list;
  for (const auto& choice : choices) {
    list += (list.empty() ? "" : ", ") + choice;
  }
  throw UsageError{catalogue.say("cli.error.bad_choice",
                                 {{"flag", std::string("--") + option.name}, {"value", value}, {"choices", list}})};
}

}  // namespace

UsageError unknown_command(const catalogue::Catalogue& catalogue, std::string_view word, const std::string& program) {
  std::vector<std::string> names;
  for (const Verb& known : verbs()) {
    if (!known.hidden) {
      names.emplace_back(known.name);
    }
  }
  std::string near = catalogue::nearest(word, names);
  return {catalogue.say(near.empty() ? "cli.error.unknown_command" : "cli.error.unknown_command_near",
                        {{"command", std::string(word)}, {"near", near}, {"program", program}})};
}

Arguments parse(const Verb& verb, std::span<const char* const> arguments, const catalogue::Catalogue& catalogue) {
  const std::vector<std::string> words = normalise(verb, arguments, catalogue);
  cxxopts::Options options("podcheck");
  for (const Option* option : verb.options) {
    std::string names = option->letter == 0 ? option->name : std::string(1, option->letter) + "," + option->name;
    auto value = option->argument == nullptr ? cxxopts::value<bool>() : cxxopts::value<std::vector<std::string>>();
    if (option->implied != nullptr) {
      value->implicit_value(option->implied);
    }
    options.add_options()(names, "", value);
  }
  std::vector<const char*> argv = {"podcheck"};
  for (const std::string& word : words) {
    argv.push_back(word.c_str());
  }
  Arguments parsed;
  try {
    auto result = options.parse(static_cast<int>(argv.size()), argv.data());
    for (const Option* option : verb.options) {
      if (result.count(option->name) == 0) {
        continue;
      }
      if (option->argument == nullptr) {
        if (result[option->name].as<bool>()) {
          parsed.values_[option->name] = {"true"};
        }
        continue;
      }
      for (const std::string& value : result[option->name].as<std::vector<std::string>>()) {
        if (option->name != std::string_view("kubernetes-version")) {
          check_choice(*option, value, catalogue);
        }
        parsed.values_[option->name].push_back(value);
      }
    }
    parsed.positional_ = result.unmatched();
  } catch (const cxxopts::exceptions::exception& problem) {
    throw UsageError{catalogue.say("cli.error.other", {{"detail", problem.what()}})};
  }
  return parsed;
}

}  // namespace podcheck::cli
