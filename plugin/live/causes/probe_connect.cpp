// Probes that reach nobody: a port that is not served, a loopback address, a start that takes too long.
#include <algorithm>

#include "live/causes/probing.hpp"
#include "live/dependencies.hpp"
#include "live/health.hpp"
#include "live/patch.hpp"
#include "live/settings_of.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;
using std::chrono::seconds;

void named_port_missing(const Probing& at, const std::string& name, std::vector<Candidate>& out) {
  Candidate candidate = probe_candidate(at, "probe-named-port-missing", 100, Confidence::confirmed);
  std::vector<std::string> names;
  for (const kube::Port& port : kube::ports(at.container.spec)) {
    names.emplace_back(port.name);
  }
  candidate.values.emplace_back("name", name);
  candidate.values.emplace_back("ports", declared_ports(at.container));
  candidate.evidence.push_back(pod_field(at.patient, at.container.spec_path + ".ports"));
  if (names.size() == 1) {
    candidate.fixes.push_back(patch_owner(
        at.patient,
        {{"replace", probe_pointer(at, std::string(at.probe.type) + "/port"), json_string(names.front())}}));
  }
  out.push_back(std::move(candidate));
}

namespace {

void wrong_port(const Probing& at, const std::string& right, std::vector<Candidate>& out) {
  bool liveness = at.failing.type != "readiness";
  Candidate candidate = probe_candidate(at, liveness ? "liveness-probe-wrong-port" : "readiness-probe-wrong-port", 98,
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
        patch_owner(at.patient, {{"replace", probe_pointer(at, std::string(at.probe.type) + "/port"), value}}));
  }
  candidate.supersedes = {"liveness-kills-slow-start", "startup-probe-budget", "cpu-limit-too-low",
                          "one-shot-in-deployment", "readiness-probe-refused"};
  out.push_back(std::move(candidate));
}

// No address in the log, but a variable or argument that binds the application to the loopback address.
bool bound_by_setting(const Probing& at, std::vector<Candidate>& out) {
  auto is_loopback = [](const std::string& value) {
    return value == "localhost" || value == "127.0.0.1" || value.starts_with("127.0.0.1:") ||
           value.starts_with("localhost:") || value == "::1";
  };
  auto is_listener = [](std::string_view name) {
    return contains_any(lower(name), {"bind", "listen", "addr", "interface", "server_host", "http_host"}) ||
           lower(name) == "host" || lower(name) == "--host" || name == "-b" || name == "-H";
  };
  std::string path;
  std::string text;
  for (const Variable& one : variables_of(at.patient, at.container)) {
    if (one.known && is_loopback(one.value) && is_listener(one.name)) {
      path = one.path;
      text = one.name + "=" + one.value;
    }
  }
  for (const char* field : {"command", "args"}) {
    std::string before;
    for (Node word : at.container.spec.node[field].items()) {
      std::string argument = word.text();
      std::size_t equals = argument.find('=');
      std::string name = equals == std::string::npos ? before : argument.substr(0, equals);
      std::string value = equals == std::string::npos ? argument : argument.substr(equals + 1);
      if (is_loopback(value) && is_listener(name)) {
        path = at.container.spec_path + "." + field;
        text = equals == std::string::npos ? name + " " + value : argument;
      }
      before = argument;
    }
  }
  if (text.empty()) {
    return false;
  }
  Candidate candidate = probe_candidate(at, "listens-on-localhost", 88, Confidence::likely);
  candidate.variant = "setting";
  candidate.values.emplace_back("address", text);
  candidate.path = path;
  candidate.evidence.push_back(field_evidence(at.patient.pod, path, text));
  candidate.supersedes = {"liveness-kills-slow-start", "startup-probe-budget", "cpu-limit-too-low"};
  out.push_back(std::move(candidate));
  return true;
}

}  // namespace

void slow_start(const Probing& at, std::vector<Candidate>& out) {
  bool startup = at.failing.type == "startup";
  auto cpu = kube::limit(at.container.spec, "cpu");
  Progress progress = progress_in(at.log);
  bool throttled = cpu && cpu->milli() <= small_cpu_milli;
  const char* cause = throttled ? "cpu-limit-too-low" : startup ? "startup-probe-budget" : "liveness-kills-slow-start";
  Candidate candidate =
      probe_candidate(at, cause, throttled ? 80 : 75, progress.advances ? Confidence::confirmed : Confidence::likely);
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

void connection_refused(const Probing& at, std::vector<Candidate>& out) {
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
    Candidate candidate = probe_candidate(at, "listens-on-localhost", 97, Confidence::confirmed);
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
  if (never_listened && bound_by_setting(at, out)) {
    return;
  }
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
    Candidate candidate = probe_candidate(at, "readiness-probe-refused", 50, Confidence::likely);
    if (!at.log.empty()) {
      candidate.evidence.push_back(log_evidence(at.container.name, at.log.previous, at.log.lines.back()));
    }
    out.push_back(std::move(candidate));
  }
}

}  // namespace podcheck::live
