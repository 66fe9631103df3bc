// The scheduler's filters as pure functions over a snapshot of nodes and pods, one file each.
// Unlike the scheduler, which stops at the first plugin that refuses a node, every filter answers for every node.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"
#include "finding/finding.hpp"

namespace podcheck::scheduling {

// One reason why a node refuses a pod.
struct Reason {
  std::string id;      // insufficient-cpu, untolerated-taint, node-selector-mismatch, …: cause ids
  std::string plugin;  // the scheduler's plugin: NodeResourcesFit
  finding::Values values;  // numbers for the sentence: need, free, allocatable, taint, key, …
  bool resolvable = true;  // false: the scheduler's UnschedulableAndUnresolvable (preemption cannot help)
};

struct NodeResult {
  std::string node;
  std::vector<Reason> reasons;  // empty: fits
};

// A change of the pod (or of a node) that would make it fit, verified by running the filters again.
struct Change {
  std::string id;  // lower-request, tolerate-taint, change-selector, label-node, uncordon, drop-host-port, relax-spread, …
  finding::Values values;
  std::vector<std::string> fits_on;
  std::string patch;  // JSON patch on the pod spec; empty when it changes a node
};

// The objects of a cluster that bear on placement. Nodes point into trees that must outlive it.
struct Objects {
  std::vector<document::Node> nodes, pods, namespaces, volumes, claims, storage_classes, csi_nodes, csi_drivers,
      csi_capacities, priority_classes, runtime_classes;
};

}  // namespace podcheck::scheduling
