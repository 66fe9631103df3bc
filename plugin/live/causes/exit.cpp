#include "live/causes/exit.hpp"

#include <algorithm>

#include "kube/effective.hpp"
#include "live/causes/signatures.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

constexpr std::size_t most_lines = 120;  // the end of a log decides
constexpr std::size_t near_the_end = 12;

const std::vector<Pattern>& compiled() {
  static const std::vector<Pattern> all = [] {
    std::vector<Pattern> out;
    for (const LogSignature& signature : log_signatures()) {
      out.emplace_back(signature.pattern);
    }
    return out;
  }();
  return all;
}

bool is_env_name(std::string_view name) {
  return name.size() >= 3 &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }) &&
         !(name.front() >= '0' && name.front() <= '9');
}

std::string trimmed_name(std::string text) {
  while (!text.empty() && std::string_view(".,:;)]}\"'").find(text.back()) != std::string_view::npos) {
    text.pop_back();
  }
  while (!text.empty() && std::string_view("([{\"'$").find(text.front()) != std::string_view::npos) {
    text.erase(0, 1);
  }
  return text;
}

// Python: the unindented line after the frames. Others: the sentence behind panic:, Exception in thread and the like.
std::string panic_of(const RunLog& log, std::size_t& index) {
  static const std::vector<Pattern> patterns = [] {
    std::vector<Pattern> out;
    for (std::string_view text : panic_patterns()) {
      out.emplace_back(text);
    }
    return out;
  }();
  std::string found;
  bool in_traceback = false;
  bool node_stack = false;
  for (std::size_t i = 0; i < log.lines.size(); ++i) {
    const std::string& line = log.lines[i];
    if (contains(line, "Traceback (most recent call last)")) {
      in_traceback = true;
      continue;
    }
    if (in_traceback && !line.starts_with(" ") && !line.starts_with("\t") && contains(line, ":")) {
      found = line;
      index = i;
      in_traceback = false;
      continue;
    }
    std::string low = lower(line);
    for (const Pattern& pattern : patterns) {
      if (pattern.match(line, low)) {
        found = std::string(trim(line));
        index = i;
        break;
      }
    }
    // Node: "TypeError: …" followed by "    at …".
    if (!node_stack && i + 1 < log.lines.size() && contains(line, "Error:") &&
        trim(log.lines[i + 1]).starts_with("at ")) {
      found = std::string(trim(line));
      index = i;
      node_stack = true;
    }
  }
  return found;
}

// The last line of the highest level; the last line when none names a level.
std::size_t last_words(const RunLog& log) {
  std::size_t best = log.lines.size() - 1;
  int rank = 0;
  for (std::size_t i = log.lines.size(); i-- > 0;) {
    std::string_view level = level_of(log.lines[i]);
    int value = level == "fatal" ? 3 : level == "error" ? 2 : 0;
    if (value > rank) {
      rank = value;
      best = i;
    }
  }
  return best;
}

void quote(Candidate& candidate, const ContainerFacts& container, const RunLog& log, std::size_t index) {
  std::size_t begin = index >= 3 ? index - 3 : 0;
  std::size_t end = std::min(log.lines.size(), index + 3);
  std::vector<std::size_t> order = {index};
  for (std::size_t i = begin; i < end; ++i) {
    // Around the decisive line only what is as serious as it, or what belongs to it.
    if (i != index && !level_of(log.lines[i]).empty() && level_of(log.lines[i]) != "info" &&
        level_of(log.lines[i]) != "debug") {
      order.push_back(i);
    } else if (i > index && level_of(log.lines[i]).empty()) {
      order.push_back(i);
    }
  }
  for (std::size_t i : order) {
    candidate.evidence.push_back(log_evidence(container.name, log.previous, log.lines[i]));
  }
}

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

std::optional<Decisive> decisive_line(Patient& patient, const ContainerFacts& container, const RunLog& log) {
  (void)patient;
  (void)container;
  std::optional<Decisive> best;
  int best_score = 0;
  std::size_t start = log.lines.size() > most_lines ? log.lines.size() - most_lines : 0;
  for (std::size_t i = start; i < log.lines.size(); ++i) {
    const std::string& line = log.lines[i];
    std::string_view level = level_of(line);
    if (level == "info" || level == "debug") {
      continue;
    }
    std::string lowered = lower(line);
    for (std::size_t k = 0; k < compiled().size(); ++k) {
      const LogSignature& signature = log_signatures()[k];
      int score = signature.specificity + (log.lines.size() - i <= near_the_end ? 10 : 0) + (level == "fatal" ? 3 : 0);
      if (score < best_score) {
        continue;
      }
      auto hit = compiled()[k].match(line, lowered);
      if (!hit) {
        continue;
      }
      std::vector<std::pair<std::string, std::string>> captures = hit->values;
      bool wrong = false;
      for (auto& [name, value] : captures) {
        if (name == "variable") {
          value = trimmed_name(value);
          wrong = wrong || !is_env_name(value);
        } else if (name == "file" || name == "path" || name == "what") {
          value = trimmed_name(value);
        }
      }
      if (wrong) {
        continue;
      }
      best = Decisive{std::string(signature.cause), line, signature.specificity, captures, i};
      best_score = score;
    }
  }
  return best;
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
                      {"code", told ? std::to_string(ended->exit_code) : "?"},
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
  std::optional<Decisive> line = decisive_line(patient, container, log);
  if (line) {
    Candidate named = candidate;
    named.cause = line->cause;
    named.specificity = line->specificity;
    named.confidence = line->specificity >= 85 ? Confidence::confirmed : Confidence::likely;
    named.values.emplace_back("line", shown(line->line, 300));
    for (const auto& [name, value] : line->captures) {
      named.values.emplace_back(name, shown(value, 200));
    }
    quote(named, container, log, line->index);
    if (enrich(patient, container, log, *line, named)) {
      if (told) {
        named.evidence.push_back(termination_evidence(patient.pod, container));
      }
      return named;
    }
  }
  if (!told && log.empty()) {
    return std::nullopt;
  }
  for (const Code& code : codes) {
    if (ended->exit_code == code.code) {
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
  std::size_t index = 0;
  std::string panic = panic_of(log, index);
  if (!panic.empty()) {
    candidate.cause = "application-panic";
    candidate.specificity = 55;
    candidate.confidence = Confidence::confirmed;
  } else {
    index = last_words(log);
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
  if (told) {
    candidate.evidence.push_back(termination_evidence(patient.pod, container));
  } else {
    candidate.variant = "untold";
    candidate.confidence = Confidence::likely;
  }
  return candidate;
}

}  // namespace podcheck::live
