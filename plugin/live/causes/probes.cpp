// Probes: what they asked, what came back, and how long the application needs.
#include <algorithm>
#include <map>

#include "live/causes/exit.hpp"
#include "live/causes/probing.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;
using std::chrono::seconds;

namespace {

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

// The program that the runtime, or the shell of the probe, does not find; empty when that is not the trouble.
std::string missing_program(const Probing& at) {
  const std::string& text = at.failing.text;
  std::string low = lower(text);
  std::string first = endpoint_of(at).substr(0, endpoint_of(at).find(' '));
  if (contains_any(low, {"executable file", "no such file or directory"}) &&
      (at.failing.errored || contains(low, "exec"))) {
    auto hit = match(text, "exec: \"{program:q}\"");
    hit = hit ? hit : match(text, "executable file `{program:q}`");
    return hit ? (*hit)["program"] : first;
  }
  if (at.probe.type != "exec") {
    return {};
  }
  for (const char* pattern : {"sh: {line:d}: {program:p}: not found", "sh: {program:p}: not found",
                              "line {line:d}: {program:p}: command not found", "{program:p}: command not found",
                              "line {line:d}: {program:p}: not found"}) {
    if (auto hit = match(text, pattern)) {
      return (*hit)["program"];
    }
  }
  return {};
}

void classify(const Probing& at, std::vector<Candidate>& out) {
  const std::string& text = at.failing.text;
  std::string low = lower(text);
  if (std::string program = missing_program(at); !program.empty()) {
    Candidate candidate = probe_candidate(at, "probe-command-missing", 100, Confidence::confirmed);
    candidate.values.emplace_back("program", program);
    std::string port = declared_ports(at.container);
    candidate.values.emplace_back("ports", port);
    out.push_back(std::move(candidate));
    return;
  }
  if (auto name = match(text, "strconv.atoi: parsing \"{name:q}\"")) {
    named_port_missing(at, (*name)["name"], out);
    return;
  }
  if (auto name = match(text, "port {name:w} not found")) {
    named_port_missing(at, (*name)["name"], out);
    return;
  }
  if (contains(low, "invalid port number")) {
    named_port_missing(at, at.port_text, out);
    return;
  }
  if (contains_any(low, {"server gave http response to https client", "malformed http response",
                         "client sent an http request to an https server"})) {
    wrong_scheme(at, contains(low, "https client"), Confidence::confirmed, out);
    return;
  }
  if (at.probe.type == "grpc") {
    if (contains(low, "service_unknown")) {
      grpc_health_missing(at, "service", out);
      return;
    }
    if (contains(low, "service unhealthy")) {
      server_error(at, out);
      return;
    }
    if (contains(low, "does not implement the grpc health")) {
      grpc_health_missing(at, "unimplemented", out);
      return;
    }
    if ((at.listening.port == at.port && at.port != 0) || contains(low, "connection closed before server preface")) {
      Candidate candidate = probe_candidate(at, "probe-grpc-on-http-port", 96, Confidence::confirmed);
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
      connection_refused(at, out);
    }
    return;
  }
  if (auto status = match(text, "statuscode: {code:d}")) {
    std::string code = (*status)["code"];
    if (code == "404" || code == "405" || code == "410") {
      wrong_path(at, code, out);
    } else if (code == "401" || code == "403") {
      Candidate candidate = probe_candidate(at, "probe-unauthorized", 92, Confidence::confirmed);
      candidate.values.emplace_back("status", code);
      out.push_back(std::move(candidate));
    } else if (code == "400" && at.probe.handler["scheme"].string("HTTP") == "HTTP" && speaks_tls(at)) {
      wrong_scheme(at, false, Confidence::likely, out);
    } else {
      server_error(at, out);
    }
    return;
  }
  bool cut_off = contains_any(low, {"connection reset", ": eof"});
  if (cut_off && at.probe.type == "httpGet" && at.probe.handler["scheme"].string("HTTP") == "HTTP" && speaks_tls(at)) {
    wrong_scheme(at, false, Confidence::likely, out);
    return;
  }
  if (cut_off || contains(low, "connection refused")) {
    connection_refused(at, out);
    return;
  }
  if (contains_any(low, {"no route to host", "while waiting for connection", "network is unreachable"}) ||
      (contains(low, "i/o timeout") && contains(low, "dial tcp"))) {
    Candidate candidate = probe_candidate(at, "probe-blocked", 70, Confidence::likely);
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
    out.push_back(probe_candidate(at, "probe-redirects", 85, Confidence::confirmed));
    return;
  }
  if (at.probe.type == "exec") {
    Candidate candidate = probe_candidate(at, "probe-command-fails", 60, Confidence::confirmed);
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
