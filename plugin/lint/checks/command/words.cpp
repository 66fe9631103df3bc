#include <algorithm>

#include "lint/checks/command/checks.hpp"
#include "lint/checks/container/argv.hpp"
#include "lint/checks/container/place.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

bool has_blank(std::string_view text) {
  return text.find_first_of(" \t\n") != std::string_view::npos;
}

// Only words that mean the same with and without a shell.
bool splits_plainly(std::string_view text) {
  return text.find_first_of("\"'`$\\|&;<>()*?[]#~=%{}\n") == std::string_view::npos;
}

// "--port 8080", "-v 2": a flag and its value in one word.
bool is_joined_flag(std::string_view text) {
  if (text.size() < 4 || text[0] != '-' || text.find('\n') != std::string_view::npos) {
    return false;
  }
  std::size_t at = text.find_first_not_of('-');
  if (at == std::string_view::npos || at > 2 || text[at] == ' ') {
    return false;
  }
  std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", at);
  if (end == std::string_view::npos || text[end] != ' ') {
    return false;
  }
  std::size_t value = text.find_first_not_of(' ', end);
  return value != std::string_view::npos;
}

// The word before takes this one as its value: options that are handed on to another program.
bool takes_options(std::string_view previous) {
  if (!previous.starts_with('-') || previous.find('=') != std::string_view::npos) {
    return false;
  }
  std::string lower(previous);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (lower.size() == 2) {
    return true;  // -c, -e, -o: cannot know
  }
  for (const char* part : {"opt", "arg", "param", "flag", "extra", "command", "cmd", "exec", "conf", "query", "script",
                           "header", "message", "text", "expr", "filter"}) {
    if (lower.find(part) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

// The first word of a command is the name of a program; with a blank in it no such program exists.
void check_command_single_string(const Place& place, Reporter& reporter) {
  if (is_windows(place)) {
    return;
  }
  for (const ExecSite& site : exec_sites(*place.container, true)) {
    Node first = site.command[0];
    std::string_view text = first.string();
    std::size_t begin = text.find_first_not_of(" \t\n");
    if (begin == std::string_view::npos || !has_blank(text.substr(begin)) ||
        text.find('\\') != std::string_view::npos || text.find("{{") != std::string_view::npos) {
      continue;
    }
    Script script = read_script(text);
    bool simple = !script.opaque && !script.compound && script.commands.size() == 1 && splits_plainly(text);
    Hit hit;
    hit.at = first;
    hit.variant = site.probe ? "probe" : site.hook ? "hook" : simple ? "" : "script";
    if (script.commands.empty()) {
      continue;
    }
    std::string split = "[";
    for (const std::string& word : script.commands[0].words) {
      split += (split.size() > 1 ? ", \"" : "\"") + word + "\"";
    }
    hit.values = {{"container", std::string(place.container->name)},
                  {"field", std::string(site.field)},
                  {"command", show({first})},
                  {"program", script.commands[0].words[0]},
                  {"split", simple ? split + "]" : "[\"sh\", \"-c\", \"…\"]"}};
    if (simple && site.command.size() == 1) {
      const std::vector<std::string>& words = script.commands[0].words;
      hit.changes.push_back({Hit::Change::Kind::replace_value, first, "", scalar_like(first, words[0])});
      for (std::size_t i = 1; i < words.size(); ++i) {
        hit.changes.push_back({Hit::Change::Kind::append_item, site.command, "", scalar_like(first, words[i])});
      }
    }
    reporter.report(std::move(hit));
  }
}

// params: {splits: hints of programs that split their arguments at blanks themselves}
void check_flag_value_joined(const Place& place, Reporter& reporter) {
  Words words = argv_of(*place.container);
  std::optional<kube::ImageReference> image = image_of(*place.container);
  if (runs_shell(words) || (image && image_hint(place.params()["splits"], *image))) {
    return;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view text = words[i].string();
    if (!words[i].is_string() || !is_joined_flag(text) || (i > 0 && takes_options(words[i - 1].string()))) {
      continue;
    }
    std::size_t blank = text.find(' ');
    std::string flag(text.substr(0, blank));
    std::string value(text.substr(text.find_first_not_of(' ', blank)));
    Hit hit;
    hit.at = words[i];
    hit.values = {{"container", std::string(place.container->name)},
                  {"word", show({words[i]})},
                  {"flag", flag},
                  {"value", value}};
    bool plain = flag.starts_with("--") && value.find_first_of(" \"'") == std::string::npos;
    hit.variant = plain ? "" : "short";
    if (flag.size() == 2) {
      hit.severity = finding::Severity::info;  // getopt takes "-m 64" as -m with the value " 64"
    }
    if (plain) {
      hit.changes.push_back(
          {Hit::Change::Kind::replace_value, words[i], "", scalar_like(words[i], flag + "=" + value)});
    }
    reporter.report(std::move(hit));
  }
}

// Operators of a shell as words of their own, and no shell to read them.
void check_shell_operators(const Place& place, Reporter& reporter) {
  static constexpr std::string_view operators[] = {"&&", "||", "|", ">", ">>", "2>&1", "&>", ";", "2>", "<"};
  auto look = [&](std::string_view field, const Words& words) {
    if (words.size() < 2 || runs_shell(words)) {
      return;
    }
    std::string_view program = program_name(words[0].string());
    if (program == "test" || program == "[" || program == "expr" || program == "find" || program == "jq" ||
        program == "awk") {
      return;
    }
    for (std::size_t i = 1; i < words.size(); ++i) {
      std::string_view text = words[i].string();
      std::string_view before = words[i - 1].string();
      bool single = text.size() == 1 && before.starts_with('-') && (text != ">" || before.size() == 2);
      if (std::find(std::begin(operators), std::end(operators), text) == std::end(operators) || single) {
        continue;
      }
      Hit hit;
      hit.at = words[i];
      hit.values = {{"container", std::string(place.container->name)},
                    {"field", std::string(field)},
                    {"program", std::string(program)},
                    {"operator", std::string(text)}};
      reporter.report(std::move(hit));
      return;
    }
  };
  look("command", argv_of(*place.container));
  for (const ExecSite& site : exec_sites(*place.container, false)) {
    look(site.field, items_of(site.command));
  }
}

// `sh -c SCRIPT a b`: a and b are $0 and $1 of the script, which does not use them.
void check_shell_extra_args(const Place& place, Reporter& reporter) {
  Words words = argv_of(*place.container);
  std::optional<std::size_t> index = script_index(words);
  if (!index || *index + 1 >= words.size()) {
    return;
  }
  std::string_view script = words[*index].string();
  for (std::size_t at = script.find('$'); at != std::string_view::npos; at = script.find('$', at + 1)) {
    std::size_t next = at + 1;
    if (next < script.size() && script[next] == '{') {
      ++next;
    }
    if (next < script.size() && std::string_view("0123456789@*#").find(script[next]) != std::string_view::npos) {
      return;
    }
  }
  if (script.find("shift") != std::string_view::npos || script.find("getopts") != std::string_view::npos) {
    return;
  }
  Words extra(words.begin() + static_cast<std::ptrdiff_t>(*index) + 1, words.end());
  static constexpr std::string_view names[] = {"--", "-", "_", "sh", "bash"};
  if (extra.size() == 1 && std::find(std::begin(names), std::end(names), extra[0].string()) != std::end(names)) {
    return;
  }
  Hit hit;
  hit.at = extra[0];
  hit.values = {{"container", std::string(place.container->name)},
                {"script", show({words[*index]}, 40)},
                {"extra", show(extra, 40)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
