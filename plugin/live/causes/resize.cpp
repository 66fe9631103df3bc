// A resize in place that the node can never serve: the pod runs on with what it had.
#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

void diagnose_resize(Patient& patient, std::vector<Candidate>& out) {
  Node pod = patient.pod;
  Node pending = condition(pod, "PodResizePending");
  bool infeasible = (pending["status"].string() == "True" && pending["reason"].string() == "Infeasible") ||
                    pod["status"]["resize"].string() == "Infeasible";
  if (!pod || !infeasible || pod["metadata"].has("deletionTimestamp")) {
    return;
  }
  Candidate one = candidate_for(patient, "resize-infeasible", Stage::controller, Confidence::confirmed, 80);
  std::string detail = shown(pending["message"].string(), 300);
  set(one, "detail", detail);
  one.variant = detail.empty() ? "no-message" : "";
  prove(one, pod, "status.conditions[PodResizePending]");
  prove(one, pod, "status.resize");
  for (const ContainerFacts& container : containers_of(pod)) {
    prove(one, pod, container.spec_path + ".resources.requests");
    prove(one, pod, container.status_path + ".allocatedResources");
  }
  prove(one, patient.cluster.get("nodes", "", pod["spec"]["nodeName"].string()), "status.allocatable");
  out.push_back(std::move(one));
}

}  // namespace podcheck::live
