// Claims, volumes and classes as the scheduler's volume plugins and the volume controller read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "finding/finding.hpp"
#include "kube/quantity.hpp"
#include "scheduling/cluster.hpp"

namespace podcheck::scheduling {

// spec.storageClassName, or the old annotation, which wins.
std::string_view class_of_claim(document::Node claim);
std::string_view class_of_volume(document::Node volume);
kube::Quantity size_of_claim(document::Node claim);
// spec.volumeName is set and the controller has completed the binding.
bool is_bound(document::Node claim);
// The claim's class waits for the first consumer, and no volume is named yet.
bool waits_for_consumer(const Cluster& cluster, document::Node claim);
// The volume's claimRef names this claim (and its uid, where both have one).
bool is_reserved_for(document::Node volume, document::Node claim);
// The class that a claim without storageClassName gets; the newest where several are marked. Missing: none.
document::Node default_class(const Cluster& cluster);

// Why an available volume does not suit a claim, the first reason of these; `fits`: it does.
enum class Match : std::uint8_t {
  fits,
  taken,
  too_small,
  volume_mode,
  attributes_class,
  deleting,
  not_available,
  selector,
  other_class,
  access_mode
};
Match match(document::Node claim, document::Node volume);

// Why a claim that binds at once is not bound: what the volume controller would find.
struct BindingProblem {
  std::string id;  // storageclass-not-found, no-default-storageclass, provisioner-not-responding, pv-too-small,
                   // pvc-access-mode-mismatch, volume-unbound
  finding::Values values;
};
// For a claim that is not bound; `id` is empty when a volume can be had.
BindingProblem binding_problem(const Cluster& cluster, document::Node claim);

}  // namespace podcheck::scheduling
