#include <ostream>

#include "cli/cluster_options.hpp"
#include "cli/session.hpp"
#include "live/diagnose.hpp"

namespace podcheck::cli {

ExitCode run_live(Session& session) {
  OpenedCluster opened;
  try {
    opened = open_cluster(session);
  } catch (const Unreadable& problem) {
    session.complain(problem.sentence);
    return ExitCode::unreadable;
  }
  auto commands = opened.commands;
  cluster::Snapshot snapshot(std::move(opened.source));
  live::Options options;
  options.targets = session.arguments.positional();
  options.namespace_ = opened.namespace_;
  options.all_namespaces = session.arguments.has("all-namespaces");
  options.selector = session.arguments.get("selector");
  live::Result result = live::diagnose(snapshot, session.catalogue, options);
  if (commands) {
    for (const std::string& line : *commands) {
      session.io.out << line << "\n";
    }
    return ExitCode::success;
  }
  session.print(result.report);
  for (const std::string& sentence : result.unknown_targets) {
    session.complain(sentence);
  }
  if (result.report.subjects.empty() && result.unknown_targets.empty() && session.format() == render::Format::text &&
      !result.unreadable) {
    session.io.out << session.say("live.all_well") << "\n";
  }
  ExitCode code = session.judge(result.report);
  return !result.unknown_targets.empty() || (result.unreadable && code == ExitCode::success) ? ExitCode::unreadable
                                                                                             : code;
}

}  // namespace podcheck::cli
