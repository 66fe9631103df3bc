// Lifecycle hooks. Since 1.26 the event says no more than "PostStartHook failed"; the waiting state and the hook itself
// tell the rest.
#include "live/causes/exit.hpp"
#include "live/causes/table.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;

namespace {

std::string hook_text(Node hook) {
  std::string text;
  for (Node word : hook["exec"]["command"].items()) {
    text += (text.empty() ? "" : " ") + word.text();
  }
  if (Node http = hook["httpGet"]) {
    text = "GET " + std::string(http["path"].string("/")) + " :" + http["port"].text();
  }
  return text;
}

}  // namespace

void diagnose_hooks(Patient& patient, std::vector<Candidate>& out) {
  if (!patient.pod) {
    return;
  }
  auto events = events_of(patient.cluster, patient.pod);
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    const EventFacts* event = newest(events, "FailedPostStartHook", "", container.name);
    bool waits = container.waiting_reason == "PostStartHookError";
    Node hook = container.spec.node["lifecycle"]["postStart"];
    bool held = event != nullptr && hook && !container.ready;
    if (!waits && !held) {
      continue;
    }
    Candidate candidate;
    candidate.cause = "poststart-hook-failed";
    candidate.stage = Stage::start;
    candidate.confidence = finding::Confidence::confirmed;
    candidate.specificity = 95;
    candidate.container = container.name;
    candidate.path = container.spec_path + ".lifecycle.postStart";
    std::string output;
    for (const std::string& text :
         {waits ? container.waiting_message : std::string(), event != nullptr ? event->message : std::string()}) {
      if (auto told = match(text, "exited with {code:d}: {output}"); told && output.empty()) {
        output = (*told)["output"];
        if (std::size_t end = output.find(", message:"); end != std::string::npos) {
          output.resize(end);
        }
      } else if (auto message = match(text, "message: \"{output}\""); message && output.empty()) {
        output = (*message)["output"];
      }
    }
    candidate.variant = output.empty() ? "" : "output";
    candidate.values = {{"container", std::string(container.name)},
                        {"hook", shown(hook_text(hook), 200)},
                        {"output", shown(replace_all(output, "\\n", ""), 200)},
                        {"restarts", std::to_string(container.restarts)}};
    if (event != nullptr) {
      candidate.evidence.push_back(event_evidence(*event));
    }
    if (waits) {
      candidate.evidence.push_back(field_evidence(patient.pod, container.status_path + ".state.waiting",
                                                  "PostStartHookError: " + container.waiting_message));
    }
    candidate.evidence.push_back(pod_field(patient, candidate.path));
    Listening listening = listening_in(last_run_log(patient, container));
    if (listening.port != 0) {
      candidate.evidence.push_back(log_evidence(container.name, false, listening.line));
    }
    candidate.supersedes = {"one-shot-in-deployment", "application-error", "crash-without-logs", "killed-by-signal"};
    out.push_back(std::move(candidate));
  }
}

}  // namespace podcheck::live
