#include "preflight/placement.hpp"

#include <algorithm>

#include "kube/effective.hpp"
#include "preflight/fields.hpp"
#include "preflight/pods.hpp"
#include "scheduling/capacity.hpp"
#include "scheduling/value.hpp"
#include "scheduling/verdict.hpp"

namespace podcheck::preflight {

using document::Node;
using scheduling::Cluster;
using scheduling::Placement;

namespace {

// Evaluations of all nodes that one workload may cost; more replicas than that are not placed one by one.
constexpr std::int64_t most_evaluations = 200;

// Where the scheduler would likely put it: few pods of the same workload, then much room.
std::size_t likely_node(const Cluster& cluster, const std::vector<std::size_t>& fitting,
                        const std::vector<std::int64_t>& own) {
  auto room = [&](std::size_t index) {
    const scheduling::NodeInfo& node = cluster.nodes()[index];
    double cpu = node.allocatable.milli_cpu <= 0 ? 0
                                                 : static_cast<double>(scheduling::free_on(node, "cpu")) /
                                                       static_cast<double>(node.allocatable.milli_cpu);
    double memory = node.allocatable.memory <= 0 ? 0
                                                 : static_cast<double>(scheduling::free_on(node, "memory")) /
                                                       static_cast<double>(node.allocatable.memory);
    return cpu + memory;
  };
  return *std::max_element(fitting.begin(), fitting.end(), [&](std::size_t a, std::size_t b) {
    return own[a] != own[b] ? own[a] > own[b] : room(a) < room(b);
  });
}

std::string patch_prefix(const Workload& workload) {
  std::string path = document::path_of(workload.object->object.root, workload.pod->spec);
  std::string pointer = path.empty() ? "" : "/" + path;
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  return pointer;
}

void add_changes(const Cluster& cluster, Node pod, const Placement& placement, const Workload& workload,
                 const catalogue::Catalogue& catalogue, Problem& problem) {
  for (const scheduling::Change& change : scheduling::smallest_changes(cluster, pod, placement)) {
    finding::Fix fix;
    fix.summary = scheduling::sentence(change, catalogue);
    fix.safety = finding::Safety::manual;
    fix.patch = change.patch(patch_prefix(workload));
    for (const scheduling::Edit& edit : change.edits) {
      if (!edit.command.empty()) {
        fix.command = edit.command;
        fix.effect = catalogue.say("preflight.effect_node");
      }
    }
    problem.fixes.push_back(std::move(fix));
  }
}

void add_preemption(const Cluster& cluster, Node pod, const Placement& placement, const catalogue::Catalogue& catalogue,
                    Problem& problem) {
  scheduling::Preemption preemption = scheduling::preemption_for(cluster, pod, placement);
  if (preemption.verdict != scheduling::Preemption::Verdict::would_help) {
    return;
  }
  std::vector<std::string> victims;
  for (Node victim : preemption.victims) {
    victims.push_back(std::string(victim["metadata"]["namespace"].string()) + "/" +
                      std::string(victim["metadata"]["name"].string()));
  }
  problem.evidence.push_back(
      {"computed", "preemption", "", 0,
       catalogue.say(preemption.violating > 0 ? "preflight.preemption_violating" : "preflight.preemption",
                     {{"node", preemption.node}, {"victims", scheduling::name_list(victims, 3, catalogue)}})});
}

Problem unplaced(const Cluster& cluster, Node pod, const Placement& placement, const Workload& workload,
                 const PlacementResult& result, const catalogue::Catalogue& catalogue) {
  scheduling::Verdict verdict = scheduling::judge(cluster, pod, placement);
  Problem problem;
  problem.cause = verdict.cause;
  problem.values = verdict.values;
  problem.message = scheduling::sentence(verdict, catalogue);
  problem.at = field_of(workload, verdict.cause, verdict.values);
  if (result.placed > 0) {
    problem.message = catalogue.say("preflight.some_fit", {{"placed", std::to_string(result.placed)},
                                                           {"wanted", std::to_string(result.wanted)},
                                                           {"reason", problem.message}});
  }
  add_changes(cluster, pod, placement, workload, catalogue, problem);
  add_preemption(cluster, pod, placement, catalogue, problem);
  return problem;
}

// The scheduler never sees a pod that names its node: the kubelet there takes or rejects it.
PlacementResult place_by_name(Cluster& cluster, const Workload& workload, Node pod,
                              const catalogue::Catalogue& catalogue) {
  PlacementResult result;
  result.wanted = 1;
  std::string_view name = pod["spec"]["nodeName"].string();
  Placement placement = scheduling::evaluate(cluster, pod);
  Problem problem;
  problem.at = workload.pod->spec["nodeName"];
  int index = cluster.node_index(name);
  if (index < 0) {
    problem.cause = "node-name-mismatch";
    problem.values = {{"wanted", std::string(name)}};
    problem.message = catalogue.say("scheduling.cause.node-name-mismatch.plain", problem.values);
    result.problems.push_back(std::move(problem));
  } else {
    std::vector<scheduling::Reason>& reasons = placement.nodes[static_cast<std::size_t>(index)].reasons;
    // pkg/kubelet/lifecycle/predicate.go: resources, selector and affinity, ports, NoExecute taints; not cordons,
    // NoSchedule taints, other pods or volumes.
    std::erase_if(reasons, [](const scheduling::Reason& reason) {
      bool kept = reason.plugin == "NodeResourcesFit" || reason.plugin == "NodeAffinity" ||
                  reason.plugin == "NodePorts" || reason.value("effect") == "NoExecute";
      return !kept;
    });
    if (!reasons.empty()) {
      const scheduling::Reason& first = reasons.front();
      problem.cause = first.plugin == "NodeResourcesFit" ? "kubelet-admission-resources"
                      : first.plugin == "NodeAffinity"   ? "kubelet-admission-affinity"
                                                         : first.id;
      problem.message =
          catalogue.say("preflight.kubelet_rejects",
                        {{"node", std::string(name)}, {"reason", scheduling::sentence(reasons, catalogue)}});
      result.problems.push_back(std::move(problem));
    } else {
      result.placed = 1;
      cluster.place(pod, static_cast<std::size_t>(index));
    }
  }
  result.rows = scheduling::rows(cluster, pod, placement, catalogue);
  return result;
}

void say_not_judged(const Placement& placement, const catalogue::Catalogue& catalogue, PlacementResult& result) {
  for (const scheduling::Reason& reason : placement.not_judged) {
    result.notes.push_back(scheduling::not_judged_sentence(reason, catalogue));
  }
}

bool excludes_daemon(const scheduling::Reason& reason) {
  return reason.plugin == "TaintToleration" || reason.plugin == "NodeAffinity";
}

// The controller makes no pod for a node that selector or taints exclude, and says nothing; on the others each pod is
// tied to its node and waits there if it does not fit.
PlacementResult place_daemon(Cluster& cluster, Node pod, const catalogue::Catalogue& catalogue) {
  PlacementResult result;
  Placement placement = scheduling::evaluate(cluster, pod);
  result.rows = scheduling::rows(cluster, pod, placement, catalogue);
  say_not_judged(placement, catalogue, result);
  std::vector<std::string> excluded;
  std::string taint;
  const scheduling::NodeResult* waiting = nullptr;
  for (std::size_t index = 0; index < placement.nodes.size(); ++index) {
    const scheduling::NodeResult& node = placement.nodes[index];
    auto by = std::find_if(node.reasons.begin(), node.reasons.end(), excludes_daemon);
    if (by != node.reasons.end()) {
      std::string_view key = by->value("key");
      if (by->id == "untolerated-taint" && !key.starts_with("node-role.kubernetes.io/") &&
          !key.starts_with("node.kubernetes.io/")) {
        excluded.push_back(node.node);
        taint = by->value("taint");
      }
      continue;
    }
    ++result.wanted;
    if (node.fits()) {
      ++result.placed;
      cluster.place(pod, index);
    } else if (waiting == nullptr) {
      waiting = &node;
    }
  }
  if (waiting != nullptr) {
    Problem problem;
    problem.cause = scheduling::cause_of(waiting->reasons.front());
    problem.message =
        catalogue.say("preflight.daemon_waits", {{"node", waiting->node},
                                                 {"placed", std::to_string(result.placed)},
                                                 {"wanted", std::to_string(result.wanted)},
                                                 {"reason", scheduling::sentence(waiting->reasons, catalogue)}});
    result.problems.push_back(std::move(problem));
  }
  if (!excluded.empty()) {
    Problem problem;
    problem.cause = "daemonset-node-excluded";
    problem.severity = finding::Severity::info;
    problem.message = catalogue.say("preflight.daemon_excluded",
                                    {{"nodes", scheduling::name_list(excluded, 3, catalogue)}, {"taint", taint}});
    result.problems.push_back(std::move(problem));
  }
  return result;
}

bool claims_one_node(World& world, const Workload& workload, std::string& claim_name) {
  for (Node volume : workload.pod->spec["volumes"].items()) {
    std::string_view name = volume["persistentVolumeClaim"]["claimName"].string();
    Node claim = name.empty() ? Node() : world.find("PersistentVolumeClaim", workload.namespace_, name);
    for (Node mode : claim["spec"]["accessModes"].items()) {
      if (mode.string() == "ReadWriteOnce" && claim["spec"]["accessModes"].size() == 1) {
        claim_name = name;
        return true;
      }
    }
  }
  return false;
}

// A rolling update starts a new pod beside the old ones (less what may be unavailable): is there room for it?
void check_rollout(World& world, Cluster& cluster, const Workload& workload, Node pod,
                   const std::vector<std::uint32_t>& old, const catalogue::Catalogue& catalogue,
                   PlacementResult& result) {
  kube::Rollout rollout = kube::rollout(workload.object->object);
  if (workload.kind() != "Deployment" || old.empty() || rollout.type != "RollingUpdate") {
    return;
  }
  auto unavailable =
      std::min<std::size_t>(static_cast<std::size_t>(std::max<std::int64_t>(rollout.max_unavailable, 0)), old.size());
  std::vector<std::string> nodes_of_old;
  for (std::uint32_t index : old) {
    int node = cluster.pods()[index].node;
    if (node >= 0) {
      nodes_of_old.emplace_back(cluster.nodes()[static_cast<std::size_t>(node)].name);
    }
  }
  for (std::size_t index = 0; index < unavailable; ++index) {
    cluster.remove(old[index]);
  }
  Placement first = scheduling::evaluate(cluster, pod);
  if (!first.fits()) {
    scheduling::Verdict verdict = scheduling::judge(cluster, pod, first);
    Problem problem;
    problem.cause = verdict.cause;
    problem.values = verdict.values;
    problem.at = field_of(workload, verdict.cause, verdict.values);
    problem.message =
        catalogue.say("preflight.rollout_no_room", {{"old", std::to_string(old.size() - unavailable)},
                                                    {"surge", std::to_string(rollout.max_surge)},
                                                    {"unavailable", std::to_string(unavailable)},
                                                    {"reason", scheduling::sentence(verdict, catalogue)}});
    result.problems.push_back(std::move(problem));
    return;
  }
  std::string claim;
  bool elsewhere = false;
  for (std::size_t index : first.fitting()) {
    elsewhere =
        elsewhere || std::find(nodes_of_old.begin(), nodes_of_old.end(), first.nodes[index].node) == nodes_of_old.end();
  }
  if (unavailable < old.size() && elsewhere && claims_one_node(world, workload, claim)) {
    Problem problem;
    problem.cause = "rollout-volume-held";
    problem.severity = finding::Severity::warning;
    problem.confidence = finding::Confidence::possible;
    problem.message = catalogue.say("preflight.rollout_volume", {{"claim", claim}});
    result.problems.push_back(std::move(problem));
  }
}

// Pods of a StatefulSet have names already, others get one that cannot be taken for a running pod's.
std::string pod_name(const Workload& workload, std::int64_t ordinal, const catalogue::Catalogue& catalogue) {
  std::string name(workload.name());
  return workload.kind() == "StatefulSet" ? name + "-" + std::to_string(ordinal)
                                          : catalogue.say("preflight.new_pod", {{"name", name}});
}

void place_replicas(World& world, Cluster& cluster, const Workload& workload, Node metadata, Node spec, Node first,
                    const catalogue::Catalogue& catalogue, PlacementResult& result) {
  result.wanted = workload.replicas;
  std::vector<std::int64_t> own(cluster.nodes().size(), 0);
  std::int64_t tried = std::min(workload.replicas, most_evaluations);
  Node pod = first;
  for (std::int64_t ordinal = 0; ordinal < tried; ++ordinal) {
    if (ordinal > 0 && workload.kind() == "StatefulSet") {
      pod = pod_of(world, workload, metadata, spec, ordinal, pod_name(workload, ordinal, catalogue));
    }
    std::vector<std::size_t> fitting = scheduling::fitting_nodes(cluster, pod);
    if (fitting.empty()) {
      Placement placement = scheduling::evaluate(cluster, pod);
      result.rows = scheduling::rows(cluster, pod, placement, catalogue);
      result.problems.insert(result.problems.begin(), unplaced(cluster, pod, placement, workload, result, catalogue));
      return;
    }
    std::size_t node = likely_node(cluster, fitting, own);
    ++own[node];
    ++result.placed;
    cluster.place(pod, node);
  }
  if (tried < workload.replicas) {
    result.notes.push_back(
        catalogue.say("preflight.note.replicas_not_tried",
                      {{"tried", std::to_string(tried)}, {"wanted", std::to_string(workload.replicas)}}));
  }
}

}  // namespace

PlacementResult place(World& world, Cluster& cluster, const Workload& workload, Node admitted,
                      const catalogue::Catalogue& catalogue) {
  Node made = admitted ? admitted : admitted_offline(world, cluster, workload);
  Node metadata = made["metadata"];
  Node spec = made["spec"];
  Node pod = pod_of(world, workload, metadata, spec, 0, pod_name(workload, 0, catalogue));
  std::vector<std::uint32_t> old = old_pods(world, cluster, workload);
  PlacementResult result;
  if (cluster.nodes().empty()) {
    return result;
  }
  if (!spec["nodeName"].string().empty()) {
    for (std::uint32_t index : old) {
      cluster.remove(index);
    }
    return place_by_name(cluster, workload, pod, catalogue);
  }
  if (!workload.is_daemon) {
    check_rollout(world, cluster, workload, pod, old, catalogue, result);
  }
  for (std::uint32_t index : old) {
    cluster.remove(index);
  }
  if (workload.is_daemon) {
    return place_daemon(cluster, pod, catalogue);
  }
  Placement placement = scheduling::evaluate(cluster, pod);
  result.rows = scheduling::rows(cluster, pod, placement, catalogue);
  say_not_judged(placement, catalogue, result);
  place_replicas(world, cluster, workload, metadata, spec, pod, catalogue, result);
  return result;
}

}  // namespace podcheck::preflight
