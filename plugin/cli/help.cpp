#include "cli/help.hpp"

#include <algorithm>

#include "render/terminal_text.hpp"

namespace podcheck::cli {

namespace {

constexpr int help_width = 100;

std::string with_command(std::string text, const std::string& command) {
  return catalogue::fill(text, {{"command", command}});
}

std::string usage_of(const Option& option) {
  std::string text = option.letter == 0 ? "    " : std::string("-") + option.letter + ", ";
  text += std::string("--") + option.name;
  if (option.implied != nullptr) {
    text += std::string("[=") + option.argument + "]";
  } else if (option.argument != nullptr) {
    text += std::string(" ") + option.argument;
  }
  return text;
}

void write_rows(std::string& out, const std::vector<std::pair<std::string, std::string>>& rows, int column) {
  for (const auto& [name, text] : rows) {
    auto lines = render::wrap(text, help_width - column - 4);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      out += i == 0 ? "  " + render::pad(name, column) : std::string(static_cast<std::size_t>(column) + 2, ' ');
      out += "  " + lines[i] + "\n";
    }
  }
}

bool is_common(const Option& option) {
  return option.group == std::string("common");
}

}  // namespace

std::string describe(const Verb& verb, const Option& option, const catalogue::Catalogue& catalogue) {
  std::string own = catalogue.say(std::string("options.") + verb.name + "." + option.name);
  return own.empty() ? catalogue.say(std::string("options.all.") + option.name) : own;
}

std::string overview(const catalogue::Catalogue& catalogue, const std::string& command) {
  std::string out = catalogue.say("cli.about") + "\n\n" + catalogue.say("cli.usage") + " " + command + " " +
                    catalogue.say("cli.command_placeholder") + "\n\n" + catalogue.say("cli.commands") + "\n";
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Verb& verb : verbs()) {
    if (!verb.hidden) {
      rows.emplace_back(verb.name, catalogue.say(std::string("verbs.") + verb.name + ".summary"));
    }
  }
  write_rows(out, rows, 12);
  // Said once, here; the help of a command names them only.
  rows.clear();
  int column = 12;
  const Verb& any = verbs().front();
  for (const Option* option : any.options) {
    if (is_common(*option)) {
      rows.emplace_back(usage_of(*option), describe(any, *option, catalogue));
      column = std::max(column, render::display_width(rows.back().first));
    }
  }
  out += "\n" + catalogue.say("cli.groups.common") + "\n";
  write_rows(out, rows, column);
  return out + "\n" + with_command(catalogue.say("cli.examples_overview"), command) + "\n";
}

std::string help(const Verb& verb, const catalogue::Catalogue& catalogue, const std::string& command) {
  std::string key = std::string("verbs.") + verb.name;
  std::string out = catalogue.say(key + ".summary") + "\n\n" + catalogue.say("cli.usage") + " " + command + " " +
                    verb.name + (*verb.arguments ? std::string(" ") + verb.arguments : "") + " " +
                    catalogue.say("cli.flags_placeholder") + "\n";
  std::string about = with_command(catalogue.say(key + ".about"), command);
  if (!about.empty()) {
    out += "\n";
    for (const auto& line : render::wrap(about, help_width - 4)) {
      out += line + "\n";
    }
  }
  std::vector<std::string> groups;
  int column = 12;
  for (const Option* option : verb.options) {
    if (option->hidden) {
      continue;
    }
    if (!is_common(*option) && std::find(groups.begin(), groups.end(), option->group) == groups.end()) {
      groups.emplace_back(option->group);
    }
    if (option->group != std::string("kubectl") && !is_common(*option)) {
      column = std::max(column, render::display_width(usage_of(*option)));
    }
  }
  for (const std::string& group : groups) {
    out += "\n" + catalogue.say("cli.groups." + group) + "\n";
    std::vector<std::pair<std::string, std::string>> rows;
    std::string passed_on;
    for (const Option* option : verb.options) {
      if (option->hidden || option->group != group) {
        continue;
      }
      std::string text = describe(verb, *option, catalogue);
      // kubectl's own flags mean what they mean there: one line names those that need no sentence.
      if (text.empty()) {
        passed_on += (passed_on.empty() ? "--" : " --") + std::string(option->name);
      } else {
        rows.emplace_back(usage_of(*option), text);
      }
    }
    write_rows(out, rows, column);
    if (!passed_on.empty()) {
      for (const auto& line : render::wrap(passed_on, help_width - 4)) {
        out += "  " + line + "\n";
      }
    }
  }
  std::string common;
  for (const Option* option : verb.options) {
    if (is_common(*option)) {
      common += (common.empty() ? "" : "  ") +
                std::string(option->letter == 0 ? "" : std::string("-") + option->letter + ", ") + "--" + option->name +
                (option->argument == nullptr ? "" : std::string(" ") + option->argument);
    }
  }
  out += "\n" + catalogue.say("cli.groups.common") + "  " + common + "\n";
  std::string examples = catalogue.say(key + ".examples");
  if (!examples.empty()) {
    out += "\n" + catalogue.say("cli.examples") + "\n" + with_command(examples, command) + "\n";
  }
  return out;
}

}  // namespace podcheck::cli
