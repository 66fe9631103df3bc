// Placed, and refused by the node's kubelet: the pod is Failed before any container was made.
// (pkg/kubelet/lifecycle, cm/topologymanager, cm/cpumanager, sysctl)
#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/patch.hpp"
#include "live/target.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

struct Refusal {
  std::string_view reason;
  std::string_view cause;
};

constexpr Refusal refusals[] = {
    {"NodeAffinity", "kubelet-admission-affinity"},
    {"NodeSelectorMismatching", "kubelet-admission-affinity"},
    {"MatchNodeSelector", "kubelet-admission-affinity"},
    {"NodeName", "kubelet-admission-affinity"},
    {"NodePorts", "kubelet-admission-ports"},
    {"TaintToleration", "kubelet-admission-taint"},
    {"NodeUnschedulable", "kubelet-admission-taint"},
    {"PodOSSelectorNodeLabelDoesNotMatch", "kubelet-admission-os"},
    {"PodOSNotSupported", "kubelet-admission-os"},
    {"InitContainerRestartPolicyForbidden", "kubelet-admission-feature"},
    {"SupplementalGroupsPolicyNotSupported", "kubelet-admission-feature"},
    {"PodFeatureUnsupported", "kubelet-admission-feature"},
    {"PodLevelResourcesNotSupported", "kubelet-admission-feature"},
    {"AppArmor", "kubelet-admission-apparmor"},
    {"NoNewPrivs", "kubelet-admission-feature"},
    {"ProcMount", "kubelet-admission-feature"},
    {"UnexpectedAdmissionError", "kubelet-admission-device"},
    {"InvalidNodeInfo", "kubelet-admission-error"},
    {"UnknownReason", "kubelet-admission-error"},
    {"UnexpectedPredicateFailureType", "kubelet-admission-error"},
    {"SysctlForbidden", "sysctl-forbidden"},
    {"TopologyAffinityError", "topology-alignment"},
    {"SMTAlignmentError", "topology-alignment"},
    {"EmptyPodSharedPoolError", "topology-alignment"},
    {"VolumeAttachmentLimitExceeded", "kubelet-admission-volumes"},
    {"NodeShutdown", "node-shutdown"},
};

// Refused pods stay as records; where their owner has newer ones that run, nothing is wrong any more.
bool is_leftover(Patient& patient) {
  if (!patient.owner) {
    return false;
  }
  for (Node pod : pods_of(patient.cluster, patient.owner)) {
    if (name_of(pod) != name_of(patient.pod) && condition_is(pod, "Ready", "True")) {
      return true;
    }
  }
  return false;
}

std::string in_units(const std::string& resource, const std::string& amount) {
  return resource == "cpu" && !amount.empty() ? amount + "m" : amount;
}

void resources(Patient& patient, Candidate& out, const std::string& message) {
  auto hit = match(message, "resource: {resource}, requested: {requested:d}, used: {used:d}, capacity: {capacity:d}");
  if (hit) {
    std::string resource = (*hit)["resource"];
    set(out, "resource", resource);
    for (const char* name : {"requested", "used", "capacity"}) {
      set(out, name, in_units(resource, (*hit)[name]));
    }
  } else {
    out.variant = "no-numbers";
  }
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    prove(out, patient.pod, container.spec_path + ".resources.requests");
  }
}

// Labels that the pod wants and the node lacks, as it is now.
void affinity(Patient& patient, Candidate& out) {
  Node node = patient.cluster.get("nodes", "", patient.pod["spec"]["nodeName"].string());
  std::string differences;
  for (const document::Member& wanted : patient.pod["spec"]["nodeSelector"].members()) {
    Node label = node["metadata"]["labels"][wanted.key];
    if (node && label.text() != wanted.value.text()) {
      differences += (differences.empty() ? "" : ", ") + std::string(wanted.key) + "=" + wanted.value.text() + " (" +
                     (label ? std::string(wanted.key) + "=" + label.text() : "-") + ")";
      out.evidence.push_back(
          field_evidence(node, "metadata.labels", std::string(wanted.key) + (label ? "=" + label.text() : ": -")));
    }
  }
  set(out, "wanted", differences);
  if (differences.empty()) {
    out.variant = "now-matching";
  }
  prove(out, patient.pod, "spec.nodeSelector");
  prove(out, patient.pod, "spec.affinity.nodeAffinity");
}

}  // namespace

void diagnose_admission(Patient& patient, std::vector<Candidate>& out) {
  Node pod = patient.pod;
  if (!pod || pod["status"]["phase"].string() != "Failed") {
    return;
  }
  std::string reason(pod["status"]["reason"].string());
  std::string message(pod["status"]["message"].string());
  auto events = events_of(patient.cluster, pod);
  std::string cause;
  for (const Refusal& refusal : refusals) {
    if (reason == refusal.reason) {
      cause = refusal.cause;
    }
  }
  if (reason.starts_with("OutOf")) {
    cause = "kubelet-admission-resources";
  }
  if (cause.empty()) {
    return;
  }
  const EventFacts* event = newest(events, reason);
  if (message.empty() && event != nullptr) {
    message = event->message;
  }
  Candidate one = candidate_for(patient, cause, Stage::admission, Confidence::confirmed, 95);
  set(one, "reason", reason);
  set(one, "detail", shown(message, 300));
  leave_blank(one, {"resource", "requested", "used", "capacity", "wanted", "sysctl"});
  if (event != nullptr) {
    one.evidence.push_back(event_evidence(*event));
  }
  one.evidence.push_back(field_evidence(pod, "status", shown(reason + ": " + message, 300)));
  if (cause == "kubelet-admission-resources") {
    resources(patient, one, message);
  } else if (cause == "kubelet-admission-affinity") {
    affinity(patient, one);
  } else if (cause == "sysctl-forbidden") {
    auto hit = match(message, "forbidden sysctl: \"{sysctl:q}\"");
    set(one, "sysctl", hit ? (*hit)["sysctl"] : "");
    prove(one, pod, "spec.securityContext.sysctls");
  } else if (cause == "kubelet-admission-os") {
    Node node = patient.cluster.get("nodes", "", pod["spec"]["nodeName"].string());
    prove(one, pod, "spec.os.name");
    prove(one, pod, "spec.nodeSelector");
    prove(one, node, "status.nodeInfo.operatingSystem");
  } else if (cause == "kubelet-admission-feature") {
    prove(one, patient.cluster.get("nodes", "", pod["spec"]["nodeName"].string()), "status.nodeInfo.kubeletVersion");
  } else if (cause == "kubelet-admission-device") {
    add_agents(patient, one, pod["spec"]["nodeName"].string(), {"device-plugin", "gpu", "nvidia", "device"});
  }
  // A scheduler that had placed it would have said so: without its event the pod named its node itself.
  bool placed = newest(events, "Scheduled") != nullptr;
  bool bypassed = !placed && !patient.owner && !events.empty();
  set(one, "how",
      patient.catalogue.say(bypassed ? "live.admission.node_name" : "live.admission.scheduled",
                            {{"node", std::string(pod["spec"]["nodeName"].string())}}));
  prove(one, pod, "spec.nodeName");
  if (is_leftover(patient)) {
    one.role = finding::Role::contributing;
  }
  out.push_back(std::move(one));
}

}  // namespace podcheck::live
