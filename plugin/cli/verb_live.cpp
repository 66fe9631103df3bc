#include <chrono>
#include <ostream>
#include <thread>

#include "cli/cluster_options.hpp"
#include "cli/session.hpp"
#include "kube/duration.hpp"
#include "live/diagnose.hpp"
#include "live/target.hpp"
#include "live/wait.hpp"

namespace podcheck::cli {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds between_looks{2};

live::Options live_options(const Session& session, const OpenedCluster& opened) {
  live::Options options;
  options.targets = session.arguments.positional();
  options.namespace_ = opened.namespace_;
  options.all_namespaces = session.arguments.has("all-namespaces");
  options.selector = session.arguments.get("selector");
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

// What one look at the cluster says of all targets together.
struct Look {
  bool settled = true;
  bool certain = false;
  std::string progress;
};

Look look_at(cluster::Snapshot& snapshot, const live::Options& options, const live::Result& result) {
  Look look;
  for (std::size_t i = 0; i < options.targets.size(); ++i) {
    document::Node object = live::find_target(snapshot, live::parse_target(options.targets[i]), options.namespace_);
    if (!object) {
      look.settled = false;
      continue;
    }
    auto pods = live::pods_of(snapshot, object);
    look.settled = look.settled && live::settled(snapshot, object, pods);
    look.progress += (look.progress.empty() ? "" : ", ") + live::progress_line(object, pods);
    for (const auto& subject : result.report.subjects) {
      bool same = subject.name == object["metadata"]["name"].string() && subject.kind == object["kind"].string();
      look.certain = look.certain || (same && live::certain(subject, pods));
    }
  }
  return look;
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
  while (true) {
    OpenedCluster opened = open_cluster(session);
    live::Options options = live_options(session, opened);
    cluster::Snapshot snapshot(std::move(opened.source));
    live::Result result = live::diagnose(snapshot, session.catalogue, options);
    Look look = look_at(snapshot, options, result);
    bool over = recorded || steady_clock::now() + between_looks > deadline;
    // A target that is not there yet may still come; a cluster that cannot be read may answer again.
    if ((look.settled && result.unknown_targets.empty()) || look.certain || over) {
      progress.end();
      if (over && !look.settled && !look.certain) {
        session.io.err << session.say("live.wait.timed_out",
                                      {{"limit", session.arguments.get("wait")}, {"progress", look.progress}})
                       << "\n";
      }
      ExitCode code = finish(session, result);
      return code == ExitCode::success && !look.settled ? ExitCode::findings : code;
    }
    progress.show(look.progress);
    std::this_thread::sleep_for(between_looks);
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
