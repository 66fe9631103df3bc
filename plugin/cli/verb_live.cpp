#include <chrono>
#include <ostream>
#include <thread>

#include "cli/cluster_options.hpp"
#include "cli/session.hpp"
#include "kube/duration.hpp"
#include "live/diagnose.hpp"
#include "live/wait.hpp"

namespace podcheck::cli {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// Soon after the start things change quickly.
constexpr seconds between_first_looks{1};
constexpr seconds between_looks{2};
constexpr int first_looks = 10;

live::Options live_options(const Session& session, const OpenedCluster& opened) {
  live::Options options;
  options.targets = session.arguments.positional();
  options.namespace_ = opened.namespace_;
  options.all_namespaces = session.arguments.has("all-namespaces");
  options.selector = session.arguments.get("selector");
  if (session.arguments.has("shard")) {
    options.shard = cluster::parse_shard(session.arguments.get("shard"));
    if (!options.shard || !options.all_namespaces) {
      throw UsageError{session.say("live.shard_usage", {{"value", session.arguments.get("shard")}})};
    }
  }
  return options;
}

ExitCode finish(Session& session, const live::Result& result) {
  session.print(result.report);
  for (const std::string& sentence : result.unknown_targets) {
    session.complain(sentence);
  }
  if (result.report.subjects.empty() && result.unknown_targets.empty() && session.format() == render::Format::text &&
      !result.unreadable) {
    session.io.out << session.say("live.all_well") << "\n";
  }
  ExitCode code = session.judge(result.report);
  bool missing = !result.unknown_targets.empty() || (result.unreadable && code == ExitCode::success);
  return missing ? ExitCode::unreadable : code;
}

// Follows a rollout: a moving line on a terminal, a line a change elsewhere.
class Progress {
 public:
  explicit Progress(Session& session) : session_(session) {}
  void show(const std::string& line) {
    if (session_.io.err_is_terminal) {
      session_.io.err << "\r\x1b[K" << line << std::flush;
    } else if (line != last_) {
      session_.io.err << line << "\n" << std::flush;
    }
    last_ = line;
  }
  void end() {
    if (session_.io.err_is_terminal) {
      session_.io.err << "\r\x1b[K";
    }
  }

 private:
  Session& session_;
  std::string last_;
};

ExitCode wait_for(Session& session) {
  auto limit = kube::parse_duration(session.arguments.get("wait"));
  if (!limit || session.arguments.positional().empty()) {
    throw UsageError{session.say("live.wait.usage", {{"value", session.arguments.get("wait")}})};
  }
  auto deadline = steady_clock::now() + *limit;
  bool recorded = session.arguments.has("from");
  Progress progress(session);
  for (int looks = 1;; ++looks) {
    OpenedCluster opened = open_cluster(session);
    live::Options options = live_options(session, opened);
    options.rollout = true;
    cluster::Snapshot snapshot(std::move(opened.source));
    live::Look look = live::look_at(snapshot, session.catalogue, options);
    seconds pause = looks < first_looks ? between_first_looks : between_looks;
    bool over = recorded || steady_clock::now() + pause > deadline;
    // A target that is not there yet may still come; a cluster that cannot be read may answer again.
    bool done = look.settled && look.result.unknown_targets.empty();
    progress.show(look.progress);
    if (!done && !look.certain && !over) {
      std::this_thread::sleep_for(pause);
      continue;
    }
    progress.end();
    if (!done && !look.certain) {
      session.complain(
          session.say("live.wait.timed_out", {{"limit", session.arguments.get("wait")}, {"progress", look.progress}}));
    }
    ExitCode code = finish(session, look.result);
    return code == ExitCode::success && !done ? ExitCode::findings : code;
  }
}

}  // namespace

ExitCode run_live(Session& session) {
  try {
    if (session.arguments.has("wait")) {
      return wait_for(session);
    }
    OpenedCluster opened = open_cluster(session);
    auto commands = opened.commands;
    live::Options options = live_options(session, opened);
    cluster::Snapshot snapshot(std::move(opened.source));
    live::Result result = live::diagnose(snapshot, session.catalogue, options);
    if (commands) {
      for (const std::string& line : *commands) {
        session.io.out << line << "\n";
      }
      return ExitCode::success;
    }
    return finish(session, result);
  } catch (const Unreadable& problem) {
    session.complain(problem.sentence);
    return ExitCode::unreadable;
  }
}

}  // namespace podcheck::cli
