#include "live/causes/probing.hpp"

#include <cstdlib>

#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

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

namespace {

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

}  // namespace

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

bool speaks_tls(const Probing& at) {
  for (const kube::Port& port : kube::ports(at.container.spec)) {
    if (port.number == at.port && contains_any(lower(port.name), {"https", "tls", "ssl"})) {
      return true;
    }
  }
  if (contains_any(lower(at.listening.line), {"https", "ssl", "tls"})) {
    return true;
  }
  for (const std::string& line : at.log.lines) {
    if (contains_any(lower(line), {"client sent an http request to an https server", "tls handshake error",
                                   "plain http request was sent to https port", "wrong version number",
                                   "http request to https server"})) {
      return true;
    }
  }
  return at.port == 443 || at.port == 8443 || at.port == 6443;
}

Candidate probe_candidate(const Probing& at, const char* cause, int specificity, Confidence confidence) {
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

std::string probe_pointer(const Probing& at, const std::string& rest) {
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

}  // namespace podcheck::live
