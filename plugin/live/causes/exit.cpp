#include "live/causes/exit.hpp"

#include <algorithm>

#include "live/causes/last_words.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

struct Code {
  std::int64_t code;
  const char* cause;
  int specificity;
};

// Signals by exit code. 137 and 143 are whoever sent them; they are looked at apart.
constexpr Code codes[] = {{139, "segmentation-fault", 88},  {134, "aborted", 82},
                          {132, "illegal-instruction", 88}, {135, "bus-error", 88},
                          {136, "arithmetic-fault", 88},    {159, "seccomp-killed", 88}};

bool node_had_oom(Patient& patient, const Termination& ended) {
  Node node = patient.cluster.get("nodes", "", patient.pod["spec"]["nodeName"].string());
  for (const EventFacts& event : events_of(patient.cluster, node)) {
    if (event.reason == "SystemOOM" && event.time && ended.finished &&
        *event.time >= *ended.finished - std::chrono::seconds(15) &&
        *event.time <= *ended.finished + std::chrono::seconds(60)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string ran_for(Patient& patient, const Termination& ended) {
  auto ran = ended.duration();
  return ran ? patient.catalogue.say("live.exit.ran", {{"seconds", std::to_string(ran->count())}}) : "";
}

std::string with_code(Patient& patient, const Termination* ended) {
  bool told = ended != nullptr && ended->exit_code >= 0;
  return told ? patient.catalogue.say("live.exit.with_code", {{"code", std::to_string(ended->exit_code)}})
              : patient.catalogue.say("live.exit.with_error");
}

std::string killed_by(const std::vector<EventFacts>& events, const ContainerFacts& container) {
  const Termination* ended = container.latest();
  if (ended == nullptr || ended->reason == "OOMKilled" || ended->reason == "StartError") {
    return {};
  }
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    bool ours = event->container.empty()
                    ? contains(event->message, std::string(container.name)) || event->reason != "Killing"
                    : event->container == container.name;
    if (event->reason == "FailedPostStartHook" && ours) {
      return "postStart";
    }
    if (event->reason != "Killing" || !ours) {
      continue;
    }
    std::string kind = contains(event->message, "failed liveness probe")  ? "liveness"
                       : contains(event->message, "failed startup probe") ? "startup"
                       : contains(event->message, "FailedPostStartHook")  ? "postStart"
                                                                          : "";
    if (kind.empty()) {
      continue;
    }
    // The kill comes before the end, by the grace period at most; a crash long after is another matter. The event of
    // the present run's kill may already be newer than the last recorded end.
    if (event->time && ended->finished && *ended->finished > *event->time + std::chrono::seconds(120)) {
      return {};
    }
    return kind;
  }
  return {};
}

std::optional<Candidate> explain_exit(Patient& patient, const ContainerFacts& container) {
  const Termination* ended = container.latest();
  if (ended == nullptr && container.waiting_reason != "CrashLoopBackOff") {
    return std::nullopt;
  }
  const Termination unknown;  // how it ended is not told: its log may still tell why
  bool told = ended != nullptr && ended->exit_code >= 0;
  ended = ended != nullptr ? ended : &unknown;
  if (ended->reason == "StartError" || ended->reason == "ContainerCannotRun" || ended->reason == "OOMKilled" ||
      ended->reason == "ContainerStatusUnknown" || ended->reason == "Unknown") {
    return std::nullopt;
  }
  Candidate candidate;
  candidate.stage = Stage::crash;
  candidate.container = container.name;
  candidate.path = container.spec_path;
  candidate.values = {{"container", std::string(container.name)},
                      {"code", std::to_string(ended->exit_code)},
                      {"with_code", with_code(patient, told ? ended : nullptr)},
                      {"image", std::string(container.spec.node["image"].string(container.status["image"].string()))},
                      {"restarts", std::to_string(container.restarts)},
                      {"ran", ran_for(patient, *ended)}};
  RunLog log = last_run_log(patient, container);
  if (log.empty() && !ended->message.empty()) {
    // The termination message has the end of the log (FallbackToLogsOnError), or what the program wrote there.
    for (std::string_view line : lines_of(ended->message)) {
      log.lines.emplace_back(line);
    }
    log.readable = true;
  }
  std::vector<Decisive> lines = decisive_lines(log);
  if (!log.empty()) {
    std::size_t unused = 0;
    std::size_t last = last_words(log);
    for (std::size_t index : {last, panic_of(log, unused).empty() ? last : unused}) {
      if (auto named = names_a_variable(patient, container, log, index)) {
        auto weaker = [&](const Decisive& one) { return one.specificity < named->specificity; };
        lines.insert(std::find_if(lines.begin(), lines.end(), weaker), *named);
      }
    }
  }
  for (const Decisive& line : lines) {
    Candidate named = candidate;
    named.cause = line.cause;
    named.specificity = line.specificity;
    named.confidence = line.specificity >= 85 ? Confidence::confirmed : Confidence::likely;
    named.values.emplace_back("line", shown(line.line, 300));
    for (const auto& [name, value] : line.captures) {
      named.values.emplace_back(name, shown(value, 200));
    }
    quote(named, container, log, line.index);
    if (enrich(patient, container, log, line, named)) {
      if (told) {
        named.evidence.push_back(termination_evidence(patient.pod, container));
      }
      return named;
    }
  }
  if (!log.empty() && literal_reference(patient, container, log, last_words(log), candidate)) {
    if (told) {
      candidate.evidence.push_back(termination_evidence(patient.pod, container));
    }
    return candidate;
  }
  if (!told && log.empty()) {
    return std::nullopt;
  }
  std::size_t gave_up = abort_line(log);
  std::size_t panic_index = 0;
  std::string panic = panic_of(log, panic_index);
  bool native = ended->exit_code == 134 || ended->exit_code == 139;
  if (native && gave_up < log.lines.size()) {
    // abort() in process 1 ends with 139, because the kernel keeps SIGABRT from it; 134 needs another process 1.
    candidate.cause = "aborted";
    candidate.variant = "logged";
    candidate.specificity = 90;
    candidate.confidence = Confidence::confirmed;
    candidate.values.emplace_back("line", shown(log.lines[gave_up], 300));
    quote(candidate, container, log, gave_up);
    candidate.evidence.push_back(termination_evidence(patient.pod, container));
    return candidate;
  }
  // A runtime that ends by a signal after it has reported an unhandled error (.NET) says more than the signal.
  for (const Code& code : codes) {
    if (ended->exit_code == code.code && (panic.empty() || ended->exit_code != 134)) {
      candidate.cause = code.cause;
      candidate.specificity = code.specificity;
      candidate.confidence = Confidence::confirmed;
      candidate.evidence.push_back(termination_evidence(patient.pod, container));
      if (!log.empty()) {
        candidate.evidence.push_back(log_evidence(container.name, log.previous, log.lines.back()));
      }
      candidate.values.emplace_back("line", log.empty() ? "" : shown(log.lines.back(), 300));
      candidate.variant = log.empty() ? "" : "logged";
      return candidate;
    }
  }
  if (ended->exit_code == 137) {
    bool oom = node_had_oom(patient, *ended);
    candidate.cause = oom ? "node-out-of-memory" : "killed-by-signal";
    candidate.confidence = oom ? Confidence::confirmed : Confidence::possible;
    candidate.specificity = oom ? 85 : 20;
    candidate.values.emplace_back("node", std::string(patient.pod["spec"]["nodeName"].string()));
    candidate.evidence.push_back(termination_evidence(patient.pod, container));
    return candidate;
  }
  if (log.empty()) {
    // An empty log is itself a finding; one that was not read leaves only the class.
    candidate.cause = log.readable ? "crash-without-logs" : "application-error";
    candidate.variant = log.readable ? "" : "unread";
    candidate.confidence = log.readable ? Confidence::confirmed : Confidence::possible;
    candidate.specificity = log.readable ? 60 : 10;
    candidate.evidence.push_back(termination_evidence(patient.pod, container));
    candidate.evidence.push_back(computed_evidence(patient.catalogue.say(
        log.readable ? "live.log.empty" : "live.log.unreadable", {{"container", std::string(container.name)}})));
    std::string command = log.readable
                              ? "debug " + shell_word(name_of(patient.pod)) +
                                    " -it --copy-to=" + shell_word(std::string(name_of(patient.pod)) + "-debug") +
                                    " --container=" + shell_word(container.name) + " -- sh"
                              : "logs " + shell_word(name_of(patient.pod)) + " -c " + shell_word(container.name) +
                                    " --previous --tail=80";
    candidate.fixes.push_back(command_fix("", kubectl(patient, command),
                                          log.readable ? patient.catalogue.say("live.start.copy") : "",
                                          log.readable ? finding::Safety::manual : finding::Safety::safe));
    return candidate;
  }
  std::size_t index = panic_index;
  if (!panic.empty()) {
    candidate.cause = "application-panic";
    candidate.specificity = 55;
    candidate.confidence = Confidence::confirmed;
  } else {
    index = last_words(log);
    std::string_view level = level_of(log.lines[index]);
    bool only_log = patient.pod["metadata"]["annotations"]["podcheck.dev/partial"].string() == "logs";
    if (only_log && level != "fatal" && level != "error") {
      return std::nullopt;  // that the container ends at all, nobody told
    }
    candidate.cause = "application-error";
    candidate.specificity = 50;
    candidate.confidence = level_of(log.lines[index]) == "fatal" || level_of(log.lines[index]) == "error"
                               ? Confidence::confirmed
                               : Confidence::likely;
    // What the last fatal line only concludes, the error before it says.
    if (index > 0 && level_of(log.lines[index - 1]) == "error") {
      candidate.values.emplace_back("before", shown(log.lines[index - 1], 300));
      candidate.variant = "two-lines";
    }
  }
  candidate.values.emplace_back("line", shown(panic.empty() ? log.lines[index] : panic, 300));
  quote(candidate, container, log, index);
  if (std::size_t frame = panic.empty() ? index : frame_below(log, index); frame >= index + 3) {
    candidate.evidence.push_back(log_evidence(container.name, log.previous, log.lines[frame]));
  }
  if (told) {
    candidate.evidence.push_back(termination_evidence(patient.pod, container));
  } else {
    candidate.variant = "untold";
    candidate.confidence = Confidence::likely;
  }
  return candidate;
}

}  // namespace podcheck::live
