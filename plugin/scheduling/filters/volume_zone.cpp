// VolumeZone: zone and region labels of a bound volume have to match the node's.
//
// pkg/scheduler/framework/plugins/volumezone/volume_zone.go. A volume may list several zones ("a__b"). A node without
// any zone or region label takes every volume; one that has the region only is refused by a volume with a zone. The old
// failure-domain labels of a volume are compared with the node's present ones when it lacks the old.
#include <algorithm>
#include <array>

#include "scheduling/filters/filter.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

struct TopologyLabel {
  std::string_view key;
  std::string_view present;  // today's name of it
};
constexpr std::array<TopologyLabel, 4> topology_labels = {{
    {"topology.kubernetes.io/zone", "topology.kubernetes.io/zone"},
    {"topology.kubernetes.io/region", "topology.kubernetes.io/region"},
    {"failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"},
    {"failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"},
}};

struct Zoned {
  TopologyLabel label;
  std::string_view values;
  std::string_view volume;
};

bool lists(std::string_view values, std::string_view wanted) {
  for (;;) {
    std::size_t end = values.find("__");
    if (values.substr(0, end) == wanted) {
      return true;
    }
    if (end == std::string_view::npos) {
      return false;
    }
    values.remove_prefix(end + 2);
  }
}

class VolumeZone : public Filter {
 public:
  explicit VolumeZone(std::vector<Zoned> zoned) : zoned_(std::move(zoned)) {}

  void check(const NodeInfo& node, Evicted, Reasons& reasons) const override {
    bool has_any = std::any_of(topology_labels.begin(), topology_labels.end(),
                               [&](const TopologyLabel& label) { return node.label(label.key).has_value(); });
    if (!has_any) {
      return;
    }
    for (const Zoned& zoned : zoned_) {
      std::optional<std::string_view> has = node.label(zoned.label.key);
      if (!has) {
        has = node.label(zoned.label.present);
      }
      if (has && lists(zoned.values, *has)) {
        continue;
      }
      if (Reason* reason = reasons.add("volume-zone-conflict", "VolumeZone", false)) {
        reason->values = {{"volume", std::string(zoned.volume)},
                          {"key", std::string(zoned.label.key)},
                          {"wanted", std::string(zoned.values)},
                          {"has", std::string(has.value_or(""))}};
      }
    }
  }

 private:
  std::vector<Zoned> zoned_;
};

}  // namespace

std::unique_ptr<Filter> volume_zone(const Cluster& cluster, const Incoming& incoming, Reasons&) {
  std::vector<Zoned> zoned;
  for (const ClaimUse& use : incoming.pod.claims) {
    if (use.ephemeral) {
      continue;
    }
    Node claim = cluster.claim(incoming.pod.namespace_, use.name);
    Node volume = cluster.volume(claim["spec"]["volumeName"].string());
    for (const TopologyLabel& label : topology_labels) {
      if (Node value = volume["metadata"]["labels"][label.key]) {
        zoned.push_back({label, value.string(), volume["metadata"]["name"].string()});
      }
    }
  }
  return zoned.empty() ? nullptr : std::make_unique<VolumeZone>(std::move(zoned));
}

}  // namespace podcheck::scheduling
