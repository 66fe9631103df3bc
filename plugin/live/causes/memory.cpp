// Memory: limits that are reached, limits that are a slip of the unit, children that are killed unseen.
#include "kube/effective.hpp"
#include "live/causes/exit.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/target.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

constexpr std::int64_t mebibyte = 1 << 20;

// Twice the limit, in whole mebibytes: room to find out what is needed.
std::string twice(const kube::Quantity& limit) {
  return std::to_string(limit.times(2).units() / mebibyte) + "Mi";
}

void limit_reached(Patient& patient, const ContainerFacts& container, std::vector<Candidate>& out) {
  const Termination* ended = container.latest();
  Candidate candidate;
  candidate.cause = "oom-killed";
  candidate.stage = Stage::crash;
  candidate.confidence = Confidence::confirmed;
  candidate.specificity = 100;
  candidate.container = container.name;
  candidate.path = container.spec_path + ".resources.limits.memory";
  auto limit = kube::limit(container.spec, "memory");
  std::string limit_text(container.spec.node["resources"]["limits"]["memory"].text());
  if (limit && limit->units() < mebibyte) {
    return;  // a unit mistake, below
  }
  // Of a row of "get pods", or a few lines of a description, nobody knows what the limits are.
  bool told = container.spec.node.has("image");
  candidate.variant = !limit && !told ? "untold" : !limit ? "no-limit" : ended->exit_code != 137 ? "child" : "";
  candidate.values = {{"container", std::string(container.name)},
                      {"limit", limit_text},
                      {"code", std::to_string(ended->exit_code)},
                      {"with_code", with_code(patient, ended)},
                      {"restarts", std::to_string(container.restarts)},
                      {"seconds", std::to_string(ended->duration().value_or(std::chrono::seconds(0)).count())},
                      {"more", limit ? twice(*limit) : ""}};
  candidate.evidence.push_back(termination_evidence(patient.pod, container));
  if (limit) {
    candidate.evidence.push_back(pod_field(patient, container.spec_path + ".resources.limits"));
    candidate.fixes.push_back(
        patch_owner(patient, {{"replace", pointer_of(candidate.path), json_string(twice(*limit))}}));
  }
  RunLog log = last_run_log(patient, container);
  if (!log.empty()) {
    candidate.evidence.push_back(log_evidence(container.name, log.previous, log.lines.back()));
  }
  candidate.supersedes = {"application-error", "liveness-kills-slow-start", "crash-without-logs"};
  out.push_back(std::move(candidate));
}

// 128m is 0.128 bytes; a bare 512 is bytes. No process fits, often not even the sandbox or the token volume.
void unit_mistakes(Patient& patient, std::vector<Candidate>& out) {
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    for (const char* list : {"limits", "requests"}) {
      Node value = container.spec.node["resources"][list]["memory"];
      auto quantity = kube::quantity_of(value);
      if (!quantity || quantity->units() >= mebibyte || quantity->is_zero() || std::string_view(list) == "requests") {
        continue;
      }
      if (container.ready) {
        continue;
      }
      std::string text = value.text();
      std::string digits = text.substr(0, text.find_first_not_of("0123456789."));
      Candidate candidate;
      candidate.cause = "memory-unit-mistake";
      candidate.stage = Stage::sandbox;
      candidate.confidence = Confidence::confirmed;
      candidate.specificity = 100;
      candidate.container = container.name;
      candidate.path = container.spec_path + ".resources." + list + ".memory";
      candidate.values = {
          {"container", std::string(container.name)}, {"limit", text}, {"better", digits + "Mi"}, {"resource", list}};
      candidate.evidence.push_back(pod_field(patient, candidate.path));
      auto events = events_of(patient.cluster, patient.pod);
      for (auto event = events.rbegin(); event != events.rend() && candidate.evidence.size() < 4; ++event) {
        if (event->warning) {
          candidate.evidence.push_back(event_evidence(*event));
        }
      }
      candidate.supersedes = {"oom-killed", "memory-limit-below-runtime", "application-error", "image-disk-full",
                              "sandbox-creation-failed"};
      candidate.fixes.push_back(
          patch_owner(patient, {{"replace", pointer_of(candidate.path), json_string(digits + "Mi")}}));
      out.push_back(std::move(candidate));
      return;
    }
  }
}

// Children that the kernel kills while the container itself lives on: no restart, no event; only the log tells.
void killed_children(Patient& patient, Node pod, std::vector<Candidate>& out) {
  Patient of_pod{patient.cluster, patient.catalogue, pod, patient.owner, patient.namespace_, patient.depth};
  for (const ContainerFacts& container : containers_of(pod)) {
    if (!container.running || !container.spec.node["resources"]["limits"]["memory"]) {
      continue;
    }
    RunLog log = current_log(of_pod, container);
    int count = 0;
    std::string last;
    for (const std::string& line : log.lines) {
      std::string low = lower(line);
      bool killed = contains_any(low, {"killed by signal 9", "signal: killed", "was sent sigkill",
                                       "terminated by signal 9", "exited on signal 9", "killed by sigkill"});
      if (killed && level_of(line) != "debug") {
        ++count;
        last = line;
      }
    }
    if (count == 0) {
      continue;
    }
    Candidate candidate;
    candidate.cause = "child-process-oom";
    candidate.stage = Stage::crash;
    candidate.confidence = Confidence::likely;
    candidate.specificity = 85;
    candidate.container = container.name;
    candidate.path = container.spec_path + ".resources.limits.memory";
    auto limit = kube::limit(container.spec, "memory");
    candidate.values = {{"container", std::string(container.name)},
                        {"limit", container.spec.node["resources"]["limits"]["memory"].text()},
                        {"count", std::to_string(count)},
                        {"line", shown(last, 240)},
                        {"more", limit ? twice(*limit) : ""}};
    finding::Evidence proof = log_evidence(container.name, log.previous, last);
    proof.count = count;
    candidate.evidence.push_back(proof);
    candidate.evidence.push_back(pod_field(of_pod, container.spec_path + ".resources.limits"));
    candidate.evidence.push_back(
        field_evidence(pod, container.status_path + ".restartCount", std::to_string(container.restarts)));
    if (limit) {
      candidate.fixes.push_back(
          patch_owner(of_pod, {{"replace", pointer_of(candidate.path), json_string(twice(*limit))}}));
    }
    out.push_back(std::move(candidate));
    return;
  }
}

}  // namespace

void diagnose_memory(Patient& patient, std::vector<Candidate>& out) {
  if (!patient.pod) {
    if (patient.requested && patient.owner) {
      std::vector<Node> pods = pods_of(patient.cluster, patient.owner);
      if (!pods.empty() && condition_is(pods.front(), "Ready", "True")) {
        killed_children(patient, pods.front(), out);
      }
    }
    return;
  }
  if (patient.pod["status"]["reason"].string() == "Evicted") {
    return;
  }
  unit_mistakes(patient, out);
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    const Termination* ended = container.latest();
    if (ended != nullptr && ended->reason == "OOMKilled" && (!container.is_init() || !container.ready)) {
      limit_reached(patient, container, out);
    }
  }
  if (patient.requested) {
    killed_children(patient, patient.pod, out);
  }
}

}  // namespace podcheck::live
