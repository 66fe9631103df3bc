// Probes: what they asked, what came back, and how long the application needs.
#include <algorithm>
#include <map>

#include "kube/effective.hpp"
#include "live/causes/exit.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/health.hpp"
#include "live/patch.hpp"
#include "live/services.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;
using std::chrono::seconds;

namespace {

constexpr std::int64_t small_cpu_milli = 200;

struct Failing {
  std::string type;   // liveness, readiness, startup
  std::string field;  // livenessProbe
  const EventFacts* event = nullptr;
  std::string text;      // what follows "probe failed: "
  bool errored = false;  // the probe could not run
  std::int64_t count = 0;
};

struct Probing {
  Patient& patient;
  const ContainerFacts& container;
  const Failing& failing;
  kube::Probe probe;
  RunLog log;  // of the run that was probed
  Listening listening;
  std::string killed;  // "liveness", "startup" or empty
  std::string port_text;
  std::int64_t port = 0;
};

std::vector<Failing> failing_probes(const std::vector<EventFacts>& events, const ContainerFacts& container) {
  std::map<std::string, Failing> found;
  for (const EventFacts& event : events) {
    bool ours = event.container.empty() || event.container == container.name;
    if ((event.reason != "Unhealthy" && event.reason != "ProbeError") || !ours) {
      continue;
    }
    std::string low = lower(event.message);
    for (const char* type : {"liveness", "readiness", "startup"}) {
      if (!low.starts_with(type)) {
        continue;
      }
      Failing& one = found[type];
      std::int64_t count = one.count + event.count;
      one = Failing{type, std::string(type) + "Probe", &event, "", contains(low, " errored"), count};
      std::size_t colon = event.message.find(": ");
      one.text = colon == std::string::npos ? event.message : event.message.substr(colon + 2);
    }
  }
  std::vector<Failing> out;
  for (const char* type : {"startup", "liveness", "readiness"}) {
    if (found.count(type) != 0) {
      out.push_back(found[type]);
    }
  }
  return out;
}

std::string endpoint_of(const Probing& at) {
  Node handler = at.probe.handler;
  if (at.probe.type == "httpGet") {
    return std::string(handler["path"].string("/"));
  }
  if (at.probe.type == "exec") {
    std::string text;
    for (Node word : handler["command"].items()) {
      text += (text.empty() ? "" : " ") + word.text();
    }
    return text;
  }
  return std::string(at.probe.type);
}

// How far a start has come by its own log: "shard=3 of=12", "3/12", "27%". Whether it advances, and in how many seconds
// the whole would be done.
struct Progress {
  bool advances = false;
  double share = 0;
  std::string line;
};

double share_in(const std::string& line) {
  for (const char* pattern :
       {"{done:d} of=\"{all:d}", "={done:d} of={all:d}", "{done:d} of {all:d}", "{done:d}/{all:d}"}) {
    if (auto hit = match(line, pattern)) {
      double all = std::strtod((*hit)["all"].substr(0, 9).c_str(), nullptr);
      double done = std::strtod((*hit)["done"].substr(0, 9).c_str(), nullptr);
      if (all > 0 && done <= all) {
        return done / all;
      }
    }
  }
  if (auto hit = match(line, "{percent:d}%")) {
    double percent = std::strtod((*hit)["percent"].substr(0, 4).c_str(), nullptr);
    return percent <= 100 ? percent / 100 : 0;
  }
  return 0;
}

Progress progress_in(const RunLog& log) {
  Progress out;
  double first = -1;
  for (const std::string& line : log.lines) {
    double share = share_in(line);
    if (share <= 0) {
      continue;
    }
    if (first < 0) {
      first = share;
    }
    out.advances = share > first;
    out.share = share;
    out.line = line;
  }
  return out;
}

Candidate base(const Probing& at, const char* cause, int specificity, Confidence confidence) {
  Candidate out;
  out.cause = cause;
  out.stage = at.killed == at.failing.type || !at.killed.empty() ? Stage::kill : Stage::readiness;
  out.specificity = specificity;
  out.confidence = confidence;
  out.container = at.container.name;
  out.path = at.container.spec_path + "." + at.failing.field;
  std::int64_t budget = at.probe.initial_delay + at.probe.failure_threshold * at.probe.period;
  out.values = {{"container", std::string(at.container.name)},
                {"probe", at.failing.type},
                {"field", at.failing.field},
                {"endpoint", shown(endpoint_of(at), 160)},
                {"port", at.port_text},
                {"text", shown(at.failing.text, 240)},
                {"timeout", std::to_string(at.probe.timeout)},
                {"period", std::to_string(at.probe.period)},
                {"threshold", std::to_string(at.probe.failure_threshold)},
                {"delay", std::to_string(at.probe.initial_delay)},
                {"budget", std::to_string(budget)},
                {"restarts", std::to_string(at.container.restarts)}};
  finding::Evidence proof = event_evidence(*at.failing.event);
  out.evidence.push_back(proof);
  out.evidence.push_back(field_evidence(at.patient.pod, out.path, pod_field(at.patient, out.path).text));
  if (!at.killed.empty()) {
    auto events = events_of(at.patient.cluster, at.patient.pod);
    if (const EventFacts* kill = newest(events, "Killing", "failed " + at.killed + " probe", at.container.name)) {
      out.evidence.push_back(event_evidence(*kill));
    }
  }
  return out;
}

std::string pointer(const Probing& at, const std::string& rest) {
  return pointer_of(at.container.spec_path) + "/" + at.failing.field + "/" + rest;
}

std::string declared_ports(const ContainerFacts& container) {
  std::string out;
  for (const kube::Port& port : kube::ports(container.spec)) {
    out += (out.empty() ? "" : ", ") + std::to_string(port.number) +
           (port.name.empty() ? "" : " (" + std::string(port.name) + ")");
  }
  return out;
}

void named_port(const Probing& at, const std::string& name, std::vector<Candidate>& out) {
  Candidate candidate = base(at, "probe-named-port-missing", 100, Confidence::confirmed);
  std::vector<std::string> names;
  for (const kube::Port& port : kube::ports(at.container.spec)) {
    names.emplace_back(port.name);
  }
  candidate.values.emplace_back("name", name);
  candidate.values.emplace_back("ports", declared_ports(at.container));
  candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + ".ports"));
  if (names.size() == 1) {
    candidate.fixes.push_back(patch_owner(
        at.patient, {{"replace", pointer(at, std::string(at.probe.type) + "/port"), json_string(names.front())}}));
  }
  out.push_back(std::move(candidate));
}

void wrong_port(const Probing& at, const std::string& right, std::vector<Candidate>& out) {
  bool liveness = at.failing.type != "readiness";
  Candidate candidate = base(at, liveness ? "liveness-probe-wrong-port" : "readiness-probe-wrong-port", 98,
                             at.listening.port != 0 ? Confidence::confirmed : Confidence::likely);
  candidate.values.emplace_back("right", right);
  if (at.listening.port != 0) {
    candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, at.listening.line));
  }
  candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + ".ports"));
  if (at.probe.type == "httpGet" || at.probe.type == "tcpSocket") {
    std::string value = right;
    for (const kube::Port& port : kube::ports(at.container.spec)) {
      if (std::to_string(port.number) == right && !port.name.empty()) {
        value = json_string(port.name);
      }
    }
    candidate.fixes.push_back(
        patch_owner(at.patient, {{"replace", pointer(at, std::string(at.probe.type) + "/port"), value}}));
  }
  candidate.supersedes = {"liveness-kills-slow-start", "startup-probe-budget", "cpu-limit-too-low",
                          "one-shot-in-deployment", "readiness-probe-refused"};
  out.push_back(std::move(candidate));
}

// The application has not begun to listen when the probe gives up.
void slow_start(const Probing& at, std::vector<Candidate>& out) {
  bool startup = at.failing.type == "startup";
  auto cpu = kube::limit(at.container.spec, "cpu");
  Progress progress = progress_in(at.log);
  bool throttled = cpu && cpu->milli() <= small_cpu_milli;
  const char* cause = throttled ? "cpu-limit-too-low" : startup ? "startup-probe-budget" : "liveness-kills-slow-start";
  Candidate candidate =
      base(at, cause, throttled ? 80 : 75, progress.advances ? Confidence::confirmed : Confidence::likely);
  const Termination* ended = at.container.latest();
  std::int64_t ran = ended != nullptr ? ended->duration().value_or(seconds(0)).count() : 0;
  std::int64_t needs = 0;
  if (progress.share > 0.01 && ran > 0) {
    needs = static_cast<std::int64_t>(static_cast<double>(ran) / progress.share);
  }
  std::int64_t budget = at.probe.initial_delay + at.probe.failure_threshold * at.probe.period;
  std::int64_t wanted = std::max<std::int64_t>(needs * 2, std::max<std::int64_t>(budget * 4, 150));
  std::int64_t threshold = (wanted + at.probe.period - 1) / std::max<std::int64_t>(at.probe.period, 1);
  candidate.values.insert(candidate.values.end(), {{"ran", std::to_string(ran)},
                                                   {"needs", std::to_string(needs)},
                                                   {"cpu", at.container.spec.node["resources"]["limits"]["cpu"].text()},
                                                   {"new_threshold", std::to_string(threshold)},
                                                   {"new_budget", std::to_string(threshold * at.probe.period)},
                                                   {"line", shown(progress.line, 200)}});
  candidate.variant = needs > 0 ? "needs" : "";
  if (throttled) {
    candidate.variant.clear();
    candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + ".resources.limits"));
  }
  if (!progress.line.empty()) {
    candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, progress.line));
  } else if (!at.log.empty()) {
    candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, at.log.lines.back()));
  }
  candidate.evidence.push_back(
      computed_evidence(at.patient.catalogue.say(needs > 0 ? "live.probe.budget_needs" : "live.probe.budget",
                                                 {{"delay", std::to_string(at.probe.initial_delay)},
                                                  {"period", std::to_string(at.probe.period)},
                                                  {"threshold", std::to_string(at.probe.failure_threshold)},
                                                  {"budget", std::to_string(budget)},
                                                  {"ran", std::to_string(ran)},
                                                  {"needs", std::to_string(needs)}})));
  if (ended != nullptr) {
    candidate.evidence.push_back(termination_evidence(at.patient.pod, at.container));
  }
  std::string root = pointer_of(at.container.spec_path);
  if (throttled) {
    candidate.fixes.push_back(patch_owner(at.patient, {{"replace", root + "/resources/limits/cpu", "\"1\""}}));
  } else if (startup) {
    candidate.fixes.push_back(
        patch_owner(at.patient, {{at.probe.node.has("failureThreshold") ? "replace" : "add",
                                  root + "/startupProbe/failureThreshold", std::to_string(threshold)}}));
  } else if (at.probe.type == "httpGet") {
    candidate.fixes.push_back(patch_owner(
        at.patient, {{"add", root + "/startupProbe",
                      "{\"httpGet\":{\"path\":" + json_string(at.probe.handler["path"].string("/")) + ",\"port\":" +
                          (at.probe.handler["port"].is_string() ? json_string(at.probe.handler["port"].string())
                                                                : at.probe.handler["port"].text()) +
                          "},\"periodSeconds\":" + std::to_string(at.probe.period) +
                          ",\"failureThreshold\":" + std::to_string(threshold) + "}"}}));
  }
  candidate.supersedes = {"killed-by-signal", "application-error", "crash-without-logs", "one-shot-in-deployment"};
  out.push_back(std::move(candidate));
}

void refused(const Probing& at, std::vector<Candidate>& out) {
  std::int64_t asked = at.port;
  bool listens_elsewhere = at.listening.port != 0 && at.listening.port != asked;
  bool declared = false;
  std::string others;
  auto ports = kube::ports(at.container.spec);
  for (const kube::Port& port : ports) {
    declared = declared || port.number == asked;
    others = std::to_string(port.number);
  }
  bool local = at.listening.port == asked && (at.listening.host == "127.0.0.1" || at.listening.host == "localhost" ||
                                              at.listening.host == "[::1]" || contains(at.listening.host, "127.0.0.1"));
  if (local) {
    Candidate candidate = base(at, "listens-on-localhost", 97, Confidence::confirmed);
    candidate.values.emplace_back("address", at.listening.address);
    candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, at.listening.line));
    candidate.supersedes = {"liveness-kills-slow-start", "startup-probe-budget", "cpu-limit-too-low"};
    out.push_back(std::move(candidate));
    return;
  }
  if (listens_elsewhere) {
    wrong_port(at, std::to_string(at.listening.port), out);
    return;
  }
  bool never_listened = at.listening.port == 0;
  if (!declared && ports.size() == 1 && (never_listened && at.log.lines.empty())) {
    wrong_port(at, others, out);
    return;
  }
  if (at.killed == at.failing.type) {
    if (!declared && ports.size() == 1 && !progress_in(at.log).advances) {
      wrong_port(at, others, out);
      return;
    }
    slow_start(at, out);
    return;
  }
  if (at.failing.type == "readiness" && at.container.running && never_listened && at.killed.empty()) {
    if (!declared && ports.size() == 1) {
      wrong_port(at, others, out);
      return;
    }
    if (is_rolling_out(at.patient.owner, at.patient.pod)) {
      return;
    }
    Candidate candidate = base(at, "readiness-probe-refused", 50, Confidence::likely);
    if (!at.log.empty()) {
      candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, at.log.lines.back()));
    }
    out.push_back(std::move(candidate));
  }
}

// The last warning of the log that names another program.
std::string dependency_line(Patient& patient, const ContainerFacts& container, const RunLog& log, Dependency& found) {
  (void)container;
  for (std::size_t i = log.lines.size(); i-- > 0 && i + 60 > log.lines.size();) {
    const std::string& line = log.lines[i];
    std::string_view level = level_of(line);
    std::string low = lower(line);
    bool trouble =
        contains_any(low, {"connection refused", "econnrefused", "no such host", "i/o timeout", "timed out",
                           "enotfound", "unreachable", "ping failed", "not reachable", "name or service not known",
                           "could not connect", "can't connect", "connection reset"});
    if (!trouble || level == "info" || level == "debug") {
      continue;
    }
    found = mentioned_in(patient, line);
    for (const char* pattern : {"dial tcp {host:p}:{port:d}:", "connect to {host:p}:{port:d}", "lookup {host:p}",
                                "econnrefused {host:p}:{port:d}", "enotfound {host:p}", "addr={host:p}:{port:d}"}) {
      if (found.host.empty()) {
        if (auto hit = match(line, pattern)) {
          found = look_up(patient, (*hit)["host"], (*hit)["port"]);
        }
      }
    }
    return line;
  }
  return {};
}

void server_error(const Probing& at, std::vector<Candidate>& out) {
  Dependency dependency;
  RunLog log = at.log;
  std::string line = dependency_line(at.patient, at.container, log, dependency);
  bool liveness = at.failing.type != "readiness";
  std::string status =
      match(at.failing.text, "statuscode: {code:d}") ? (*match(at.failing.text, "statuscode: {code:d}"))["code"] : "";
  if (!line.empty()) {
    Candidate candidate =
        base(at, liveness ? "liveness-depends-on-dependency" : "readiness-dependency-down", 90, Confidence::confirmed);
    candidate.evidence.push_back(log_evidence(at.container.name, log.previous, line));
    std::string reason;
    std::vector<finding::Fix> fixes;
    if (!dependency.host.empty()) {
      Candidate behind = candidate;
      behind.evidence.clear();
      judge_dependency(at.patient, dependency, behind);
      finding::Finding said = at.patient.catalogue.cause_finding(behind.cause, behind.values, behind.variant);
      reason = said.message;
      candidate.chain = behind.chain;
      candidate.evidence.insert(candidate.evidence.end(), behind.evidence.begin(), behind.evidence.end());
      fixes = behind.fixes.empty() ? said.fixes : behind.fixes;
      if (!fixes.empty() && fixes.front().summary.empty() && !said.fixes.empty()) {
        fixes.front().summary = said.fixes.front().summary;
      }
    }
    candidate.variant = reason.empty() ? "" : "known";
    candidate.values.insert(candidate.values.end(),
                            {{"status", status},
                             {"service", dependency.name.empty() ? dependency.host : dependency.name},
                             {"reason", reason},
                             {"line", shown(line, 240)}});
    if (liveness) {
      auto readiness = kube::probe(at.container.spec, "readinessProbe");
      bool same = readiness && readiness->type == "httpGet" && readiness->handler["path"].string() == endpoint_of(at);
      if (same) {
        candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + ".readinessProbe"));
      }
      finding::Fix own;
      candidate.fixes.push_back(own);
    }
    candidate.fixes.insert(candidate.fixes.end(), fixes.begin(), fixes.end());
    if (!liveness && candidate.fixes.empty()) {
      candidate.fixes.emplace_back();
    }
    candidate.supersedes = {"liveness-reports-unhealthy", "readiness-reports-unready"};
    out.push_back(std::move(candidate));
    return;
  }
  if (!liveness && (progress_in(log).advances || is_rolling_out(at.patient.owner, at.patient.pod))) {
    return;  // it is starting
  }
  Candidate candidate = base(at, liveness ? "liveness-reports-unhealthy" : "readiness-reports-unready", 70,
                             liveness ? Confidence::confirmed : Confidence::likely);
  candidate.values.emplace_back("status", status.empty() ? "NOT_SERVING" : status);
  std::string words;
  for (std::size_t i = log.lines.size(); i-- > 0 && words.empty();) {
    std::string_view level = level_of(log.lines[i]);
    if (level == "warn" || level == "error" || level == "fatal") {
      words = log.lines[i];
    }
  }
  candidate.variant = words.empty() ? "" : "logged";
  candidate.values.emplace_back("line", shown(words, 240));
  if (!words.empty()) {
    candidate.evidence.push_back(log_evidence(at.container.name, log.previous, words));
  }
  out.push_back(std::move(candidate));
}

void wrong_path(const Probing& at, const std::string& status, std::vector<Candidate>& out) {
  bool liveness = at.failing.type != "readiness";
  Candidate candidate =
      base(at, liveness ? "liveness-probe-wrong-path" : "readiness-probe-wrong-path", 95, Confidence::confirmed);
  candidate.values.emplace_back("status", status);
  // Another probe's path, or an older revision's, may be the right one.
  std::string better;
  for (Node set : at.patient.cluster.list("replicasets", at.patient.namespace_).items) {
    if (controller_reference(set)["name"].string() != name_of(at.patient.owner) ||
        set["status"]["readyReplicas"].integer().value_or(0) == 0) {
      continue;
    }
    for (Node container : set["spec"]["template"]["spec"]["containers"].items()) {
      std::string path(container[at.failing.field]["httpGet"]["path"].string());
      if (container["name"].string() == at.container.name && !path.empty() && path != endpoint_of(at)) {
        better = path;
        candidate.evidence.push_back(
            field_evidence(set, "spec.template.spec.containers." + at.failing.field + ".httpGet.path", path));
      }
    }
  }
  candidate.values.emplace_back(
      "hint", better.empty() ? "" : " " + at.patient.catalogue.say("live.hint.path", {{"path", better}}));
  if (!better.empty()) {
    candidate.fixes.push_back(patch_owner(at.patient, {{"replace", pointer(at, "httpGet/path"), json_string(better)}}));
  }
  for (std::size_t i = at.log.lines.size(); i-- > 0;) {
    if (contains(at.log.lines[i], endpoint_of(at)) && contains(at.log.lines[i], status)) {
      candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, at.log.lines[i]));
      break;
    }
  }
  out.push_back(std::move(candidate));
}

void timed_out(const Probing& at, std::vector<Candidate>& out) {
  // The application's own word of how long it took.
  std::int64_t longest = 0;
  std::string line;
  for (const std::string& one : at.log.lines) {
    for (const char* pattern : {"duration_ms={ms:d}", "elapsed_ms={ms:d}", "latency_ms={ms:d}", "took {ms:d}ms",
                                "in {ms:d}ms", "{ms:d} ms"}) {
      if (auto hit = match(one, pattern)) {
        std::int64_t value = std::strtoll((*hit)["ms"].substr(0, 9).c_str(), nullptr, 10);
        if (value > longest && (at.probe.type != "httpGet" || contains(one, endpoint_of(at)) || line.empty())) {
          longest = value;
          line = one;
        }
      }
    }
  }
  auto cpu = kube::limit(at.container.spec, "cpu");
  bool slow = longest > at.probe.timeout * 1000;
  if (!slow && cpu && cpu->milli() <= small_cpu_milli) {
    slow_start(at, out);
    return;
  }
  Candidate candidate =
      base(at, "probe-timeout-too-short", slow ? 95 : 65, slow ? Confidence::confirmed : Confidence::likely);
  char took[32];
  std::snprintf(took, sizeof took, "%.1f", static_cast<double>(longest) / 1000.0);
  std::int64_t better = std::max<std::int64_t>(at.probe.timeout * 5, longest / 1000 * 2 + 1);
  candidate.values.emplace_back("took", took);
  candidate.values.emplace_back("new_timeout", std::to_string(better));
  candidate.variant = slow ? "" : "unknown";
  if (slow) {
    candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, line));
  }
  candidate.fixes.push_back(patch_owner(at.patient, {{at.probe.node.has("timeoutSeconds") ? "replace" : "add",
                                                      pointer(at, "timeoutSeconds"), std::to_string(better)}}));
  out.push_back(std::move(candidate));
}

void classify(const Probing& at, std::vector<Candidate>& out) {
  const std::string& text = at.failing.text;
  std::string low = lower(text);
  if (contains_any(low, {"executable file not found", "no such file or directory"}) &&
      (at.failing.errored || contains(low, "exec"))) {
    Candidate candidate = base(at, "probe-command-missing", 100, Confidence::confirmed);
    auto hit = match(text, "exec: \"{program:q}\"");
    candidate.values.emplace_back("program",
                                  hit ? (*hit)["program"] : endpoint_of(at).substr(0, endpoint_of(at).find(' ')));
    std::string port = declared_ports(at.container);
    candidate.values.emplace_back("ports", port);
    out.push_back(std::move(candidate));
    return;
  }
  if (auto name = match(text, "strconv.atoi: parsing \"{name:q}\"")) {
    named_port(at, (*name)["name"], out);
    return;
  }
  if (auto name = match(text, "port {name:w} not found")) {
    named_port(at, (*name)["name"], out);
    return;
  }
  if (contains(low, "invalid port number")) {
    named_port(at, at.port_text, out);
    return;
  }
  if (contains_any(low, {"server gave http response to https client", "malformed http response",
                         "client sent an http request to an https server"})) {
    Candidate candidate = base(at, "probe-scheme-mismatch", 97, Confidence::confirmed);
    bool https = contains(low, "https client");
    candidate.variant = https ? "" : "tls";
    candidate.fixes.push_back(
        patch_owner(at.patient, {{at.probe.handler.has("scheme") ? "replace" : "add", pointer(at, "httpGet/scheme"),
                                  https ? "\"HTTP\"" : "\"HTTPS\""}}));
    out.push_back(std::move(candidate));
    return;
  }
  if (at.probe.type == "grpc") {
    if (contains(low, "service unhealthy")) {
      server_error(at, out);
      return;
    }
    if (contains(low, "does not implement the grpc health") || (at.listening.port == at.port && at.port != 0) ||
        contains(low, "connection closed before server preface")) {
      Candidate candidate = base(at, "probe-grpc-on-http-port", 96, Confidence::confirmed);
      candidate.variant = contains(low, "does not implement") ? "unimplemented" : "";
      if (at.listening.port != 0) {
        candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, at.listening.line));
      }
      std::string port = std::to_string(at.port);
      candidate.fixes.push_back(
          patch_owner(at.patient, {{"replace", pointer_of(at.container.spec_path) + "/" + at.failing.field,
                                    "{\"httpGet\":{\"path\":\"/healthz\",\"port\":" + port +
                                        "},\"periodSeconds\":" + std::to_string(at.probe.period) + "}"}}));
      out.push_back(std::move(candidate));
      return;
    }
    if (contains_any(low, {"failed to connect service", "connection refused"})) {
      refused(at, out);
    }
    return;
  }
  if (auto status = match(text, "statuscode: {code:d}")) {
    std::string code = (*status)["code"];
    if (code == "404" || code == "405" || code == "410") {
      wrong_path(at, code, out);
    } else if (code == "401" || code == "403") {
      Candidate candidate = base(at, "probe-unauthorized", 92, Confidence::confirmed);
      candidate.values.emplace_back("status", code);
      out.push_back(std::move(candidate));
    } else if (code == "400" && at.probe.handler["scheme"].string("HTTP") == "HTTP" &&
               (at.port == 443 || at.port == 8443 || at.port == 6443)) {
      Candidate candidate = base(at, "probe-scheme-mismatch", 85, Confidence::likely);
      candidate.variant = "tls";
      out.push_back(std::move(candidate));
    } else {
      server_error(at, out);
    }
    return;
  }
  if (contains_any(low, {"connection refused", "connection reset", ": eof"})) {
    refused(at, out);
    return;
  }
  if (contains_any(low, {"no route to host", "while waiting for connection", "network is unreachable"}) ||
      (contains(low, "i/o timeout") && contains(low, "dial tcp"))) {
    Candidate candidate = base(at, "probe-blocked", 70, Confidence::likely);
    std::string policies = join(names_in(at.patient, "networkpolicies", at.patient.namespace_), ", ");
    candidate.values.emplace_back("policies", policies.empty() ? "-" : policies);
    out.push_back(std::move(candidate));
    return;
  }
  if (contains_any(
          low, {"deadline exceeded", "client.timeout", "timed out", "did not complete within", "request canceled"})) {
    timed_out(at, out);
    return;
  }
  if (contains(low, "stopped after 10 redirects")) {
    out.push_back(base(at, "probe-redirects", 85, Confidence::confirmed));
    return;
  }
  if (at.probe.type == "exec") {
    Candidate candidate = base(at, "probe-command-fails", 60, Confidence::confirmed);
    out.push_back(std::move(candidate));
  }
}

// Text that has an event of a probe and not the probe itself: what was asked is not known, the answer is.
void by_answer(Patient& patient, const ContainerFacts& container, const Failing& failing, const std::string& killed,
               std::vector<Candidate>& out) {
  constexpr seconds lately{300};
  auto status = match(failing.text, "statuscode: {code:d}");
  bool readiness = failing.type == "readiness";
  bool current = failing.event->time && patient.cluster.now() - *failing.event->time <= lately;
  if (!status || !current || patient.pod["metadata"].has("uid") || (!readiness && killed != failing.type)) {
    return;
  }
  std::string code = (*status)["code"];
  Candidate candidate;
  if (code == "404") {
    candidate.cause = readiness ? "readiness-probe-wrong-path" : "liveness-probe-wrong-path";
  } else if (code.starts_with('5')) {
    candidate.cause = readiness ? "readiness-reports-unready" : "liveness-reports-unhealthy";
  } else {
    return;
  }
  candidate.variant = "untold";
  candidate.stage = killed.empty() ? Stage::readiness : Stage::kill;
  candidate.specificity = 60;
  candidate.confidence = Confidence::likely;
  candidate.container = container.name;
  candidate.values = {
      {"container", std::string(container.name)}, {"probe", failing.type}, {"status", code}, {"hint", ""}};
  candidate.evidence.push_back(event_evidence(*failing.event));
  out.push_back(std::move(candidate));
}

void readiness_gates(Patient& patient, std::vector<Candidate>& out) {
  for (Node gate : patient.pod["spec"]["readinessGates"].items()) {
    std::string type(gate["conditionType"].string());
    Node state = condition(patient.pod, type);
    if (state["status"].string() == "True" || !condition_is(patient.pod, "ContainersReady", "True")) {
      continue;
    }
    Candidate candidate;
    candidate.cause = "readiness-gate-unset";
    candidate.variant = state ? "false" : "";
    candidate.stage = Stage::readiness;
    candidate.confidence = Confidence::confirmed;
    candidate.specificity = 100;
    candidate.path = "spec.readinessGates";
    candidate.values = {{"gate", type},
                        {"pod", std::string(name_of(patient.pod))},
                        {"status", std::string(state["status"].string())},
                        {"message", shown(state["message"].string(), 200)}};
    candidate.evidence.push_back(pod_field(patient, "spec.readinessGates"));
    Node ready = condition(patient.pod, "Ready");
    candidate.evidence.push_back(
        field_evidence(patient.pod, "status.conditions[Ready]",
                       std::string(ready["reason"].string()) + ": " + ready["message"].text()));
    out.push_back(std::move(candidate));
  }
}

}  // namespace

void diagnose_probes(Patient& patient, std::vector<Candidate>& out) {
  if (!patient.pod || patient.pod["metadata"].has("deletionTimestamp") ||
      patient.pod["status"]["reason"].string() == "Evicted") {
    return;
  }
  readiness_gates(patient, out);
  auto events = events_of(patient.cluster, patient.pod);
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    if (container.is_init()) {
      continue;
    }
    std::string killed = killed_by(events, container);
    const Termination* ended = container.latest();
    bool crashed = ended != nullptr && ended->exit_code != 0 && killed.empty();
    if (crashed || (container.ready && killed.empty() && container.restarts == 0)) {
      continue;  // its exit is the fault, and a probe that fails meanwhile a symptom; or all is well now
    }
    std::vector<Candidate> found;
    for (const Failing& failing : failing_probes(events, container)) {
      auto probe = kube::probe(container.spec, failing.field);
      if (!probe && !container.ready) {
        by_answer(patient, container, failing, killed, found);
      }
      if (!probe || (!killed.empty() && failing.type == "readiness" && killed != "readiness" && !failing.errored)) {
        continue;
      }
      if (failing.type == "readiness" && container.ready) {
        continue;
      }
      if ((failing.type == "liveness" || failing.type == "startup") && killed != failing.type && !failing.errored) {
        // Failures that have not led to a kill yet: the first seconds of a start.
        if (!killed.empty() || container.ready) {
          continue;
        }
      }
      Probing at{patient,
                 container,
                 failing,
                 *probe,
                 killed.empty() ? current_log(patient, container) : last_run_log(patient, container),
                 {},
                 killed,
                 "",
                 0};
      at.listening = listening_in(at.log);
      Node port = probe->handler["port"];
      at.port = kube::resolve_port(container.spec, port).value_or(0);
      at.port_text = at.port > 0 ? std::to_string(at.port) : port.text();
      classify(at, found);
    }
    if (killed.empty()) {
      // A probe that keeps a running container unready comes before one that merely has failed.
      std::stable_sort(found.begin(), found.end(),
                       [](const Candidate& a, const Candidate& b) { return a.specificity > b.specificity; });
    }
    out.insert(out.end(), found.begin(), found.end());
  }
}

}  // namespace podcheck::live
