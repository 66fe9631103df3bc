// NodeVolumeLimits: how many volumes of a CSI driver can be attached to a node.
//
// pkg/scheduler/framework/plugins/nodevolumelimits/csi.go. Volumes are counted once, however many pods of the node use
// them; one that is attached already costs nothing, and VolumeAttachments without a pod count as well. A claim without
// a volume counts with its class's provisioner. Without a CSINode, without the driver in it or without
// allocatable.count there is no limit.
#include <algorithm>
#include <string>

#include "scheduling/filters/filter.hpp"
#include "scheduling/storage.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

struct Attached {
  std::string driver;
  std::string handle;
  bool operator==(const Attached&) const = default;
};

void add_volumes(const Cluster& cluster, const PodInfo& pod, std::vector<Attached>& volumes) {
  for (const ClaimUse& use : pod.claims) {
    Node claim = cluster.claim(pod.namespace_, use.name);
    if (!claim) {
      continue;
    }
    Attached volume;
    Node csi = cluster.volume(claim["spec"]["volumeName"].string())["spec"]["csi"];
    if (csi) {
      volume = {std::string(csi["driver"].string()), std::string(csi["volumeHandle"].string())};
    } else if (!cluster.volume(claim["spec"]["volumeName"].string())) {
      Node storage_class = cluster.storage_class(class_of_claim(claim));
      volume = {std::string(storage_class["provisioner"].string()),
                std::string(pod.namespace_) + "/" + std::string(use.name)};
    }
    if (!volume.driver.empty() && std::find(volumes.begin(), volumes.end(), volume) == volumes.end()) {
      volumes.push_back(std::move(volume));
    }
  }
}

class VolumeLimits : public Filter {
 public:
  VolumeLimits(const Cluster& cluster, std::vector<Attached> wanted) : cluster_(cluster), wanted_(std::move(wanted)) {}

  void check(const NodeInfo& node, Evicted evicted, Reasons& reasons) const override {
    Node drivers = cluster_.csi_node(node.name)["spec"]["drivers"];
    if (drivers.empty()) {
      return;
    }
    std::vector<Attached> attached;
    for (std::uint32_t index : node.with_claims) {
      if (std::find(evicted.begin(), evicted.end(), index) == evicted.end()) {
        add_volumes(cluster_, cluster_.pods()[index], attached);
      }
    }
    add_attachments(node, attached);
    for (Node driver : drivers.items()) {
      std::optional<std::int64_t> limit = driver["allocatable"]["count"].integer();
      std::string_view name = driver["name"].string();
      if (!limit) {
        continue;
      }
      auto of_driver = [&](const Attached& volume) { return volume.driver == name; };
      auto is_new = [&](const Attached& volume) {
        return of_driver(volume) && std::find(attached.begin(), attached.end(), volume) == attached.end();
      };
      std::int64_t held = std::count_if(attached.begin(), attached.end(), of_driver);
      std::int64_t more = std::count_if(wanted_.begin(), wanted_.end(), is_new);
      if (more == 0 || held + more <= *limit) {
        continue;
      }
      if (Reason* reason = reasons.add("volume-limit", "NodeVolumeLimits", true)) {
        reason->values = {{"driver", std::string(name)},
                          {"attached", std::to_string(held)},
                          {"more", std::to_string(more)},
                          {"limit", std::to_string(*limit)}};
      }
    }
  }

 private:
  const Cluster& cluster_;
  std::vector<Attached> wanted_;

  // Volumes that are still attached though no pod of the node uses them any more.
  void add_attachments(const NodeInfo& node, std::vector<Attached>& attached) const {
    for (Node attachment : cluster_.objects().volume_attachments) {
      Node spec = attachment["spec"];
      if (spec["nodeName"].string() != node.name) {
        continue;
      }
      Node csi = cluster_.volume(spec["source"]["persistentVolumeName"].string())["spec"]["csi"];
      Attached volume{std::string(spec["attacher"].string()), std::string(csi["volumeHandle"].string())};
      if (csi && std::find(attached.begin(), attached.end(), volume) == attached.end()) {
        attached.push_back(std::move(volume));
      }
    }
  }
};

}  // namespace

std::unique_ptr<Filter> volume_limits(const Cluster& cluster, const Incoming& incoming, Reasons&) {
  std::vector<Attached> wanted;
  add_volumes(cluster, incoming.pod, wanted);
  return wanted.empty() ? nullptr : std::make_unique<VolumeLimits>(cluster, std::move(wanted));
}

}  // namespace podcheck::scheduling
