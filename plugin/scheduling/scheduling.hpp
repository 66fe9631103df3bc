// The scheduler's filters as pure functions over a snapshot of nodes and pods, one file each.
// Unlike the scheduler, which stops at the first plugin that refuses a node, every filter answers for every node.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"
#include "finding/finding.hpp"
#include "scheduling/cluster.hpp"
#include "scheduling/value.hpp"

namespace podcheck::scheduling {

// One reason why a node refuses a pod.
struct Reason {
  std::string id;          // insufficient-cpu, untolerated-taint, node-selector-mismatch, …: cause ids
  std::string plugin;      // the scheduler's plugin: NodeResourcesFit
  finding::Values values;  // numbers for the sentence: need, free, allocatable, taint, key, …
  bool resolvable = true;  // false: the scheduler's UnschedulableAndUnresolvable (preemption cannot help)
  std::string variant;     // which sentence of scheduling.reason.<id>; empty for the only one

  std::string_view value(std::string_view name) const;  // of `values`; empty when absent
};

struct NodeResult {
  std::string node;
  std::vector<Reason> reasons;  // empty: fits
  bool fits() const { return reasons.empty(); }
};

// What evicting pods of lower priority would do.
struct Preemption {
  enum class Verdict : std::uint8_t { not_needed, would_help, no_victims, not_helpful, never };
  Verdict verdict = Verdict::not_needed;
  std::string node;                     // the one that the scheduler would nominate
  std::vector<document::Node> victims;  // pods there, as the scheduler would evict them
  std::size_t violating = 0;            // of them, pods whose disruption budget is used up; the scheduler evicts them
};

// The answer for one pod. Filters look at every node; nothing is assumed to fit that was not looked at.
struct Placement {
  // What stops the pod before any node is looked at (gates, scheduler name, missing claims …). Also in every node's
  // reasons, except gates and scheduler names: those say nothing about nodes.
  std::vector<Reason> pod;
  std::vector<NodeResult> nodes;  // in the cluster's order
  // What the scheduler would look at too and the filters do not: devices, device-resource, pod-group. No refusal.
  std::vector<Reason> not_judged;
  std::vector<std::size_t> fitting() const;
  bool fits() const;  // some node takes it, and nothing stops the pod before
};

// `pod` as the API server stores it (see admission.hpp for a manifest's). It must have its namespace.
Placement evaluate(const Cluster& cluster, document::Node pod);
// Indices of the nodes that take the pod; quicker, as no reason is written down.
std::vector<std::size_t> fitting_nodes(const Cluster& cluster, document::Node pod);
// What preemption would do for a pod that fits nowhere.
Preemption preemption_for(const Cluster& cluster, document::Node pod, const Placement& placement);

// What to change so that it fits: one edit, or two that are needed together.
struct Edit {
  std::string id;  // lower-request, tolerate-taint, change-selector, drop-selector, label-node, uncordon, …
  finding::Values values;
  Patch patch;            // on the pod spec: /containers/0/resources/requests/cpu; empty when it changes a node
  std::string command;    // what changes the node: "kubectl uncordon worker-3"; empty when it changes the pod
  std::int64_t kept = 0;  // lower-request: what is still requested
};

// Verified by running the filters again on the changed pod or node.
struct Change {
  std::vector<Edit> edits;
  std::vector<std::string> fits_on;
  // The patch of all edits with its paths below `prefix` ("/spec/template/spec"); empty when only nodes change.
  std::string patch(std::string_view prefix) const;
};

// Single edits, the mildest first; where none suffices, pairs. At most `most`, none for a pod that fits or that no edit
// helps.
std::vector<Change> smallest_changes(const Cluster& cluster, document::Node pod, const Placement& placement,
                                     std::size_t most = 3);

}  // namespace podcheck::scheduling
