#include "cluster/kubectl_command.hpp"

#include <algorithm>

namespace podcheck::cluster {

bool only_reads(const std::vector<std::string>& argv) {
  if (argv.size() < 2) {
    return false;
  }
  const std::string& verb = argv[1];
  if (verb == "get" || verb == "describe" || verb == "logs" || verb == "version") {
    return true;
  }
  if (verb == "auth") {
    return argv.size() > 2 && argv[2] == "can-i";
  }
  if (verb == "create") {
    // A later flag would win over an earlier one.
    auto is_dry_run = [](const std::string& argument) { return argument.starts_with("--dry-run"); };
    auto last = std::find_if(argv.rbegin(), argv.rend(), is_dry_run);
    return last != argv.rend() && *last == "--dry-run=server";
  }
  return false;
}

std::vector<Outcome> ReadingRunner::run(const std::vector<Command>& commands) {
  bool all_read =
      std::all_of(commands.begin(), commands.end(), [](const Command& command) { return only_reads(command.argv); });
  if (all_read) {
    return inner_.run(commands);
  }
  std::vector<Outcome> outcomes(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (only_reads(commands[i].argv)) {
      outcomes[i] = inner_.run({commands[i]}).front();
    } else {
      outcomes[i].error = "not a reading command: " + shell_line(commands[i].argv);
    }
  }
  return outcomes;
}

std::vector<Outcome> PrintingRunner::run(const std::vector<Command>& commands) {
  std::vector<Outcome> outcomes(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    lines_.push_back(shell_line(commands[i].argv));
    outcomes[i].ending = Ending::not_run;
  }
  return outcomes;
}

std::string shell_quote(std::string_view argument) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=./:,@%+";
  if (!argument.empty() && argument.find_first_not_of(plain) == std::string_view::npos) {
    return std::string(argument);
  }
  std::string quoted = "'";
  for (char c : argument) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

std::string shell_line(const std::vector<std::string>& argv) {
  std::string line;
  for (const std::string& argument : argv) {
    line += (line.empty() ? "" : " ") + shell_quote(argument);
  }
  return line;
}

std::string url_encode(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string encoded;
  for (char c : text) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                 c == '_' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += hex[byte >> 4];
      encoded += hex[byte & 15];
    }
  }
  return encoded;
}

}  // namespace podcheck::cluster
