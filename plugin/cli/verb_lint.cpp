#include <ostream>

#include "cli/lint_options.hpp"
#include "cli/write_file.hpp"
#include "lint/inputs/file_system.hpp"
#include "render/diff.hpp"

namespace podcheck::cli {

namespace {

bool write_changes(Session& session, const std::vector<lint::Change>& changes) {
  bool good = true;
  for (const auto& change : changes) {
    std::string problem = write_file(change.file, change.after);
    if (!problem.empty()) {
      session.complain(session.say("cli.error.cannot_write", {{"path", change.file}, {"detail", problem}}));
      good = false;
    }
  }
  return good;
}

ExitCode finish(Session& session, const lint::Result& result) {
  for (const auto& mistake : result.mistakes) {
    session.complain(mistake);
  }
  if (!result.mistakes.empty()) {
    return ExitCode::usage;
  }
  ExitCode code = session.judge(result.report);
  return result.unreadable ? ExitCode::unreadable : code;
}

}  // namespace

ExitCode run_lint(Session& session) {
  const Arguments& arguments = session.arguments;
  if (arguments.has("fix") && arguments.has("diff")) {
    throw UsageError{session.say("cli.error.conflict", {{"a", "--fix"}, {"b", "--diff"}})};
  }
  lint::Options options = lint_options(session);
  default_input(session, options);
  SessionFiles files(session);
  if (arguments.has("add-ignore")) {
    lint::FixResult ignores =
        lint::add_ignores(options, session.say("cli.add_ignore_reason"), session.catalogue, files);
    bool good = write_changes(session, ignores.changes);
    session.io.err << session.say("cli.ignores_added", {{"count", std::to_string(ignores.fixed)}}) << "\n";
    return good ? finish(session, ignores.after) : ExitCode::unreadable;
  }
  if (arguments.has("fix") || arguments.has("diff")) {
    lint::FixResult fixed = lint::fix(options, arguments.has("unsafe-fixes"), session.catalogue, files);
    if (arguments.has("diff")) {
      for (const auto& change : fixed.changes) {
        session.io.out << render::unified_diff(change.file, change.before, change.after);
      }
      for (const auto& mistake : fixed.after.mistakes) {
        session.complain(mistake);
      }
      return !fixed.after.mistakes.empty() ? ExitCode::usage
             : fixed.changes.empty()       ? ExitCode::success
                                           : ExitCode::findings;
    }
    bool good = write_changes(session, fixed.changes);
    session.print(fixed.after.report);
    session.io.err << session.say("cli.fixed", {{"count", std::to_string(fixed.fixed)},
                                                {"files", std::to_string(fixed.changes.size())}})
                   << "\n";
    return good ? finish(session, fixed.after) : ExitCode::unreadable;
  }
  lint::Result result = lint::run(options, session.catalogue, files);
  if (arguments.has("write-baseline")) {
    std::string path = arguments.get("write-baseline");
    std::string problem = write_file(path, lint::baseline_of(result.report));
    if (!problem.empty()) {
      session.complain(session.say("cli.error.cannot_write", {{"path", path}, {"detail", problem}}));
      return ExitCode::unreadable;
    }
    return result.unreadable ? ExitCode::unreadable : ExitCode::success;
  }
  if (result.mistakes.empty()) {
    session.print(result.report);
  }
  return finish(session, result);
}

}  // namespace podcheck::cli
