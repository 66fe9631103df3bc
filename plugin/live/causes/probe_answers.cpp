// Probes that are answered, but not as they want: errors, unknown paths, answers that come too late.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "live/causes/probing.hpp"
#include "live/dependencies.hpp"
#include "live/health.hpp"
#include "live/patch.hpp"
#include "live/services.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

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
                           "could not connect", "can't connect", "connection reset", " refused"});
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

// A duration in seconds that a line tells: "200 3.412s", "took 2.8 seconds", "duration=1.9"; 0 when it tells none.
double seconds_in(const std::string& line) {
  std::string low = lower(line);
  double longest = 0;
  for (std::size_t i = 0; i < low.size(); ++i) {
    bool digit = low[i] >= '0' && low[i] <= '9';
    bool begins = digit && (i == 0 || std::string_view(" =(:\"").find(low[i - 1]) != std::string_view::npos);
    if (!begins) {
      continue;
    }
    std::size_t end = low.find_first_not_of("0123456789.", i);
    std::string_view unit = end == std::string::npos ? std::string_view() : std::string_view(low).substr(end);
    bool in_seconds = unit.starts_with("s ") || unit == "s" || unit.starts_with("s,") || unit.starts_with("s)") ||
                      unit.starts_with("s\"") || unit.starts_with(" sec") || unit.starts_with("sec");
    bool named =
        i >= 9 && contains_any(low.substr(i - 9, 9), {"duration=", "elapsed=", "latency="}) && unit.substr(0, 1) != "m";
    if (in_seconds || named) {
      longest = std::max(longest, std::strtod(low.substr(i, std::min<std::size_t>(end - i, 12)).c_str(), nullptr));
    }
    i = std::min(end, low.size());
  }
  return longest;
}

// What the application says of its own health: its last warning, or the last line that speaks of the check and is no
// record of a request.
std::string reason_in(const RunLog& log) {
  std::string spoken;
  for (std::size_t i = log.lines.size(); i-- > 0;) {
    const std::string& line = log.lines[i];
    std::string_view level = level_of(line);
    if (level == "warn" || level == "error" || level == "fatal") {
      return line;
    }
    bool request = contains_any(line, {"GET ", "HEAD ", "POST ", "HTTP/"});
    if (spoken.empty() && !request &&
        contains_any(lower(line), {"readiness", "liveness", "health", "not ready", "unready", "not serving"})) {
      spoken = line;
    }
  }
  return spoken;
}

// Another path of the log that looks like a health check: "health on /healthz".
std::string other_path_in(const RunLog& log, const std::string& asked, std::string& line) {
  std::string found;
  for (const std::string& one : log.lines) {
    for (std::size_t at = one.find('/'); at != std::string::npos; at = one.find('/', at + 1)) {
      bool begins = at == 0 || std::string_view(" \"'=(,[").find(one[at - 1]) != std::string_view::npos;
      std::size_t end = one.find_first_of(" \"',;)]?", at);
      std::string path = one.substr(at, std::min(end, one.size()) - at);
      if (begins && path.size() > 1 && path != asked &&
          contains_any(lower(path), {"health", "ready", "live", "ping", "status", "alive"}) &&
          !contains_any(one, {" 404", "=404", ":404"})) {
        found = path;
        line = one;
      }
    }
  }
  return found;
}

}  // namespace

void server_error(const Probing& at, std::vector<Candidate>& out) {
  Dependency dependency;
  RunLog log = at.log;
  std::string line = dependency_line(at.patient, at.container, log, dependency);
  bool liveness = at.failing.type != "readiness";
  std::string status =
      match(at.failing.text, "statuscode: {code:d}") ? (*match(at.failing.text, "statuscode: {code:d}"))["code"] : "";
  if (!line.empty()) {
    Candidate candidate = probe_candidate(at, liveness ? "liveness-depends-on-dependency" : "readiness-dependency-down",
                                          90, Confidence::confirmed);
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
  Candidate candidate = probe_candidate(at, liveness ? "liveness-reports-unhealthy" : "readiness-reports-unready", 70,
                                        liveness ? Confidence::confirmed : Confidence::likely);
  candidate.values.emplace_back("status", status.empty() ? "NOT_SERVING" : status);
  std::string words = reason_in(log);
  candidate.variant = words.empty() ? "" : "logged";
  candidate.values.emplace_back("line", shown(words, 240));
  if (!words.empty()) {
    candidate.evidence.push_back(log_evidence(at.container.name, log.previous, words));
  }
  out.push_back(std::move(candidate));
}

void wrong_path(const Probing& at, const std::string& status, std::vector<Candidate>& out) {
  bool liveness = at.failing.type != "readiness";
  Candidate candidate = probe_candidate(at, liveness ? "liveness-probe-wrong-path" : "readiness-probe-wrong-path", 95,
                                        Confidence::confirmed);
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
  if (better.empty()) {
    std::string line;
    better = other_path_in(at.log, endpoint_of(at), line);
    if (!better.empty()) {
      candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, line));
    }
  }
  candidate.values.emplace_back(
      "hint", better.empty() ? "" : " " + at.patient.catalogue.say("live.hint.path", {{"path", better}}));
  if (!better.empty()) {
    candidate.fixes.push_back(
        patch_owner(at.patient, {{"replace", probe_pointer(at, "httpGet/path"), json_string(better)}}));
  }
  for (std::size_t i = at.log.lines.size(); i-- > 0;) {
    if (contains(at.log.lines[i], endpoint_of(at)) && contains(at.log.lines[i], status)) {
      candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, at.log.lines[i]));
      break;
    }
  }
  out.push_back(std::move(candidate));
}

void wrong_scheme(const Probing& at, bool server_is_plain, Confidence confidence, std::vector<Candidate>& out) {
  Candidate candidate =
      probe_candidate(at, "probe-scheme-mismatch", confidence == Confidence::confirmed ? 97 : 88, confidence);
  candidate.variant = server_is_plain ? "" : "tls";
  if (!at.listening.line.empty()) {
    candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, at.listening.line));
  }
  candidate.fixes.push_back(patch_owner(
      at.patient, {{"replace", probe_pointer(at, "httpGet/scheme"), server_is_plain ? "\"HTTP\"" : "\"HTTPS\""}}));
  out.push_back(std::move(candidate));
}

// The server speaks gRPC, but has no health service, or none by the name that the probe gives.
void grpc_health_missing(const Probing& at, const char* variant, std::vector<Candidate>& out) {
  Candidate candidate = probe_candidate(at, "probe-grpc-on-http-port", 96, Confidence::confirmed);
  candidate.variant = variant;
  candidate.values.emplace_back("service", std::string(at.probe.handler["service"].string()));
  if (std::string_view(variant) == "service") {
    candidate.fixes.push_back(patch_owner(at.patient, {{"remove", probe_pointer(at, "grpc/service"), ""}}));
  } else {
    candidate.fixes.push_back(
        patch_owner(at.patient, {{"add", probe_pointer(at, "tcpSocket"), "{\"port\":" + std::to_string(at.port) + "}"},
                                 {"remove", probe_pointer(at, "grpc"), ""}}));
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
  for (const std::string& one : at.log.lines) {
    double seconds = seconds_in(one);
    if (seconds * 1000 > static_cast<double>(longest) && seconds < 600 &&
        (at.probe.type != "httpGet" || contains(one, endpoint_of(at)))) {
      longest = static_cast<std::int64_t>(seconds * 1000);
      line = one;
    }
  }
  auto cpu = kube::limit(at.container.spec, "cpu");
  bool slow = longest > at.probe.timeout * 1000;
  if (!slow && cpu && cpu->milli() <= small_cpu_milli) {
    slow_start(at, out);
    return;
  }
  Candidate candidate =
      probe_candidate(at, "probe-timeout-too-short", slow ? 95 : 65, slow ? Confidence::confirmed : Confidence::likely);
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
                                                      probe_pointer(at, "timeoutSeconds"), std::to_string(better)}}));
  out.push_back(std::move(candidate));
}

}  // namespace podcheck::live
