// DynamicResources, as far as objects decide without allocating devices: claims that are missing, going away or in use,
// device classes that do not exist, devices that were allocated for other nodes.
//
// pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go:
// - PreEnqueue and PreFilter refuse the pod everywhere while a claim does not exist, is being deleted, or a DeviceClass
//   of an unallocated claim is missing. A claim that a template makes is named in status.resourceClaimStatuses; an
//   entry without a name needs none.
// - An allocated claim ties the pod to the nodes of status.allocation.nodeSelector, and takes 256 pods at most.
// - Whether devices for an unallocated claim are free is decided from ResourceSlices with CEL: see not_judged.cpp.
#include <algorithm>

#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

constexpr std::string_view plugin = "DynamicResources";
constexpr std::size_t most_reservations = 256;

// The claim of an entry of spec.resourceClaims; nothing when it needs none. Empty: not made yet.
std::optional<std::string_view> claim_name(Node pod, Node entry) {
  if (Node name = entry["resourceClaimName"]) {
    return name.string();
  }
  for (Node status : pod["status"]["resourceClaimStatuses"].items()) {
    if (status["name"].string() == entry["name"].string()) {
      return status.has("resourceClaimName") ? std::optional(status["resourceClaimName"].string()) : std::nullopt;
    }
  }
  return "";
}

// The first device class of a claim that does not exist; empty when all do. A request names it, or its alternatives do.
std::string missing_class(const Cluster& cluster, Node claim) {
  auto is_missing = [&](Node request) {
    std::string_view name = request["deviceClassName"].string();
    return !name.empty() && !cluster.device_class(name);
  };
  for (Node request : claim["spec"]["devices"]["requests"].items()) {
    Node exactly = request["exactly"] ? request["exactly"] : request;  // v1beta1 had no "exactly"
    if (is_missing(exactly)) {
      return std::string(exactly["deviceClassName"].string());
    }
    for (Node alternative : request["firstAvailable"].items()) {
      if (is_missing(alternative)) {
        return std::string(alternative["deviceClassName"].string());
      }
    }
  }
  return {};
}

bool is_reserved_for(Node claim, Node pod) {
  for (Node holder : claim["status"]["reservedFor"].items()) {
    if (holder["uid"].string() == pod["metadata"]["uid"].string()) {
      return true;
    }
  }
  return false;
}

struct Allocated {
  std::string claim;
  NodeTerms nodes;
};

class DynamicResources : public Filter {
 public:
  explicit DynamicResources(std::vector<Allocated> allocated) : allocated_(std::move(allocated)) {}

  void check(const NodeInfo& node, Evicted, Reasons& reasons) const override {
    for (const Allocated& claim : allocated_) {
      if (claim.nodes.matches(node)) {
        continue;
      }
      if (Reason* reason = reasons.add("resource-claim-elsewhere", plugin, false)) {
        reason->values = {{"claim", claim.claim}};
      }
    }
  }

 private:
  std::vector<Allocated> allocated_;
};

void refuse(Reasons& refused, std::string_view id, std::string_view variant, finding::Values values) {
  if (Reason* reason = refused.add(id, plugin, false)) {
    reason->variant = variant;
    reason->values = std::move(values);
  }
}

}  // namespace

std::unique_ptr<Filter> dynamic_resources(const Cluster& cluster, const Incoming& incoming, Reasons& refused) {
  std::vector<Allocated> allocated;
  Node pod = incoming.pod.object;
  if (!cluster.objects().resource_claims_known) {
    return nullptr;
  }
  for (Node entry : pod["spec"]["resourceClaims"].items()) {
    std::optional<std::string_view> name = claim_name(pod, entry);
    if (!name) {
      continue;
    }
    Node claim = cluster.resource_claim(incoming.pod.namespace_, *name);
    std::string text(name->empty() ? entry["name"].string() : *name);
    if (!claim) {
      refuse(refused, "resource-claim-missing", name->empty() ? "not-created" : "", {{"claim", text}});
    } else if (!claim["metadata"]["deletionTimestamp"].string().empty()) {
      refuse(refused, "resource-claim-missing", "deleting", {{"claim", text}});
    } else if (Node allocation = claim["status"]["allocation"]) {
      if (claim["status"]["reservedFor"].size() >= most_reservations && !is_reserved_for(claim, pod)) {
        refuse(refused, "resource-claim-in-use", "", {{"claim", text}});
      }
      if (Node nodes = allocation["nodeSelector"]) {
        allocated.push_back({text, node_terms(nodes)});
      }
    } else if (std::string missing = missing_class(cluster, claim); !missing.empty()) {
      refuse(refused, "device-class-missing", "", {{"claim", text}, {"class", missing}});
    }
  }
  return allocated.empty() ? nullptr : std::make_unique<DynamicResources>(std::move(allocated));
}

}  // namespace podcheck::scheduling
