#include <ostream>

#include "cli/cluster_options.hpp"
#include "cli/lint_options.hpp"
#include "cluster/kubectl_command.hpp"
#include "lint/inputs/file_system.hpp"
#include "preflight/preflight.hpp"

namespace podcheck::cli {

namespace {

ExitCode finish(Session& session, const preflight::Result& result) {
  for (const auto& mistake : result.mistakes) {
    session.complain(mistake);
  }
  if (!result.mistakes.empty()) {
    return ExitCode::usage;
  }
  session.print(result.report);
  ExitCode code = session.judge(result.report);
  return result.unreadable ? ExitCode::unreadable : code;
}

}  // namespace

ExitCode run_preflight(Session& session) {
  const Arguments& arguments = session.arguments;
  preflight::Options options;
  options.lint = lint_options(session);
  default_input(session, options.lint);
  options.offline = arguments.has("from");
  if (options.offline && arguments.get("from") == "-") {
    throw UsageError{session.say("cli.error.conflict", {{"a", "--from -"}, {"b", "preflight"}})};
  }
  OpenedCluster opened;
  try {
    opened = open_cluster(session);
  } catch (const Unreadable& problem) {
    session.complain(problem.sentence);
    return ExitCode::unreadable;
  }
  auto commands = opened.commands;
  options.lint.default_namespace = opened.namespace_.empty() ? "default" : opened.namespace_;
  cluster::Snapshot snapshot(std::move(opened.source));
  SessionFiles files(session);
  if (options.offline) {
    return finish(session, preflight::run(options, snapshot, nullptr, session.catalogue, files));
  }
  cluster::ProcessRunner processes;
  std::vector<std::string> unused;
  cluster::PrintingRunner printing(commands ? *commands : unused);
  cluster::Runner& runner = commands ? static_cast<cluster::Runner&>(printing) : processes;
  preflight::KubectlServer server(kubectl_options(session), runner);
  preflight::Result result = preflight::run(options, snapshot, &server, session.catalogue, files);
  if (commands) {
    for (const std::string& line : *commands) {
      session.io.out << line << "\n";
    }
    return ExitCode::success;
  }
  return finish(session, result);
}

}  // namespace podcheck::cli
