// VolumeRestrictions: a ReadWriteOncePod claim in use anywhere, and in-tree disks that only one pod may mount.
//
// pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go. The ReadWriteOncePod check refuses every
// node, not only the one where the other pod runs; evicting that pod helps on its own node. In-tree disks: GCE PD,
// iSCSI and RBD may be shared read-only, AWS EBS never. Other volume types are not compared.
#include <algorithm>

#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

bool both_read_only(Node a, Node b) {
  return a["readOnly"].boolean().value_or(false) && b["readOnly"].boolean().value_or(false);
}

bool share_a_monitor(Node a, Node b) {
  for (Node one : a["monitors"].items()) {
    for (Node other : b["monitors"].items()) {
      if (one.string() == other.string()) {
        return true;
      }
    }
  }
  return false;
}

bool conflict(Node a, Node b) {
  if (Node x = a["gcePersistentDisk"], y = b["gcePersistentDisk"]; x && y) {
    return x["pdName"].string() == y["pdName"].string() && !both_read_only(x, y);
  }
  if (Node x = a["awsElasticBlockStore"], y = b["awsElasticBlockStore"]; x && y) {
    return x["volumeID"].string() == y["volumeID"].string();
  }
  if (Node x = a["iscsi"], y = b["iscsi"]; x && y) {
    return x["iqn"].string() == y["iqn"].string() && !both_read_only(x, y);
  }
  if (Node x = a["rbd"], y = b["rbd"]; x && y) {
    return share_a_monitor(x, y) && x["pool"].string("rbd") == y["pool"].string("rbd") &&
           x["image"].string() == y["image"].string() && !both_read_only(x, y);
  }
  return false;
}

bool is_exclusive_disk(Node volume) {
  return volume.has("gcePersistentDisk") || volume.has("awsElasticBlockStore") || volume.has("iscsi") ||
         volume.has("rbd");
}

bool only_one_pod(Node claim) {
  for (Node mode : claim["spec"]["accessModes"].items()) {
    if (mode.string() == "ReadWriteOncePod") {
      return true;
    }
  }
  return false;
}

struct HeldClaim {
  std::string name;
  std::vector<std::uint32_t> holders;
};

std::string full_name(const PodInfo& pod) {
  return std::string(pod.namespace_) + "/" + std::string(pod.name);
}

class VolumeRestrictions : public Filter {
 public:
  VolumeRestrictions(const Cluster& cluster, std::vector<HeldClaim> held, std::vector<Node> disks)
      : cluster_(cluster), held_(std::move(held)), disks_(std::move(disks)) {}

  void check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const override {
    for (Node disk : disks_) {
      check_disk(disk, node, evicted, reasons);
    }
    for (const HeldClaim& claim : held_) {
      auto holder = std::find_if(claim.holders.begin(), claim.holders.end(), [&](std::uint32_t index) {
        return std::find(evicted.begin(), evicted.end(), index) == evicted.end();
      });
      if (holder == claim.holders.end()) {
        continue;
      }
      if (Reason* reason = reasons.add("rwop-claim-in-use", "VolumeRestrictions", true)) {
        reason->values = {{"claim", claim.name}, {"holder", full_name(cluster_.pods()[*holder])}};
      }
    }
  }

 private:
  const Cluster& cluster_;
  std::vector<HeldClaim> held_;
  std::vector<Node> disks_;

  void check_disk(Node disk, const NodeInfo& node, Evicted evicted, Reasons& reasons) const {
    for (std::uint32_t index : node.pods) {
      if (std::find(evicted.begin(), evicted.end(), index) != evicted.end()) {
        continue;
      }
      for (Node volume : cluster_.pods()[index].object["spec"]["volumes"].items()) {
        if (!conflict(disk, volume)) {
          continue;
        }
        if (Reason* reason = reasons.add("volume-disk-in-use", "VolumeRestrictions", true)) {
          reason->values = {{"volume", std::string(disk["name"].string())},
                            {"holder", full_name(cluster_.pods()[index])}};
        }
      }
    }
  }
};

}  // namespace

std::unique_ptr<Filter> volume_restrictions(const Cluster& cluster, const Incoming& incoming, Reasons&) {
  std::vector<HeldClaim> held;
  for (const ClaimUse& use : incoming.pod.claims) {
    const std::vector<std::uint32_t>& holders = cluster.pods_with_claim(incoming.pod.namespace_, use.name);
    if (!use.ephemeral && !holders.empty() && only_one_pod(cluster.claim(incoming.pod.namespace_, use.name))) {
      held.push_back({use.name, holders});
    }
  }
  std::vector<Node> disks;
  for (Node volume : incoming.pod.object["spec"]["volumes"].items()) {
    if (is_exclusive_disk(volume)) {
      disks.push_back(volume);
    }
  }
  if (held.empty() && disks.empty()) {
    return nullptr;
  }
  return std::make_unique<VolumeRestrictions>(cluster, std::move(held), std::move(disks));
}

}  // namespace podcheck::scheduling
