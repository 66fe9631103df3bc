// What a filter is: built once for a pod and a cluster, then asked node by node.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "scheduling/node_selector.hpp"
#include "scheduling/scheduling.hpp"

namespace podcheck::scheduling {

// Where filters put their reasons. Without `explain` only the fact is kept.
class Reasons {
 public:
  explicit Reasons(bool explain) : explain_(explain) {}
  // nullptr when nobody reads the values. `resolvable`: evicting other pods could remove the reason.
  Reason* add(std::string_view id, std::string_view plugin, bool resolvable);
  bool any() const { return any_; }
  bool explain() const { return explain_; }
  bool any_unresolvable() const { return unresolvable_; }
  void clear();
  std::vector<Reason>& list() { return list_; }

 private:
  bool explain_;
  bool any_ = false;
  bool unresolvable_ = false;
  std::vector<Reason> list_;
};

// The incoming pod, compiled.
struct Incoming {
  PodInfo pod;
  AffinityTerms affinity, anti_affinity;  // required terms
  std::vector<Toleration> tolerations;
  RequiredNodes required_nodes;
};
Incoming compile(const Cluster& cluster, document::Node pod);

// Pods of a node that are taken as evicted, as indices in Cluster::pods.
using Evicted = std::span<const std::uint32_t>;

class Filter {
 public:
  virtual ~Filter() = default;
  virtual void check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const = 0;
};

// nullptr when the pod gives the filter nothing to do. Reasons that hold for every node alike go to `refused`.
using MakeFilter = std::unique_ptr<Filter> (*)(const Cluster&, const Incoming&, Reasons& refused);

// In the order in which the scheduler asks them.
std::unique_ptr<Filter> node_unschedulable(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> node_name(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> taint_toleration(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> node_affinity(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> node_ports(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> resource_fit(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> volume_restrictions(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> volume_limits(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> volume_binding(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> volume_zone(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> topology_spread(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> inter_pod_affinity(const Cluster&, const Incoming&, Reasons&);
std::unique_ptr<Filter> dynamic_resources(const Cluster&, const Incoming&, Reasons&);

// Gates and scheduler name: before any filter runs.
void check_before_scheduling(const Incoming& incoming, Reasons& reasons);

// What the scheduler would look at and no filter does.
std::vector<Reason> not_judged(const Cluster&, const Incoming&);
// A DeviceClass of the cluster stands for this extended resource.
bool offered_by_device_class(const Cluster&, std::string_view resource);

// Whether a nominated pod keeps its place from the newcomer: it is another one and no less important.
bool keeps_place(const PodInfo& nominated, const Incoming& incoming);

// The first taint that no toleration covers; nullptr when there is none.
const Taint* untolerated(const NodeInfo& node, const std::vector<Toleration>& tolerations);

}  // namespace podcheck::scheduling
