// Init containers and sidecars that hold the pod up.
#include "kube/effective.hpp"
#include "live/causes/exit.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/services.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

constexpr std::chrono::seconds patience{20};
// An init container that says nothing of waiting may simply have much to do.
constexpr std::chrono::seconds work_patience{180};

// The log goes on with other lines than before: it works, and does not repeat that it waits.
bool gets_on(const RunLog& log) {
  if (log.lines.size() < 2) {
    return false;
  }
  const std::string& last = log.lines.back();
  return last != log.lines[log.lines.size() - 2] &&
         !contains_any(lower(last), {"wait", "retry", "not ready", "refused", "unreachable", "no such host", "nxdomain",
                                     "can't find", "bad address", "timed out", "failed", "attempt", "unavailable"});
}

std::string command_of(const ContainerFacts& container) {
  std::string text;
  for (const char* field : {"command", "args"}) {
    for (Node word : container.spec.node[field].items()) {
      text += (text.empty() ? "" : " ") + word.text();
    }
  }
  return text;
}

// It fails, and neither its exit code nor its log could be read.
void untold(Patient& patient, const ContainerFacts& container, std::vector<Candidate>& out) {
  Candidate candidate;
  candidate.cause = container.is_sidecar() ? "native-sidecar-failing" : "init-container-failing";
  candidate.variant = "untold";
  candidate.stage = Stage::init;
  candidate.confidence = Confidence::likely;
  candidate.specificity = 50;
  candidate.container = container.name;
  candidate.path = container.spec_path;
  candidate.values = {{"container", std::string(container.name)}, {"status", status_column(patient.pod)}};
  candidate.evidence.push_back(
      field_evidence(patient.pod, container.status_path + ".state", status_column(patient.pod)));
  candidate.fixes.push_back(command_fix("",
                                        kubectl(patient, "logs " + shell_word(name_of(patient.pod)) + " -c " +
                                                             shell_word(container.name) + " --previous --tail=80"),
                                        "", finding::Safety::safe));
  out.push_back(std::move(candidate));
}

void failing(Patient& patient, const ContainerFacts& container, std::size_t number, std::size_t total,
             std::vector<Candidate>& out) {
  auto inner = explain_exit(patient, container);
  if (!inner) {
    untold(patient, container, out);
    return;
  }
  finding::Finding said = patient.catalogue.cause_finding(inner->cause, inner->values, inner->variant);
  Candidate candidate = *inner;
  candidate.cause = container.is_sidecar() ? "native-sidecar-failing" : "init-container-failing";
  candidate.variant.clear();
  candidate.stage = Stage::init;
  candidate.specificity = 100;
  candidate.confidence = Confidence::confirmed;
  candidate.values = {{"container", std::string(container.name)},
                      {"with_code", with_code(patient, container.latest())},
                      {"number", std::to_string(number)},
                      {"total", std::to_string(total)},
                      {"reason", said.message},
                      {"repair", said.fixes.empty() ? "" : said.fixes.front().summary}};
  candidate.supersedes = {inner->cause};
  if (container.is_sidecar()) {
    candidate.evidence.push_back(pod_field(patient, container.spec_path + ".restartPolicy"));
  }
  candidate.fixes = inner->fixes;
  inner->role = finding::Role::contributing;
  out.push_back(std::move(candidate));
  out.push_back(std::move(*inner));
}

void waiting(Patient& patient, const ContainerFacts& container, std::size_t number, std::size_t total,
             std::vector<Candidate>& out) {
  if (!container.running_since || patient.cluster.now() - *container.running_since < patience) {
    return;
  }
  Candidate candidate;
  candidate.cause = "init-container-waiting";
  candidate.stage = Stage::init;
  candidate.confidence = Confidence::likely;
  candidate.specificity = 80;
  candidate.container = container.name;
  candidate.path = container.spec_path;
  RunLog log = current_log(patient, container);
  std::string last = log.empty() ? "" : log.lines.back();
  auto run = std::chrono::duration_cast<std::chrono::seconds>(patient.cluster.now() - *container.running_since);
  candidate.values = {{"container", std::string(container.name)},
                      {"number", std::to_string(number)},
                      {"total", std::to_string(total)},
                      {"seconds", std::to_string(run.count())},
                      {"line", shown(last, 240)}};
  candidate.evidence.push_back(field_evidence(patient.pod, container.status_path + ".state.running.startedAt",
                                              container.status["state"]["running"]["startedAt"].text()));
  if (!last.empty()) {
    candidate.evidence.push_back(log_evidence(container.name, log.previous, last));
  }
  std::string command = command_of(container);
  if (!command.empty()) {
    candidate.evidence.push_back(field_evidence(patient.pod, container.spec_path + ".command", command));
  }
  // What it waits for: a Service that the log or the command names; else a host that no Service has.
  Dependency found = mentioned_in(patient, last);
  if (!found.service) {
    found = mentioned_in(patient, command);
  }
  if (!found.service) {
    for (const char* pattern : {"waiting for {host:p}", "wait for {host:p}", "bad address '{host:q}'",
                                "lookup {host:p}", "nslookup {host:p}", "nc -z {host:p} ", "resolve {host:p}"}) {
      auto hit = match(last, pattern);
      if (!hit) {
        hit = match(command, pattern);
      }
      std::string host = hit ? (*hit)["host"] : "";
      std::string port;
      if (std::size_t colon = host.find(':'); colon != std::string::npos) {
        port = host.substr(colon + 1);
        host.resize(colon);
      }
      if (host.size() > 2 && host.front() != '$' && host.front() != '-') {
        found = look_up(patient, host, port);
        break;
      }
    }
  }
  candidate.variant = last.empty() ? "silent" : "";
  bool says_wait = !last.empty() && !gets_on(log);
  if (run < work_patience && !says_wait && found.host.empty()) {
    return;
  }
  if (!found.host.empty()) {
    Candidate behind = candidate;
    behind.evidence.clear();
    behind.variant.clear();
    judge_dependency(patient, found, behind);
    finding::Finding said = patient.catalogue.cause_finding(behind.cause, behind.values, behind.variant);
    candidate.variant = "dependency";
    candidate.values.emplace_back("service", found.name.empty() ? found.host : found.name);
    candidate.values.emplace_back("reason", said.message);
    candidate.confidence = behind.confidence;
    candidate.chain = behind.chain;
    candidate.evidence.insert(candidate.evidence.end(), behind.evidence.begin(), behind.evidence.end());
    candidate.fixes = behind.fixes;
    if (candidate.fixes.empty()) {
      candidate.fixes = said.fixes;
    } else if (candidate.fixes.front().summary.empty() && !said.fixes.empty()) {
      candidate.fixes.front().summary = said.fixes.front().summary;
    }
    behind.role = finding::Role::contributing;
    out.push_back(std::move(behind));
  }
  out.push_back(std::move(candidate));
}

}  // namespace

void diagnose_init(Patient& patient, std::vector<Candidate>& out) {
  if (!patient.pod || patient.pod["metadata"].has("deletionTimestamp") ||
      patient.pod["status"]["reason"].string() == "Evicted") {
    return;
  }
  std::size_t total = patient.pod["spec"]["initContainers"].size();
  std::size_t number = 0;
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    if (container.role == kube::ContainerRole::app) {
      break;
    }
    ++number;
    bool done = container.now && container.now->exit_code == 0;
    bool up = container.is_sidecar() && container.running && container.status["started"].boolean().value_or(true) &&
              container.restarts == 0;
    if (done || up) {
      continue;
    }
    const Termination* ended = container.latest();
    bool loops = ended == nullptr && container.waiting_reason == "CrashLoopBackOff";
    if (loops ||
        (ended != nullptr && ended->exit_code != 0 && ended->reason != "OOMKilled" && ended->reason != "StartError" &&
         killed_by(events_of(patient.cluster, patient.pod), container).empty())) {
      failing(patient, container, number, total, out);
    } else if (container.running && container.is_init()) {
      waiting(patient, container, number, total, out);
    }
    if (container.is_init()) {
      break;
    }
  }
}

}  // namespace podcheck::live
