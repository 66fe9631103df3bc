// The pod's node: lost, not ready, under pressure, restarted.
#include <algorithm>

#include "live/causes/parts.hpp"
#include "live/causes/table.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

namespace {

void lost(Patient& patient, Node node, std::string_view name, std::vector<Candidate>& out) {
  Node pod = patient.pod;
  Node ready = condition(node, "Ready");
  bool deleting = pod["metadata"].has("deletionTimestamp");
  Candidate one = candidate_for(patient, "node-lost", Stage::deletion, Confidence::confirmed, 110);
  std::string_view kind = patient.owner["kind"].string();
  bool replaced = kind == "Deployment" || kind == "ReplicaSet" || kind == "ReplicationController" || kind == "Job";
  one.variant = !node ? "deleted" : !deleting ? "" : replaced ? "replaced" : !patient.owner ? "alone" : "terminating";
  set(one, "node", std::string(name));
  set(one, "detail", shown(ready["message"].string(), 200));
  set(one, "age", age_since(patient, time_at(ready["lastTransitionTime"])));
  set(one, "owner", patient.owner ? label_of(patient.owner) : label_of(pod));
  one.supersedes = {"stuck-finalizer", "slow-termination", "readiness-gate-unset"};
  if (node) {
    prove(one, node, "status.conditions[Ready]");
    prove(one, node, "spec.taints");
  }
  prove(one, pod, "metadata.deletionTimestamp");
  prove(one, pod, "spec.nodeName");
  std::string target(shell_word(name));
  one.fixes.push_back(node
                          ? command_fix("",
                                        patient.cluster.kubectl() + " taint node " + target +
                                            " node.kubernetes.io/out-of-service=nodeshutdown:NoExecute",
                                        effect_on(patient, node), finding::Safety::manual)
                          : change(patient, pod, "delete pod " + shell_word(name_of(pod)) + " --force --grace-period=0",
                                   finding::Safety::manual));
  one.chain = {label_of(pod), "Node/" + std::string(name)};
  out.push_back(std::move(one));
}

void not_ready(Patient& patient, Node node, std::string_view name, std::vector<Candidate>& out) {
  Node ready = condition(node, "Ready");
  std::string message(ready["message"].string());
  bool network = contains_any(message, {"NetworkPluginNotReady", "cni plugin not initialized",
                                        "cni config uninitialized", "No CNI configuration"});
  bool runtime = contains_any(message, {"container runtime is down", "PLEG is not healthy", "runtime status check"});
  Candidate one = candidate_for(patient, network ? "network-not-initialised" : "pod-node-not-ready", Stage::sandbox,
                                Confidence::confirmed, 70);
  one.variant = network ? "" : runtime ? "runtime" : "";
  set(one, "node", std::string(name));
  set(one, "detail", shown(message, 300));
  set(one, "age", age_since(patient, time_at(ready["lastTransitionTime"])));
  prove(one, node, "status.conditions[Ready]");
  one.chain = {label_of(patient.pod), "Node/" + std::string(name)};
  if (network) {
    add_agents(patient, one, name,
               {"calico", "cilium", "flannel", "weave", "aws-node", "kube-router", "ovn", "multus", "canal", "antrea",
                "kindnet", "cni"});
  }
  out.push_back(std::move(one));
}

// Conditions that the kubelet reports long before it evicts: they explain, they do not decide.
void pressure(Patient& patient, Node node, std::string_view name, std::vector<Candidate>& out) {
  for (const char* type : {"MemoryPressure", "DiskPressure", "PIDPressure"}) {
    if (condition_is(node, type, "True")) {
      Candidate one = candidate_for(patient, "node-pressure", Stage::kill, Confidence::confirmed, 30);
      one.role = finding::Role::contributing;
      set(one, "node", std::string(name));
      set(one, "condition", type);
      prove(one, node, std::string("status.conditions[") + type + "]");
      out.push_back(std::move(one));
    }
  }
}

// The kubelet has made up the end of a container that it knows nothing of any more.
void unknown_status(Patient& patient, std::vector<Candidate>& out) {
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    const Termination* end = container.latest();
    if (end == nullptr || container.ready) {
      continue;
    }
    if (end->reason == "ContainerStatusUnknown") {
      Candidate one = candidate_for(patient, "container-status-unknown", Stage::kill, Confidence::confirmed, 70);
      one.container = container.name;
      set(one, "container", std::string(container.name));
      set(one, "detail", shown(end->message, 200));
      prove(one, patient.pod, container.status_path + (container.now ? ".state.terminated" : ".lastState.terminated"));
      out.push_back(std::move(one));
    }
  }
}

void restarted(Patient& patient, Node node, std::string_view name, std::vector<Candidate>& out) {
  for (const ContainerFacts& container : containers_of(patient.pod)) {
    const Termination* end = container.latest();
    bool unknown = end != nullptr && end->exit_code == 255 && end->reason == "Unknown";
    if (!unknown || container.ready) {
      continue;
    }
    auto node_events = node ? events_of(patient.cluster, node) : std::vector<EventFacts>();
    const EventFacts* reboot = newest(node_events, "Rebooted");
    Candidate one = candidate_for(patient, "node-restarted", Stage::kill,
                                  reboot != nullptr ? Confidence::confirmed : Confidence::likely, 65);
    one.container = container.name;
    set(one, "container", std::string(container.name));
    set(one, "node", std::string(name));
    if (reboot != nullptr) {
      one.evidence.push_back(event_evidence(*reboot));
    }
    prove(one, patient.pod, container.status_path + (container.now ? ".state.terminated" : ".lastState.terminated"));
    out.push_back(std::move(one));
  }
}

}  // namespace

void diagnose_node(Patient& patient, std::vector<Candidate>& out) {
  Node pod = patient.pod;
  if (!pod) {
    return;
  }
  std::string_view name = pod["spec"]["nodeName"].string();
  std::string_view phase = pod["status"]["phase"].string();
  if (name.empty()) {
    return;
  }
  unknown_status(patient, out);
  if (phase == "Succeeded" || phase == "Failed") {
    return;
  }
  Node node = patient.cluster.get("nodes", "", name);
  // The list of all nodes only where this one is not found.
  bool known =
      !node && phase == "Running" && patient.cluster.knows("nodes", "") && !patient.cluster.list("nodes").items.empty();
  Node ready = condition(node, "Ready");
  bool says_lost = pod["status"]["reason"].string() == "NodeLost" || phase == "Unknown";
  if (known || ready["status"].string() == "Unknown" || says_lost) {
    lost(patient, node, name, out);
    return;
  }
  if (ready["status"].string() == "False") {
    not_ready(patient, node, name, out);
  }
  if (node) {
    pressure(patient, node, name, out);
  }
  restarted(patient, node, name, out);
}

}  // namespace podcheck::live
