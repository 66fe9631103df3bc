// What a container runs: command and args, and the shell script in them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/object.hpp"

namespace podcheck::lint {

using Words = std::vector<document::Node>;

// command followed by args; with args alone they follow an entrypoint that only the image knows.
Words argv_of(const kube::Container& container);
Words items_of(document::Node sequence);
bool has_command(const kube::Container& container);

// "/usr/bin/python3" → "python3"
std::string_view program_name(std::string_view path);
bool is_shell(std::string_view path);  // sh, bash, ash, dash, zsh, ksh, busybox's too

// The index of the script in `sh -c SCRIPT`, behind `env`, `tini --` and the like too; nothing without a shell.
std::optional<std::size_t> script_index(const Words& words);
// The whole line is handed to a shell, whatever form it has.
bool runs_shell(const Words& words);

// One simple command of a script: words with their quotes removed, and the operator behind it: && || | ; & or "".
struct ScriptCommand {
  std::vector<std::string> words;
  std::string end;
};
struct Script {
  std::vector<ScriptCommand> commands;
  bool compound = false;  // has loops, conditions, functions or groups
  bool opaque = false;    // has something that is not followed here: here-documents, unbalanced quotes
};
Script read_script(std::string_view text);

// Seconds of `sleep 30`, `sleep 5m`; infinity as a very large number; nothing when it is no number.
std::optional<double> sleep_seconds(const std::vector<std::string>& words);
// Seconds that running these words takes at least, from the sleeps that surely happen; 0 when unknown.
double least_seconds(const Words& words);

// Why the words never end by themselves: "sleep infinity", "tail -f", "while true"; empty when they may end.
std::string endless_part(const Words& words);

// The words as text, for messages; at most `longest` bytes.
std::string show(const Words& words, std::size_t longest = 60);

}  // namespace podcheck::lint
