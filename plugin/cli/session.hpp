// What every verb gets: its arguments, the streams, and the settings that all verbs share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "cli/arguments.hpp"
#include "cli/exit_code.hpp"
#include "cli/streams.hpp"
#include "finding/finding.hpp"
#include "render/render.hpp"

namespace podcheck::cli {

struct Session {
  const Verb& verb;
  Arguments arguments;
  catalogue::Catalogue& catalogue;
  Streams& io;
  std::string command;  // "kubectl podcheck", or the binary's name

  std::string say(std::string_view key, const finding::Values& values = {}) const;
  // A line on standard error that begins with the program's name.
  void complain(const std::string& sentence) const;
  render::Options render_options() const;
  render::Format format() const;
  // Writes the report in the chosen format, notes to standard error where the format has no place for them.
  void print(const finding::Report& report) const;
  // success or findings, by --fail-on.
  ExitCode judge(const finding::Report& report) const;
};

using VerbFunction = ExitCode (*)(Session&);

ExitCode run_live(Session& session);
ExitCode run_lint(Session& session);
ExitCode run_preflight(Session& session);
ExitCode run_capture(Session& session);
ExitCode run_explain(Session& session);
ExitCode run_rules(Session& session);
ExitCode run_completion(Session& session);
ExitCode run_version(Session& session);
ExitCode run_help(Session& session);
ExitCode run_docs(Session& session);
// Candidates for the word being typed, one a line, cobra's protocol: kubectl_complete-podcheck calls it.
ExitCode run_complete(Session& session);

}  // namespace podcheck::cli
