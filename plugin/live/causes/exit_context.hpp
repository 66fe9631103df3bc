// What the cluster knows about the thing that a log line names: each handler completes a candidate, may turn it into a
// more exact cause, and returns false when the cluster contradicts the line.
#pragma once

#include <string>
#include <string_view>

#include "live/causes/exit.hpp"
#include "live/dependencies.hpp"
#include "live/settings_of.hpp"

namespace podcheck::live {

// A log line, whose container it is, and the candidate that it becomes.
struct ExitContext {
  Patient& patient;
  const ContainerFacts& container;
  const RunLog& log;
  const Decisive& line;
  Candidate& candidate;

  std::string get(std::string_view name) const;              // what the signature captured; empty when it did not
  void set(std::string_view name, std::string value) const;  // a value of the candidate, added or replaced
  std::string say(const char* key, const finding::Values& values) const { return patient.catalogue.say(key, values); }
};

std::string base_name(std::string_view path);
std::string folder_of(std::string_view path);  // "/" for what lies at the root, empty for a bare name

// exit_settings.cpp: variables, values and arguments.
bool unexpanded_reference(const ExitContext& at);
bool trailing_newline(const ExitContext& at, bool certain);
bool env_missing(const ExitContext& at);
bool config_value(const ExitContext& at);
bool wrong_arguments(const ExitContext& at);
bool newline(const ExitContext& at);
// exit_files.cpp: files and modules that are missing or refused.
bool config_file(const ExitContext& at);
bool file_missing(const ExitContext& at);
bool module_missing(const ExitContext& at);
bool checksum(const ExitContext& at);
// exit_writing.cpp: where the process may not write, listen or run.
bool read_only(const ExitContext& at);
bool permission(const ExitContext& at);
bool port_taken(const ExitContext& at);
bool privileged_port(const ExitContext& at);
bool heap(const ExitContext& at);
bool disk_full(const ExitContext& at);
bool limit_of_node(const ExitContext& at);
// exit_network.cpp: other programs, their names and logins.
bool dependency(const ExitContext& at);
bool unknown_name(const ExitContext& at);
bool dns_down(const ExitContext& at);
bool auth_failed(const ExitContext& at);
// exit_api.cpp: the cluster's own API.
bool forbidden(const ExitContext& at);
bool no_token(const ExitContext& at);

}  // namespace podcheck::live
