// Placed, and without a network or a sandbox: what the runtime, the network plugin and its agent say.
#include <algorithm>

#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

constexpr Wording wordings[] = {
    // First, because why a pull fails is worded like why a network plugin fails.
    {"failed to get sandbox image \"{image:q}\"", "sandbox-image-failed", "", 95},
    {"initializing source docker://{image:w}: ", "sandbox-image-failed", "", 90},
    {"failed pulling image \"{image:q}\"", "sandbox-image-failed", "", 85},
    {"no runtime for \"{handler:q}\" is configured", "runtime-handler-missing", "", 100},
    {"failed to find runtime handler {handler:w}", "runtime-handler-missing", "", 100},
    {"failed to lookup runtimeclass {handler:w}", "runtime-handler-missing", "", 95},
    {"failed to find plugin \"{plugin:q}\" in path", "network-plugin-missing", "", 100},
    {"failed to assign an ip address", "pod-ip-exhausted", "", 100},
    {"no ip addresses available in range set: {detail}", "pod-ip-exhausted", "", 100},
    {"no more free affine blocks", "pod-ip-exhausted", "", 95},
    {"no available ips", "pod-ip-exhausted", "", 95},
    {"no available addresses", "pod-ip-exhausted", "", 95},
    {"range is full", "pod-ip-exhausted", "", 95},
    {"not enough available ip addresses", "pod-ip-exhausted", "", 95},
    {"open /run/flannel/subnet.env: no such file", "network-agent-down", "", 95},
    {"stat /var/lib/calico/nodename: no such file", "network-agent-down", "", 95},
    {"unable to connect to cilium agent", "network-agent-down", "", 95},
    {"cilium.sock", "network-agent-down", "", 95},
    {"cilium api client timeout exceeded", "network-agent-down", "", 90},
    {"failed to connect to backend server", "network-agent-down", "", 90},
    {"127.0.0.1:50051: connect: connection refused", "network-agent-down", "", 95},
    {"readinessindicatorfile", "network-agent-down", "", 90},
    {"waiting for ovs port binding", "network-agent-down", "", 90},
    {"connection is unauthorized", "network-plugin-forbidden", "", 95},
    {"unauthorized", "network-plugin-forbidden", "", 80},
    {"x509: {detail}", "network-plugin-forbidden", "", 85},
    {":443: i/o timeout", "network-plugin-forbidden", "timeout", 85},
    {"cni plugin not initialized", "network-not-initialised", "", 95},
    {"cni config uninitialized", "network-not-initialised", "", 95},
    {"no cni configuration file", "network-not-initialised", "", 95},
    {"networkpluginnotready", "network-not-initialised", "", 90},
    {"no networks found in {detail:w}", "network-not-initialised", "", 90},
    {"expected cgroupspath to be of format", "cgroup-driver-mismatch", "", 100},
    {"cgroups exist and are correctly applied", "cgroup-driver-mismatch", "", 70},
    {"sandbox name \"{name:q}\": name \"{other:q}\" is reserved", "sandbox-name-reserved", "", 85},
    {"netplugin failed with no error message: signal: killed", "network-plugin-killed", "", 90},
    {"signal: killed", "network-plugin-killed", "", 75},
    {"no space left on device", "node-disk-full", "", 80},
    {"too many open files", "node-out-of-files", "", 80},
    {"context deadline exceeded", "sandbox-timeout", "", 60},
    {"deadlineexceeded", "sandbox-timeout", "", 60},
    {"plugin type=\"{plugin:q}\"", "network-setup-failed", "", 55},
    {"networkplugin cni failed", "network-setup-failed", "", 50},
    {"cni network", "network-setup-failed", "", 50},
    {"failed to setup network", "network-setup-failed", "", 50},
};

bool waits_for_sandbox(const std::vector<ContainerFacts>& containers) {
  return std::none_of(containers.begin(), containers.end(), [](const ContainerFacts& container) {
    bool creating = container.waiting_reason.empty() || container.waiting_reason == "ContainerCreating" ||
                    container.waiting_reason == "PodInitializing";
    return container.running || container.now || !creating;
  });
}

}  // namespace

void diagnose_sandbox(Patient& patient, std::vector<Candidate>& out) {
  Node pod = patient.pod;
  if (!pod || !is_placed(pod) || pod["metadata"].has("deletionTimestamp") ||
      pod["status"]["phase"].string("Pending") != "Pending" || !waits_for_sandbox(containers_of(pod))) {
    return;
  }
  auto events = events_of(patient.cluster, pod);
  const EventFacts* event = newest_of(events, {"FailedCreatePodSandBox", "FailedCreatePodContainer", "NetworkNotReady",
                                               "FailedPodSandBoxStatus", "FailedSync"});
  if (event == nullptr || (event->reason == "FailedSync" && !contains(event->message, "andbox"))) {
    return;  // FailedSync says of any stage that it failed
  }
  // An address the runtime cannot give for want of memory is the memory family's.
  for (const EventFacts& other : events) {
    if (other.reason == "FailedCreatePodSandBox" &&
        contains_any(other.message, {"container init was OOM-killed", "memory limit too low"})) {
      return;
    }
  }
  auto known = recognise(patient, wordings, event->message, Stage::sandbox, Confidence::confirmed);
  Candidate one =
      known ? std::move(*known) : candidate_for(patient, "sandbox-failed", Stage::sandbox, Confidence::likely, 40);
  leave_blank(one, {"handler", "plugin", "image", "name", "other"});
  set(one, "class", std::string(pod["spec"]["runtimeClassName"].string()));
  if (!known) {
    set(one, "detail", shown(event->message, 300));
  }
  one.evidence.push_back(event_evidence(*event));
  std::string node(pod["spec"]["nodeName"].string());
  Node object = patient.cluster.get("nodes", "", node);
  if (one.cause == "network-not-initialised") {
    prove(one, object, "status.conditions[Ready]");
  } else if (one.cause == "pod-ip-exhausted") {
    std::size_t running = 0;
    for (Node other : patient.cluster.list("pods").items) {
      running += other["spec"]["nodeName"].string() == node ? 1 : 0;
    }
    one.evidence.push_back(computed_evidence(
        patient.catalogue.say("live.sandbox.pods_on_node", {{"node", node}, {"count", std::to_string(running)}})));
    prove(one, object, "spec.podCIDR");
  } else if (one.cause == "runtime-handler-missing") {
    prove(one, pod, "spec.runtimeClassName");
    prove(one, patient.cluster.get("runtimeclasses", "", pod["spec"]["runtimeClassName"].string()), "handler");
  }
  if (one.cause.starts_with("network-") || one.cause == "pod-ip-exhausted") {
    add_agents(patient, one, node,
               {"calico", "cilium", "flannel", "weave", "aws-node", "kube-router", "ovn", "multus", "canal", "antrea",
                "kindnet", "azure-cni", "cni"});
  }
  out.push_back(std::move(one));
}

}  // namespace podcheck::live
