// VolumeBinding: claims have to exist, to be bound or bindable, and their volumes to be reachable from the node.
//
// pkg/scheduler/framework/plugins/volumebinding/{volume_binding,binder}.go:
// - Refused on every node at once: a claim that is missing, lost, being deleted, or unbound though its class binds
//   immediately. A claim that names its volume is "immediate" whatever its class says; so is one whose class is
//   missing.
// - A bound claim needs its volume, and the volume's node affinity has to match the node's labels.
// - Claims that wait for their first consumer are matched with the available volumes of their class, smallest request
//   first, each with the smallest volume that suits; the rest are provisioned if the class has a provisioner, its
//   allowedTopologies match the node, and, where the CSIDriver tracks capacity, a segment of the node has room.
// - A claim with the selected-node annotation can only go to that node.
#include <algorithm>

#include "kube/selector.hpp"
#include "scheduling/filters/filter.hpp"
#include "scheduling/storage.hpp"

namespace podcheck::scheduling {

using document::Node;
using kube::Quantity;

namespace {

constexpr std::string_view plugin = "VolumeBinding";
constexpr std::string_view no_provisioner = "kubernetes.io/no-provisioner";
constexpr std::string_view selected_node = "volume.kubernetes.io/selected-node";

bool terms_match(Node terms, const NodeInfo& node) {
  if (terms.empty()) {
    return true;
  }
  for (Node term : terms.items()) {
    bool all = !term["matchLabelExpressions"].empty();  // an empty term selects no node
    for (Node expression : term["matchLabelExpressions"].items()) {
      std::optional<std::string_view> has = node.label(expression["key"].string());
      bool listed = false;
      for (Node value : expression["values"].items()) {
        listed = listed || (has && value.string() == *has);
      }
      all = all && listed;
    }
    if (all) {
      return true;
    }
  }
  return false;
}

// A volume that a waiting claim could take, where its node affinity allows.
struct Candidate {
  Node volume;
  Quantity size;
  std::optional<NodeTerms> affinity;
  bool reserved = false;  // for this very claim
};

struct Waiting {
  Node claim;
  std::string name;
  Quantity size;
  std::string_view selected;  // the node that was chosen for provisioning
  std::vector<Candidate> candidates;
  Node storage_class;
  bool capacity_tracked = false;
};

struct Bound {
  std::string claim;
  std::string_view volume_name;
  Node volume;
  std::optional<NodeTerms> affinity;
};

std::optional<NodeTerms> affinity_of(Node volume) {
  Node required = volume["spec"]["nodeAffinity"]["required"];
  if (!required.is_mapping()) {
    return std::nullopt;
  }
  return node_terms(required);
}

class VolumeBinding : public Filter {
 public:
  VolumeBinding(const Cluster& cluster, std::vector<Bound> bound, std::vector<Waiting> waiting)
      : cluster_(cluster), bound_(std::move(bound)), waiting_(std::move(waiting)) {
    std::stable_sort(waiting_.begin(), waiting_.end(),
                     [](const Waiting& a, const Waiting& b) { return a.size < b.size; });
  }

  void check(const NodeInfo& node, Evicted, Reasons& reasons) const override {
    for (const Bound& bound : bound_) {
      check_bound(bound, node, reasons);
    }
    std::vector<Node> chosen;
    for (const Waiting& waiting : waiting_) {
      check_waiting(waiting, node, chosen, reasons);
    }
  }

 private:
  const Cluster& cluster_;
  std::vector<Bound> bound_;
  std::vector<Waiting> waiting_;

  static void check_bound(const Bound& bound, const NodeInfo& node, Reasons& reasons) {
    if (!bound.volume) {
      if (Reason* reason = reasons.add("volume-missing", plugin, false)) {
        reason->values = {{"claim", bound.claim}, {"volume", std::string(bound.volume_name)}};
      }
      return;
    }
    if (!bound.affinity || bound.affinity->matches(node)) {
      return;
    }
    if (Reason* reason = reasons.add("volume-node-affinity-conflict", plugin, false)) {
      std::string wanted;
      for (const NodeTerm& term : bound.affinity->terms) {
        std::string part;
        for (const kube::Requirement& requirement : term.labels) {
          part += (part.empty() ? "" : ", ") + describe(requirement);
        }
        wanted += (wanted.empty() ? "" : " | ") + part;
      }
      reason->values = {
          {"claim", bound.claim}, {"volume", std::string(bound.volume_name)}, {"wanted", std::move(wanted)}};
    }
  }

  void check_waiting(const Waiting& waiting, const NodeInfo& node, std::vector<Node>& chosen, Reasons& reasons) const {
    if (!waiting.selected.empty()) {
      if (waiting.selected != node.name) {
        if (Reason* reason = reasons.add("volume-no-match", plugin, false)) {
          reason->variant = "selected-node";
          reason->values = values(waiting);
          reason->values.emplace_back("node", std::string(waiting.selected));
        }
        return;
      }
    } else if (Node volume = smallest(waiting, node, chosen)) {
      chosen.push_back(volume);
      return;
    }
    provision(waiting, node, reasons);
  }

  static finding::Values values(const Waiting& waiting) {
    return {{"claim", waiting.name},
            {"class", std::string(class_of_claim(waiting.claim))},
            {"size", kube::format_bytes(waiting.size)},
            {"volumes", std::to_string(waiting.candidates.size())}};
  }

  static Node smallest(const Waiting& waiting, const NodeInfo& node, const std::vector<Node>& chosen) {
    const Candidate* best = nullptr;
    for (const Candidate& candidate : waiting.candidates) {
      if (std::find(chosen.begin(), chosen.end(), candidate.volume) != chosen.end()) {
        continue;
      }
      bool reachable = !candidate.affinity || candidate.affinity->matches(node);
      if (candidate.reserved) {
        return reachable ? candidate.volume : Node();
      }
      if (reachable && (best == nullptr || candidate.size < best->size)) {
        best = &candidate;
      }
    }
    return best == nullptr ? Node() : best->volume;
  }

  void provision(const Waiting& waiting, const NodeInfo& node, Reasons& reasons) const {
    std::string_view provisioner = waiting.storage_class["provisioner"].string();
    if (provisioner.empty() || provisioner == no_provisioner) {
      if (Reason* reason = reasons.add("volume-no-match", plugin, false)) {
        reason->values = values(waiting);
        if (waiting.candidates.empty()) {
          reason->variant = "none";
        }
      }
      return;
    }
    if (!terms_match(waiting.storage_class["allowedTopologies"], node)) {
      if (Reason* reason = reasons.add("volume-topology-mismatch", plugin, false)) {
        reason->values = values(waiting);
      }
      return;
    }
    if (waiting.capacity_tracked && !has_capacity(waiting, node)) {
      if (Reason* reason = reasons.add("volume-storage-capacity", plugin, false)) {
        reason->values = values(waiting);
        reason->values.emplace_back("largest", kube::format_bytes(largest(waiting, node)));
      }
    }
  }

  // The room in one segment: what a single volume may have at most.
  static Quantity room(Node capacity) {
    Node most = capacity["maximumVolumeSize"] ? capacity["maximumVolumeSize"] : capacity["capacity"];
    return kube::quantity_of(most).value_or(Quantity());
  }

  Quantity largest(const Waiting& waiting, const NodeInfo& node) const {
    Quantity most;
    for (Node capacity : cluster_.objects().csi_capacities) {
      if (capacity["storageClassName"].string() == waiting.storage_class["metadata"]["name"].string() &&
          capacity["nodeTopology"].is_mapping() && kube::matches(capacity["nodeTopology"], node.labels)) {
        most = std::max(most, room(capacity));
      }
    }
    return most;
  }

  bool has_capacity(const Waiting& waiting, const NodeInfo& node) const {
    return waiting.size.is_zero() || waiting.size <= largest(waiting, node);
  }
};

Waiting waiting_claim(const Cluster& cluster, Node claim, std::string_view name) {
  Waiting waiting;
  waiting.claim = claim;
  waiting.name = name;
  waiting.size = size_of_claim(claim);
  waiting.selected = claim["metadata"]["annotations"][selected_node].string();
  waiting.storage_class = cluster.storage_class(class_of_claim(claim));
  waiting.capacity_tracked =
      cluster.csi_driver(waiting.storage_class["provisioner"].string())["spec"]["storageCapacity"].boolean().value_or(
          false);
  for (Node volume : cluster.objects().volumes) {
    if (class_of_volume(volume) == class_of_claim(claim) && match(claim, volume) == Match::fits) {
      waiting.candidates.push_back({volume,
                                    kube::quantity_of(volume["spec"]["capacity"]["storage"]).value_or(Quantity()),
                                    affinity_of(volume), is_reserved_for(volume, claim)});
    }
  }
  return waiting;
}

bool is_owned_by(Node claim, Node pod) {
  std::string_view uid = pod["metadata"]["uid"].string();
  for (Node owner : claim["metadata"]["ownerReferences"].items()) {
    if (owner["controller"].boolean().value_or(false) && owner["kind"].string() == "Pod" &&
        (uid.empty() ? owner["name"].string() == pod["metadata"]["name"].string() : owner["uid"].string() == uid)) {
      return true;
    }
  }
  return false;
}

// False: the claim stops the pod everywhere; the reason is written.
bool is_usable(const Cluster& cluster, const Incoming& incoming, const ClaimUse& use, Node claim, Reasons& refused) {
  auto refuse = [&](std::string_view id, finding::Values more) {
    if (Reason* reason = refused.add(id, plugin, false)) {
      reason->values = {{"claim", use.name}};
      reason->values.insert(reason->values.end(), more.begin(), more.end());
    }
    return false;
  };
  std::string_view volume_name = claim["spec"]["volumeName"].string();
  if (!claim) {
    return refuse(use.ephemeral ? "volume-claim-not-created" : "pvc-not-found", {});
  }
  if (claim["status"]["phase"].string() == "Lost") {
    return refuse("pvc-lost", {{"volume", std::string(volume_name)}});
  }
  if (!claim["metadata"]["deletionTimestamp"].string().empty()) {
    return refuse("volume-claim-deleting", {});
  }
  if (use.ephemeral && !is_owned_by(claim, incoming.pod.object)) {
    return refuse("volume-claim-foreign", {});
  }
  if (!is_bound(claim) && !waits_for_consumer(cluster, claim)) {
    BindingProblem problem = binding_problem(cluster, claim);
    if (Reason* reason = refused.add("volume-unbound", plugin, false)) {
      reason->variant = problem.id;
      reason->values = std::move(problem.values);
      if (reason->values.empty()) {
        reason->values = {{"claim", use.name}, {"class", std::string(class_of_claim(claim))}};
      }
    }
    return false;
  }
  return true;
}

}  // namespace

std::unique_ptr<Filter> volume_binding(const Cluster& cluster, const Incoming& incoming, Reasons& refused) {
  std::vector<Bound> bound;
  std::vector<Waiting> waiting;
  for (const ClaimUse& use : incoming.pod.claims) {
    Node claim = cluster.claim(incoming.pod.namespace_, use.name);
    if (!is_usable(cluster, incoming, use, claim, refused)) {
      continue;
    }
    if (is_bound(claim)) {
      std::string_view name = claim["spec"]["volumeName"].string();
      Node volume = cluster.volume(name);
      bound.push_back({use.name, name, volume, affinity_of(volume)});
    } else {
      waiting.push_back(waiting_claim(cluster, claim, use.name));
    }
  }
  if (bound.empty() && waiting.empty()) {
    return nullptr;
  }
  return std::make_unique<VolumeBinding>(cluster, std::move(bound), std::move(waiting));
}

}  // namespace podcheck::scheduling
