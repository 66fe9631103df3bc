#include <ostream>

#include "cli/lint_options.hpp"
#include "lint/inputs/file_system.hpp"

namespace podcheck::cli {

namespace {

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
  lint::DiskFileSystem files;
  lint::Result result = lint::run(options, session.catalogue, files);
  if (result.mistakes.empty()) {
    session.print(result.report);
  }
  return finish(session, result);
}

}  // namespace podcheck::cli
