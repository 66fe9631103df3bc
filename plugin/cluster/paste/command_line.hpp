// A shell prompt with a kubectl command on it, as it stands between pasted outputs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace podcheck::cluster::paste {

struct TypedCommand {
  std::string verb;      // "describe", "get", "logs"; empty for a command that is not kubectl's
  std::string resource;  // as typed: "po", "deploy"
  std::string name;
  std::string namespace_;
  std::string container;
  bool previous = false;
};

// nullopt when the line is no prompt with a command.
std::optional<TypedCommand> typed_command(std::string_view text);

}  // namespace podcheck::cluster::paste
