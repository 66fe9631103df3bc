#include "scheduling/storage.hpp"

#include <algorithm>

#include "kube/selector.hpp"

namespace podcheck::scheduling {

using document::Node;
using kube::Quantity;

namespace {

constexpr std::string_view class_annotation = "volume.beta.kubernetes.io/storage-class";
constexpr std::string_view no_provisioner = "kubernetes.io/no-provisioner";

bool offers_modes(Node claim, Node volume) {
  for (Node wanted : claim["spec"]["accessModes"].items()) {
    bool offered = false;
    for (Node mode : volume["spec"]["accessModes"].items()) {
      offered = offered || mode.string() == wanted.string();
    }
    if (!offered) {
      return false;
    }
  }
  return true;
}

std::string texts(Node list) {
  std::string all;
  for (Node item : list.items()) {
    all += (all.empty() ? "" : ", ") + item.text();
  }
  return all;
}

}  // namespace

std::string_view class_of_claim(Node claim) {
  Node old = claim["metadata"]["annotations"][class_annotation];
  return old ? old.string() : claim["spec"]["storageClassName"].string();
}

std::string_view class_of_volume(Node volume) {
  Node old = volume["metadata"]["annotations"][class_annotation];
  return old ? old.string() : volume["spec"]["storageClassName"].string();
}

Quantity size_of_claim(Node claim) {
  return kube::quantity_of(claim["spec"]["resources"]["requests"]["storage"]).value_or(Quantity());
}

// pkg/scheduler/framework/plugins/volumebinding/binder.go isPVCFullyBound goes by the annotation that the controller
// sets; the phase says the same and survives where annotations were not kept.
bool is_bound(Node claim) {
  return !claim["spec"]["volumeName"].string().empty() &&
         (claim["status"]["phase"].string() == "Bound" ||
          claim["metadata"]["annotations"].has("pv.kubernetes.io/bind-completed"));
}

bool waits_for_consumer(const Cluster& cluster, Node claim) {
  Node storage_class = cluster.storage_class(class_of_claim(claim));
  return claim["spec"]["volumeName"].string().empty() &&
         storage_class["volumeBindingMode"].string() == "WaitForFirstConsumer";
}

bool is_reserved_for(Node volume, Node claim) {
  Node reference = volume["spec"]["claimRef"];
  Node metadata = claim["metadata"];
  if (reference["name"].string() != metadata["name"].string() ||
      reference["namespace"].string() != metadata["namespace"].string() || !reference) {
    return false;
  }
  std::string_view uid = reference["uid"].string();
  return uid.empty() || !metadata.has("uid") || uid == metadata["uid"].string();
}

Node default_class(const Cluster& cluster) {
  Node newest;
  for (Node candidate : cluster.objects().storage_classes) {
    Node annotations = candidate["metadata"]["annotations"];
    if (annotations["storageclass.kubernetes.io/is-default-class"].string() != "true" &&
        annotations["storageclass.beta.kubernetes.io/is-default-class"].string() != "true") {
      continue;
    }
    if (!newest ||
        candidate["metadata"]["creationTimestamp"].string() > newest["metadata"]["creationTimestamp"].string()) {
      newest = candidate;
    }
  }
  return newest;
}

// k8s.io/component-helpers/storage/volume/pv_helpers.go FindMatchingVolume
Match match(Node claim, Node volume) {
  bool reserved = is_reserved_for(volume, claim);
  if (volume["spec"].has("claimRef") && !reserved) {
    return Match::taken;
  }
  Quantity size = kube::quantity_of(volume["spec"]["capacity"]["storage"]).value_or(Quantity());
  if (size < size_of_claim(claim)) {
    return Match::too_small;
  }
  if (claim["spec"]["volumeMode"].string("Filesystem") != volume["spec"]["volumeMode"].string("Filesystem")) {
    return Match::volume_mode;
  }
  if (claim["spec"]["volumeAttributesClassName"].string() != volume["spec"]["volumeAttributesClassName"].string()) {
    return Match::attributes_class;
  }
  if (!volume["metadata"]["deletionTimestamp"].string().empty()) {
    return Match::deleting;
  }
  if (reserved) {
    return Match::fits;
  }
  if (volume["status"]["phase"].string("Available") != "Available") {
    return Match::not_available;
  }
  Node selector = claim["spec"]["selector"];
  if (selector.is_mapping() && !kube::matches(selector, volume["metadata"]["labels"])) {
    return Match::selector;
  }
  if (class_of_volume(volume) != class_of_claim(claim)) {
    return Match::other_class;
  }
  return offers_modes(claim, volume) ? Match::fits : Match::access_mode;
}

namespace {

// The claim names its volume: the controller binds that one or none.
BindingProblem named_volume_problem(const Cluster& cluster, Node claim, finding::Values values) {
  std::string_view name = claim["spec"]["volumeName"].string();
  Node volume = cluster.volume(name);
  values.emplace_back("volume", std::string(name));
  if (!volume) {
    return {"volume-missing", std::move(values)};
  }
  Quantity size = kube::quantity_of(volume["spec"]["capacity"]["storage"]).value_or(Quantity());
  values.emplace_back("size", kube::format_bytes(size));
  values.emplace_back("offered", texts(volume["spec"]["accessModes"]));
  if (size < size_of_claim(claim)) {
    return {"pv-too-small", std::move(values)};
  }
  if (!offers_modes(claim, volume)) {
    return {"pvc-access-mode-mismatch", std::move(values)};
  }
  if (volume["spec"].has("claimRef") && !is_reserved_for(volume, claim)) {
    return {"volume-taken", std::move(values)};
  }
  if (class_of_volume(volume) != class_of_claim(claim)) {
    return {"volume-other-class", std::move(values)};
  }
  return {};
}

}  // namespace

BindingProblem binding_problem(const Cluster& cluster, Node claim) {
  std::string_view class_name = class_of_claim(claim);
  finding::Values values = {{"claim", std::string(claim["metadata"]["name"].string())},
                            {"class", std::string(class_name)},
                            {"wanted", kube::format_bytes(size_of_claim(claim))},
                            {"modes", texts(claim["spec"]["accessModes"])}};
  if (!claim["spec"]["volumeName"].string().empty()) {
    return named_volume_problem(cluster, claim, std::move(values));
  }
  Node too_small;
  Node wrong_mode;
  for (Node volume : cluster.objects().volumes) {
    switch (match(claim, volume)) {
      case Match::fits:
        return {};
      case Match::access_mode:
        wrong_mode = volume;
        break;
      case Match::too_small:
        if (class_of_volume(volume) == class_name && !class_name.empty()) {
          too_small = volume;
        }
        break;
      default:
        break;
    }
  }
  bool names_class = claim["spec"].has("storageClassName") || !class_name.empty();
  Node storage_class = names_class ? cluster.storage_class(class_name) : default_class(cluster);
  std::string_view provisioner = storage_class["provisioner"].string();
  if (!provisioner.empty() && provisioner != no_provisioner) {
    return {};  // whether the provisioner acts cannot be told from its class
  }
  Node nearest = wrong_mode ? wrong_mode : too_small;
  if (nearest) {
    values.emplace_back("volume", std::string(nearest["metadata"]["name"].string()));
    values.emplace_back("offered", texts(nearest["spec"]["accessModes"]));
    values.emplace_back(
        "size", kube::format_bytes(kube::quantity_of(nearest["spec"]["capacity"]["storage"]).value_or(Quantity())));
    return {wrong_mode ? "pvc-access-mode-mismatch" : "pv-too-small", std::move(values)};
  }
  if (!storage_class && !class_name.empty()) {
    return {"storageclass-not-found", std::move(values)};
  }
  if (!storage_class && !names_class) {
    return {"no-default-storageclass", std::move(values)};
  }
  return {"volume-no-match", std::move(values)};
}

}  // namespace podcheck::scheduling
