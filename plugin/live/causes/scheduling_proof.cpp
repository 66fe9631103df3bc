// What fields of nodes, pod and volumes prove the verdict on a pending pod, and what would make it fit.
#include <algorithm>
#include <map>
#include <set>

#include "live/causes/claim_parts.hpp"
#include "live/causes/pending.hpp"
#include "live/dependencies.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"
#include "scheduling/capacity.hpp"
#include "scheduling/rows.hpp"

namespace podcheck::live {

using document::Node;

namespace {

std::string value(const finding::Values& values, std::string_view name) {
  for (const auto& [key, text] : values) {
    if (key == name) {
      return text;
    }
  }
  return {};
}

struct Alike {
  const scheduling::NodeResult* node = nullptr;  // the one that is nearest to taking the pod
  std::int64_t free = 0;
  std::size_t count = 0;
};

// Nodes that refuse for the same reasons, amounts apart, stand together where there are more than a few.
std::vector<Alike> alike_nodes(const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                               const std::string& resource) {
  constexpr std::size_t few = 6;
  std::map<std::string, std::size_t> places;
  std::vector<Alike> out;
  for (std::size_t index = 0; index < placement.nodes.size(); ++index) {
    const scheduling::NodeResult& node = placement.nodes[index];
    std::string shape = placement.nodes.size() <= few ? node.node : "";
    for (const scheduling::Reason& reason : node.reasons) {
      shape += reason.id + "/" + reason.variant + "/" + std::string(reason.value("taint")) +
               std::string(reason.value("key")) + std::string(reason.value("resource")) + ";";
    }
    std::int64_t free = resource.empty() ? 0 : scheduling::free_on(cluster.nodes()[index], resource);
    auto [place, is_new] = places.emplace(std::move(shape), out.size());
    if (node.reasons.empty() || (is_new && out.size() >= few)) {
      places.erase(place);
      continue;
    }
    if (is_new) {
      out.push_back({&node, free, 0});
    }
    Alike& alike = out[place->second];
    alike.node = free > alike.free ? &node : alike.node;
    alike.free = std::max(alike.free, free);
    ++alike.count;
  }
  return out;
}

void prove_numbers(Pending& pending, const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                   const scheduling::Verdict& verdict, Candidate& out) {
  const catalogue::Catalogue& catalogue = pending.patient.catalogue;
  for (const Alike& alike : alike_nodes(cluster, placement, value(verdict.values, "resource"))) {
    std::string name = "Node/" + alike.node->node;
    if (alike.count > 1) {
      name = catalogue.say("scheduling.and_more", {{"names", name}, {"count", std::to_string(alike.count - 1)}});
    }
    out.evidence.push_back(computed_evidence(name + ": " + scheduling::sentence(alike.node->reasons, catalogue)));
  }
  std::string resource = value(verdict.values, "resource");
  std::string node = value(verdict.values, "node");
  if (resource.empty() || node.empty()) {
    return;
  }
  for (const scheduling::Consumer& consumer : scheduling::consumers(cluster, node, resource, 2)) {
    if (consumer.amount > 0) {
      out.evidence.push_back(computed_evidence(
          catalogue.say("live.scheduling.holder", {{"pod", consumer.namespace_ + "/" + consumer.name},
                                                   {"amount", scheduling::format_amount(resource, consumer.amount)},
                                                   {"resource", resource},
                                                   {"node", node}})));
    }
  }
}

// Taints that components set: the condition that stands behind them, or what they mean and who takes them away.
struct KnownTaint {
  std::string_view key;  // a prefix
  std::string_view condition;
  std::string_view meaning;  // live.taint.<meaning>
};
constexpr KnownTaint known_taints[] = {
    {"node.kubernetes.io/not-ready", "Ready", ""},
    {"node.kubernetes.io/unreachable", "Ready", ""},
    {"node.kubernetes.io/disk-pressure", "DiskPressure", ""},
    {"node.kubernetes.io/memory-pressure", "MemoryPressure", ""},
    {"node.kubernetes.io/pid-pressure", "PIDPressure", ""},
    {"node.kubernetes.io/network-unavailable", "NetworkUnavailable", "network"},
    {"node.kubernetes.io/out-of-service", "Ready", "out_of_service"},
    {"node.cloudprovider.kubernetes.io/uninitialized", "", "uninitialised"},
    {"node.cloudprovider.kubernetes.io/shutdown", "", "shut_down"},
    {"node-role.kubernetes.io/control-plane", "", "control_plane"},
    {"node-role.kubernetes.io/master", "", "control_plane"},
    {"ToBeDeletedByClusterAutoscaler", "", "removal"},
    {"DeletionCandidateOfClusterAutoscaler", "", "removal"},
    {"karpenter.sh/disrupt", "", "removal"},
    {"karpenter.sh/unregistered", "", "unregistered"},
    {"cloud.google.com/gke-spot", "", "spot"},
    {"cloud.google.com/gke-preemptible", "", "spot"},
    {"kubernetes.azure.com/scalesetpriority", "", "spot"},
    {"eks.amazonaws.com/compute-type", "", "fargate"},
    {"nvidia.com/gpu", "", "gpu"},
    {"amd.com/gpu", "", "gpu"},
};

void prove_condition(Node node, std::string_view type, Candidate& out) {
  Node found = condition(node, type);
  if (found) {
    std::string text = std::string(type) + "=" + std::string(found["status"].string());
    std::string_view message = found["message"].string(found["reason"].string());
    out.evidence.push_back(field_evidence(node, std::string("status.conditions[") + std::string(type) + "]",
                                          shown(text + (message.empty() ? "" : ": ") + std::string(message), 300)));
  }
}

void explain_taint(Patient& patient, Node node, std::string_view key, std::string_view taint, Candidate& out) {
  for (const KnownTaint& known : known_taints) {
    if (!key.starts_with(known.key)) {
      continue;
    }
    if (!known.condition.empty()) {
      prove_condition(node, known.condition, out);
    }
    if (!known.meaning.empty()) {
      out.evidence.push_back(computed_evidence(
          patient.catalogue.say("live.taint." + std::string(known.meaning), {{"taint", std::string(taint)}})));
    }
    return;
  }
  if (key.ends_with("/agent-not-ready")) {
    std::string agent(key.substr(0, key.find('/')));
    out.evidence.push_back(computed_evidence(
        patient.catalogue.say("live.taint.agent", {{"taint", std::string(taint)}, {"agent", agent}})));
    agent.resize(std::min(agent.find('.'), agent.size()));
    add_agents(patient, out, name_of(node), {agent == "node" ? std::string_view("cilium") : std::string_view(agent)});
  }
}

// The taints in question once each, with what the pod tolerates of the same key.
void prove_taints(Pending& pending, const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                  Candidate& out) {
  Patient& patient = pending.patient;
  std::set<std::string, std::less<>> seen;
  for (std::size_t index = 0; index < placement.nodes.size() && seen.size() < 4; ++index) {
    for (const scheduling::Reason& reason : placement.nodes[index].reasons) {
      if (reason.id == "untolerated-taint" && seen.emplace(reason.value("taint")).second) {
        explain_taint(patient, cluster.nodes()[index].object, reason.value("key"), reason.value("taint"), out);
        std::size_t at = 0;
        for (Node toleration : patient.pod["spec"]["tolerations"].items()) {
          std::string path = "spec.tolerations[" + std::to_string(at++) + "]";
          if (toleration["key"].string() == reason.value("key")) {
            prove(out, patient.pod, path);
          }
        }
      }
    }
  }
}

struct GateOwner {
  std::string_view prefix;
  std::string_view controller;
  std::string_view word;  // in the names of its pods or their namespace
};
constexpr GateOwner gate_owners[] = {
    {"kueue.x-k8s.io/", "Kueue", "kueue"},
    {"jobset.x-k8s.io/", "JobSet", "jobset"},
    {"scheduling.volcano.sh/", "Volcano", "volcano"},
    {"batch.volcano.sh/", "Volcano", "volcano"},
    {"leaderworkerset.x-k8s.io/", "LeaderWorkerSet", "lws"},
};

// Who takes a gate away, and how that controller's pods are.
void prove_gates(Pending& pending, Candidate& out) {
  Patient& patient = pending.patient;
  prove(out, patient.pod, "spec.schedulingGates");
  for (Node gate : patient.pod["spec"]["schedulingGates"].items()) {
    for (const GateOwner& owner : gate_owners) {
      if (!gate["name"].string().starts_with(owner.prefix)) {
        continue;
      }
      std::string controller(owner.controller);
      out.evidence.push_back(computed_evidence(patient.catalogue.say(
          "live.scheduling.gate_owner", {{"gate", std::string(gate["name"].string())}, {"controller", controller}})));
      prove(out, patient.pod, "metadata.labels[\"kueue.x-k8s.io/queue-name\"]");
      std::size_t pods = 0;
      for (Node pod : patient.cluster.list("pods").items) {
        bool its = contains(name_of(pod), owner.word) || contains(namespace_of(pod), owner.word);
        if (its && name_of(pod) != name_of(patient.pod) && pods++ < 3) {
          out.evidence.push_back(field_evidence(pod, "status", status_column(pod)));
        }
      }
      if (pods == 0 && patient.cluster.knows("pods", "")) {
        out.evidence.push_back(computed_evidence(
            patient.catalogue.say("live.scheduling.gate_owner_absent", {{"controller", controller}})));
      }
    }
  }
}

// Where a bound volume can be reached from, and what the nodes have of it.
void prove_reach(Pending& pending, const scheduling::Cluster& cluster, Candidate& out) {
  Patient& patient = pending.patient;
  std::set<std::string, std::less<>> keys;
  for (const scheduling::ClaimUse& use : scheduling::claims_of(patient.pod)) {
    Node claim = patient.cluster.get("persistentvolumeclaims", patient.namespace_, use.name);
    Node volume = patient.cluster.get("persistentvolumes", "", claim["spec"]["volumeName"].string());
    prove(out, volume, "spec.nodeAffinity");
    for (Node term : volume["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"].items()) {
      for (Node expression : term["matchExpressions"].items()) {
        keys.emplace(expression["key"].string());
      }
    }
  }
  for (const std::string& key : keys) {
    std::set<std::string, std::less<>> values;
    for (const scheduling::NodeInfo& node : cluster.nodes()) {
      values.emplace(node.label(key).value_or("-"));
    }
    std::vector<std::string> list(values.begin(), values.end());
    list.resize(std::min<std::size_t>(list.size(), 8));
    out.evidence.push_back(computed_evidence(
        patient.catalogue.say("live.scheduling.node_labels", {{"key", key}, {"values", join(list, ", ")}})));
  }
}

}  // namespace

void prove_devices(Pending& pending, Candidate& out) {
  Patient& patient = pending.patient;
  std::size_t index = 0;
  for (Node use : patient.pod["spec"]["resourceClaims"].items()) {
    std::string path = "spec.resourceClaims[" + std::to_string(index++) + "]";
    prove(out, patient.pod, path);
    std::string_view name = use["resourceClaimName"].string();
    for (Node status : patient.pod["status"]["resourceClaimStatuses"].items()) {
      name =
          name.empty() && status["name"].string() == use["name"].string() ? status["resourceClaimName"].string() : name;
    }
    Node claim = patient.cluster.get("resourceclaims", patient.namespace_, name);
    prove(out, claim, "spec.devices.requests");
    prove(out, claim, "status.reservedFor");
  }
  if (index == 0 || !patient.cluster.knows("resourceslices", "")) {
    return;
  }
  std::map<std::string, std::size_t> devices;
  for (Node slice : patient.cluster.list("resourceslices").items) {
    devices[std::string(slice["spec"]["driver"].string())] += slice["spec"]["devices"].size();
  }
  std::string text;
  for (const auto& [driver, count] : devices) {
    text += (text.empty() ? "" : ", ") + driver + " " + std::to_string(count);
  }
  out.evidence.push_back(computed_evidence(patient.catalogue.say(
      text.empty() ? "live.scheduling.no_devices" : "live.scheduling.devices", {{"devices", text}})));
  std::string classes = join(names_in(patient, "deviceclasses", ""), ", ");
  if (!classes.empty()) {
    out.evidence.push_back(
        computed_evidence(patient.catalogue.say("live.scheduling.device_classes", {{"classes", classes}})));
  }
}

void prove_verdict(Pending& pending, const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                   const scheduling::Verdict& verdict, Candidate& out) {
  Patient& patient = pending.patient;
  prove_numbers(pending, cluster, placement, verdict, out);
  prove_taints(pending, cluster, placement, out);
  if (!value(verdict.values, "resource").empty()) {
    for (const ContainerFacts& container : containers_of(patient.pod)) {
      prove(out, patient.pod, container.spec_path + ".resources.requests");
    }
    prove(out, patient.pod, "spec.overhead");
  }
  if (verdict.cause == "scheduling-gate") {
    prove_gates(pending, out);
  } else if (verdict.cause == "node-selector-mismatch") {
    prove(out, patient.pod, "spec.nodeSelector");
  } else if (verdict.cause == "node-affinity-mismatch") {
    prove(out, patient.pod, "spec.affinity.nodeAffinity");
  } else if (verdict.cause == "volume-node-affinity-conflict") {
    prove_reach(pending, cluster, out);
  } else if (verdict.cause == "volume-no-match") {
    for (const scheduling::ClaimUse& use : scheduling::claims_of(patient.pod)) {
      Node claim = patient.cluster.get("persistentvolumeclaims", patient.namespace_, use.name);
      if (claim && claim["spec"]["volumeName"].string().empty()) {
        prove(out, claim, "spec.storageClassName");
        prove_offers(patient, claim, out);
      }
    }
  } else if (verdict.cause == "rwop-claim-in-use") {
    out.chain.push_back("PersistentVolumeClaim/" + value_of(out, "claim"));
    finding::Fix fix = recreate(patient);
    if (!fix.command.empty()) {
      out.fixes.push_back(std::move(fix));
    }
  } else if (verdict.cause == "node-pressure") {
    out.variant = "pending";
  }
}

void add_changes(Pending& pending, const scheduling::Cluster& cluster, const scheduling::Placement& placement,
                 Candidate& out) {
  Patient& patient = pending.patient;
  for (const scheduling::Change& change : scheduling::smallest_changes(cluster, patient.pod, placement)) {
    std::vector<Operation> operations;
    std::string command;
    for (const scheduling::Edit& edit : change.edits) {
      for (const scheduling::PatchStep& step : edit.patch) {
        operations.push_back({step.op, step.path.substr(1), step.value.json()});
      }
      command += (command.empty() || edit.command.empty() ? "" : " && ") + edit.command;
    }
    finding::Fix fix = patch_owner(patient, operations);
    if (!command.empty() && (operations.empty() || !fix.command.empty())) {
      fix.command += (fix.command.empty() ? "" : " && ") + command;
      fix.effect += (fix.effect.empty() ? "" : "; ") + patient.catalogue.say("live.changes", {{"object", "Node"}});
    }
    fix.summary = scheduling::sentence(change, patient.catalogue);
    fix.safety = finding::Safety::unsafe;
    out.fixes.push_back(std::move(fix));
  }
}

}  // namespace podcheck::live
