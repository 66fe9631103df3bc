#include "cluster/paste/command_line.hpp"

#include <algorithm>
#include <array>

#include "cluster/paste/lines.hpp"

namespace podcheck::cluster::paste {

namespace {

constexpr auto verbs = std::to_array<std::string_view>(
    {"describe",     "get",     "logs",    "log",   "apply",  "create", "delete",       "edit",   "exec",
     "run",          "rollout", "version", "top",   "config", "scale",  "patch",        "label",  "events",
     "cluster-info", "expose",  "set",     "taint", "drain",  "cordon", "port-forward", "explain"});

constexpr auto valued_flags = std::to_array<std::string_view>(
    {"-o", "--output", "-l", "--selector", "--context", "--kubeconfig", "--field-selector", "--sort-by", "--tail",
     "--since", "--as", "--cluster", "--user", "-f", "--filename", "-v"});

bool is_kubectl(std::string_view word) {
  std::size_t slash = word.rfind('/');
  std::string_view name = slash == std::string_view::npos ? word : word.substr(slash + 1);
  // People mistype it in tickets, too.
  bool misspelt = name.size() >= 6 && name.size() <= 9 && name.starts_with("ku") && name.ends_with("tl");
  return misspelt || name == "kubectl.exe" || name == "oc" || name == "k" || name == "kc" || name == "kubecolor" ||
         name == "microk8s.kubectl" || name == "kubectl.sh";
}

bool is_verb(std::string_view word) {
  return std::find(verbs.begin(), verbs.end(), word) != verbs.end();
}

bool ends_prompt(std::string_view word) {
  return word.ends_with('$') || word.ends_with('#') || word.ends_with('%') || word.ends_with('>') ||
         word.ends_with("\xE2\x9D\xAF") || word.ends_with("\xE2\x9E\x9C") || word.ends_with("\xC2\xBB") ||
         word.ends_with("\xCE\xBB");
}

std::string_view bare(std::string_view word) {
  while (!word.empty() && (word.front() == '`' || word.front() == '*' || word.front() == '$' || word.front() == '#' ||
                           word.front() == '"')) {
    word.remove_prefix(1);
  }
  while (!word.empty() && (word.back() == '`' || word.back() == '*' || word.back() == '"' || word.back() == ':')) {
    word.remove_suffix(1);
  }
  return word;
}

void arguments(const std::vector<std::string_view>& parts, std::size_t at, TypedCommand& command) {
  std::vector<std::string_view> positional;
  for (; at < parts.size(); ++at) {
    std::string_view word = bare(parts[at]);
    auto value_of = [&](std::string_view name) -> std::optional<std::string_view> {
      if (word == name && at + 1 < parts.size()) {
        return bare(parts[++at]);
      }
      if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=') {
        return word.substr(name.size() + 1);
      }
      return std::nullopt;
    };
    if (word == "|" || word == ">" || word == "&&" || word == ";") {
      break;
    }
    if (auto value = value_of("-n")) {
      command.namespace_ = *value;
    } else if (auto long_value = value_of("--namespace")) {
      command.namespace_ = *long_value;
    } else if (auto container = value_of("-c")) {
      command.container = *container;
    } else if (auto long_container = value_of("--container")) {
      command.container = *long_container;
    } else if (word == "-p" || word == "--previous" || word == "--previous=true") {
      command.previous = true;
    } else if (word == "-f" && command.verb == "logs") {
      continue;  // there it is --follow
    } else if (std::find(valued_flags.begin(), valued_flags.end(), word) != valued_flags.end()) {
      ++at;
    } else if (word.starts_with("-n") && word.size() > 2 && !word.starts_with("--")) {
      command.namespace_ = word.substr(2);
    } else if (!word.empty() && word.front() != '-') {
      positional.push_back(word);
    }
  }
  if (positional.empty()) {
    return;
  }
  std::size_t slash = positional[0].find('/');
  if (slash != std::string_view::npos) {
    command.resource = positional[0].substr(0, slash);
    command.name = positional[0].substr(slash + 1);
  } else if (command.verb == "logs") {
    command.resource = "pods";
    command.name = positional[0];
  } else {
    command.resource = positional[0];
    command.name = positional.size() > 1 ? std::string(positional[1]) : "";
  }
  if (command.verb == "logs" && command.container.empty() && positional.size() > 1) {
    command.container = positional[1];
  }
}

}  // namespace

std::optional<TypedCommand> typed_command(std::string_view text) {
  if (text.size() > 1000) {
    return std::nullopt;
  }
  std::vector<std::string_view> parts = words(text);
  bool prompt = false;
  for (std::size_t i = 0; i < parts.size() && i < 8; ++i) {
    std::string_view word = bare(parts[i]);
    bool verb_next = i + 1 < parts.size();
    if (is_kubectl(word) && verb_next) {
      // Sentences speak of kubectl as well: only a prompt, a lone command or code marks make it a command.
      bool at_start =
          i == 0 || prompt || bare(parts[0]) == "sudo" || parts[i].starts_with('`') || parts[i].starts_with('*');
      std::size_t verb = i + 1;
      std::vector<std::string_view> rest;
      TypedCommand command;
      while (verb < parts.size() && !is_verb(bare(parts[verb]))) {
        ++verb;
      }
      if (!at_start || verb >= parts.size() || verb > i + 5) {
        return std::nullopt;
      }
      command.verb = bare(parts[verb]) == "log" ? std::string_view("logs") : bare(parts[verb]);
      // Flags may stand before the verb; they are read with the others.
      for (std::size_t j = i + 1; j < parts.size(); ++j) {
        if (j != verb) {
          rest.push_back(parts[j]);
        }
      }
      if (command.verb != "describe" && command.verb != "get" && command.verb != "logs") {
        return command;
      }
      arguments(rest, 0, command);
      return command;
    }
    if (ends_prompt(parts[i]) && (parts[i].size() == 1 || i == 0 || prompt ||
                                  parts[i].find('@') != std::string_view::npos || parts[i].ends_with("]$") ||
                                  parts[i].ends_with("]#") || parts[i].ends_with("~$") || parts[i].ends_with("~#"))) {
      prompt = true;
      // "root@host:~# ls": a prompt with another command.
      bool host = parts[i].find('@') != std::string_view::npos || (i > 0 && parts[0].starts_with('['));
      if (host && i + 1 < parts.size() && !is_kubectl(bare(parts[i + 1])) && bare(parts[i + 1]) != "sudo") {
        return TypedCommand{};
      }
    }
  }
  if (parts.size() > 1 && parts[0] == "$") {
    return TypedCommand{};
  }
  return std::nullopt;
}

}  // namespace podcheck::cluster::paste
