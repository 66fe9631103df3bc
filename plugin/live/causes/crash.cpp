// Containers that end by themselves.
#include "kube/effective.hpp"
#include "live/causes/exit.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

// Runs well again: its last end is another container's background, not this pod's trouble.
bool is_over(Patient& patient, const ContainerFacts& container) {
  if (!container.running || !container.ready || !container.running_since) {
    return false;
  }
  auto run = patient.cluster.now() - *container.running_since;
  const Termination* ended = container.latest();
  auto before = ended != nullptr ? ended->duration().value_or(std::chrono::seconds(0)) : std::chrono::seconds(0);
  return run > std::chrono::seconds(60) && run > 2 * before;
}

void finished_well(Patient& patient, const ContainerFacts& container, std::vector<Candidate>& out) {
  bool restarted = container.restarts > 0 || container.waiting_reason == "CrashLoopBackOff";
  if (kube::restart_policy(patient.pod["spec"]) != "Always" || !restarted) {
    return;
  }
  const Termination* ended = container.latest();
  Candidate candidate;
  candidate.cause = "one-shot-in-deployment";
  candidate.stage = Stage::crash;
  candidate.confidence = Confidence::confirmed;
  candidate.specificity = 90;
  candidate.container = container.name;
  candidate.path = container.spec_path + ".command";
  candidate.values = {{"container", std::string(container.name)},
                      {"owner", patient.owner ? label_of(patient.owner) : label_of(patient.pod)},
                      {"restarts", std::to_string(container.restarts)},
                      {"ran", ran_for(patient, *ended)}};
  candidate.evidence.push_back(termination_evidence(patient.pod, container));
  RunLog log = last_run_log(patient, container);
  if (!log.empty()) {
    candidate.evidence.push_back(log_evidence(container.name, log.previous, log.lines.back()));
  } else if (log.readable) {
    candidate.variant = "silent";  // nothing was run at all: a shell without input, a base image
  }
  out.push_back(std::move(candidate));
}

}  // namespace

void diagnose_crash(Patient& patient, std::vector<Candidate>& out) {
  if (!patient.pod || patient.pod["status"]["reason"].string() == "Evicted" ||
      patient.pod["metadata"].has("deletionTimestamp")) {
    return;
  }
  auto events = events_of(patient.cluster, patient.pod);
  bool bare = patient.pod["metadata"]["ownerReferences"].size() == 0 &&
              kube::restart_policy(patient.pod["spec"]) == "Never" &&
              patient.pod["status"]["phase"].string() == "Failed";
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    const Termination* ended = container.latest();
    if (container.role != kube::ContainerRole::app || is_over(patient, container) ||
        !killed_by(events, container).empty()) {
      continue;
    }
    if (ended != nullptr && ended->exit_code == 0) {
      if (ended->reason != "OOMKilled") {
        finished_well(patient, container, out);
      }
      continue;
    }
    auto candidate = explain_exit(patient, container);
    if (!candidate) {
      continue;
    }
    if (bare && ended != nullptr) {
      finding::Finding inner = patient.catalogue.cause_finding(candidate->cause, candidate->values, candidate->variant);
      Candidate whole = *candidate;
      whole.cause = "failed-pod-not-restarted";
      whole.variant.clear();
      whole.specificity = 100;
      whole.confidence = Confidence::confirmed;
      whole.values = {{"container", std::string(container.name)},
                      {"pod", std::string(name_of(patient.pod))},
                      {"with_code", with_code(patient, ended)},
                      {"reason", inner.message}};
      whole.evidence.push_back(pod_field(patient, "spec.restartPolicy"));
      whole.fixes.clear();
      whole.supersedes.push_back(candidate->cause);
      candidate->role = finding::Role::contributing;
      out.push_back(std::move(whole));
    }
    out.push_back(std::move(*candidate));
  }
}

}  // namespace podcheck::live
