// capture: the namespace of the targets as a bundle. Dependencies of a target are in its namespace too, so the whole
// namespace is written, and --from finds there what live found.
#include <ostream>

#include "cli/cluster_options.hpp"
#include "cli/session.hpp"
#include "cluster/capture.hpp"

namespace podcheck::cli {

ExitCode run_capture(Session& session) {
  if (!session.arguments.has("to")) {
    throw UsageError{session.say("cli.error.missing_flag", {{"verb", "capture"}, {"flag", "--to"}})};
  }
  OpenedCluster opened;
  try {
    opened = open_cluster(session);
  } catch (const Unreadable& problem) {
    session.complain(problem.sentence);
    return ExitCode::unreadable;
  }
  auto commands = opened.commands;
  cluster::Snapshot snapshot(std::move(opened.source));
  cluster::CaptureOptions options;
  options.directory = session.arguments.get("to");
  options.namespace_ = opened.namespace_;
  if (session.io.err_is_terminal) {
    std::ostream& err = session.io.err;
    options.progress = [&err](std::string_view step) { err << "\r\x1b[K" << step << std::flush; };
  }
  cluster::CaptureReport report = cluster::capture(snapshot, options);
  if (session.io.err_is_terminal) {
    session.io.err << "\r\x1b[K";
  }
  if (commands) {
    for (const std::string& line : *commands) {
      session.io.out << line << "\n";
    }
    return ExitCode::success;
  }
  if (!report.error.empty()) {
    session.complain(session.say("cli.error.cannot_write", {{"path", options.directory}, {"detail", report.error}}));
    return ExitCode::unreadable;
  }
  session.io.out << session.say("capture.done", {{"objects", std::to_string(report.objects)},
                                                 {"logs", std::to_string(report.logs)},
                                                 {"path", options.directory}})
                 << "\n"
                 << session.say("capture.left_out", {{"secrets", std::to_string(report.secrets_emptied)},
                                                     {"values", std::to_string(report.values_masked)},
                                                     {"annotations", std::to_string(report.annotations_removed)}})
                 << "\n";
  if (report.pods_without_logs > 0) {
    session.io.out << session.say("capture.without_logs", {{"count", std::to_string(report.pods_without_logs)}})
                   << "\n";
  }
  for (const auto& [query, failure] : report.unreadable) {
    session.io.err << session.say("cli.note") << " " << query.resource << ": " << failure.detail << "\n";
  }
  return report.objects == 0 ? ExitCode::unreadable : ExitCode::success;
}

}  // namespace podcheck::cli
