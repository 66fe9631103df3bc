#include <ostream>

#include "cli/help.hpp"
#include "cli/session.hpp"
#include "cli/version.hpp"

namespace podcheck::cli {

std::string version() {
  return PODCHECK_VERSION;
}

ExitCode run_version(Session& session) {
  session.io.out << "podcheck " << version() << "\n";
  return ExitCode::success;
}

ExitCode run_help(Session& session) {
  if (session.arguments.positional().empty()) {
    session.io.out << overview(session.catalogue, session.command);
    return ExitCode::success;
  }
  const std::string& word = session.arguments.positional().front();
  const Verb* verb = find_verb(word);
  if (verb == nullptr) {
    throw unknown_command(session.catalogue, word, session.command);
  }
  session.io.out << help(*verb, session.catalogue, session.command);
  return ExitCode::success;
}

}  // namespace podcheck::cli
