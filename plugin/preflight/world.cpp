#include "preflight/world.hpp"

#include <algorithm>

#include "cluster/resource.hpp"
#include "kube/references.hpp"
#include "scheduling/storage.hpp"
#include "scheduling/value.hpp"

namespace podcheck::preflight {

using document::Node;
using scheduling::Value;

namespace {

std::string full_name(Node object) {
  Node metadata = object["metadata"];
  return std::string(metadata["namespace"].string()) + "/" + std::string(metadata["name"].string());
}

bool scoped_to_cluster(std::string_view kind) {
  const cluster::Resource* resource = cluster::resource_of_kind(kind);
  return resource != nullptr && !resource->namespaced;
}

}  // namespace

World::World(cluster::Snapshot& snapshot, const lint::Bundle& input, std::string default_namespace)
    : snapshot_(snapshot), input_(input), default_namespace_(std::move(default_namespace)) {}

Node World::keep(std::unique_ptr<document::Tree> tree) {
  trees_.push_back(std::move(tree));
  return trees_.back()->root();
}

Node World::with_namespace(Node object, std::string_view namespace_) {
  if (!object["metadata"]["namespace"].string().empty()) {
    return object;
  }
  Value changed = Value::from(object);
  changed.member("metadata").member("namespace") = Value::string(namespace_);
  return keep(changed.tree());
}

bool World::in_input(std::string_view kind, std::string_view namespace_, std::string_view name) const {
  return input_.find(kind, scoped_to_cluster(kind) ? std::string_view() : namespace_, name) != nullptr;
}

Node World::find(std::string_view kind, std::string_view namespace_, std::string_view name) {
  std::string_view scope = scoped_to_cluster(kind) ? std::string_view() : namespace_;
  if (const lint::BundleObject* own = input_.find(kind, scope, name)) {
    return own->object.root;
  }
  const cluster::Resource* resource = cluster::resource_of_kind(kind);
  return resource == nullptr ? Node() : snapshot_.get(resource->plural, scope, name);
}

bool World::knows(std::string_view kind, std::string_view namespace_) {
  const cluster::Resource* resource = cluster::resource_of_kind(kind);
  return resource != nullptr &&
         snapshot_.knows(resource->plural, resource->namespaced ? namespace_ : std::string_view());
}

std::vector<Node> World::all(std::string_view kind, std::string_view namespace_) {
  std::vector<Node> objects;
  bool everywhere = scoped_to_cluster(kind);
  for (const lint::BundleObject* own : input_.of_kind(kind, everywhere ? std::string_view() : namespace_)) {
    objects.push_back(everywhere ? own->object.root : with_namespace(own->object.root, own->namespace_));
  }
  std::size_t own_count = objects.size();
  const cluster::Resource* resource = cluster::resource_of_kind(kind);
  if (resource == nullptr) {
    return objects;
  }
  for (Node object : snapshot_.list(resource->plural, everywhere ? std::string_view() : namespace_).items) {
    bool replaced = false;
    for (std::size_t index = 0; index < own_count && !replaced; ++index) {
      replaced = full_name(objects[index]) == full_name(object);
    }
    if (!replaced) {
      objects.push_back(object);
    }
  }
  return objects;
}

std::vector<std::string> World::names(std::string_view kind, std::string_view namespace_) {
  std::vector<std::string> found;
  for (Node object : all(kind, namespace_)) {
    found.emplace_back(object["metadata"]["name"].string());
  }
  return found;
}

Node World::namespace_labels(std::string_view name) {
  return find("Namespace", {}, name)["metadata"]["labels"];
}

void World::add_claim(Node claim_template, std::string name, std::string_view namespace_) {
  if (find("PersistentVolumeClaim", namespace_, name)) {
    return;
  }
  Value claim = Value::from(claim_template);
  claim.member("metadata").member("name") = Value::string(name);
  claim.member("metadata").member("namespace") = Value::string(namespace_);
  new_claims_.push_back(keep(claim.tree()));
}

namespace {

// The volume that the controller would bind a new claim to; missing when there is none.
Node smallest_match(const scheduling::Objects& objects, Node claim, const std::vector<Node>& taken) {
  Node best;
  for (Node volume : objects.volumes) {
    if (scheduling::match(claim, volume) != scheduling::Match::fits ||
        std::find(taken.begin(), taken.end(), volume) != taken.end()) {
      continue;
    }
    auto size = [](Node node) {
      return kube::quantity_of(node["spec"]["capacity"]["storage"]).value_or(kube::Quantity());
    };
    if (!best || size(volume) < size(best)) {
      best = volume;
    }
  }
  return best;
}

}  // namespace

// The state of a claim that exists is the cluster's. A new claim that binds at once is taken through the binding here,
// because pods come later than that.
scheduling::Objects World::placement_objects(const LookedAt& looked_at) {
  scheduling::Objects objects;
  objects.namespaces = all("Namespace", {});
  objects.volumes = all("PersistentVolume", {});
  objects.storage_classes = all("StorageClass", {});
  objects.csi_nodes = snapshot_.list("csinodes").items;
  objects.csi_drivers = all("CSIDriver", {});
  objects.csi_capacities = snapshot_.list("csistoragecapacities").items;
  objects.priority_classes = all("PriorityClass", {});
  objects.runtime_classes = all("RuntimeClass", {});
  objects.claims = snapshot_.list("persistentvolumeclaims").items;
  if (looked_at.disruption_budgets) {
    objects.disruption_budgets = snapshot_.list("poddisruptionbudgets").items;
  }
  if (looked_at.volumes) {
    objects.volume_attachments = snapshot_.list("volumeattachments").items;
  }
  if (looked_at.devices) {
    objects.resource_claims = snapshot_.list("resourceclaims").items;  // the cluster's own have the status
    for (const lint::BundleObject* own : input_.of_kind("ResourceClaim")) {
      if (!snapshot_.get("resourceclaims", own->namespace_, own->object.name)) {
        objects.resource_claims.push_back(with_namespace(own->object.root, own->namespace_));
      }
    }
    objects.device_classes = all("DeviceClass", {});
    objects.resource_claims_known = knows("ResourceClaim", {}) && knows("DeviceClass", {});
  }

  std::vector<Node> fresh = new_claims_;
  for (const lint::BundleObject* own : input_.of_kind("PersistentVolumeClaim")) {
    if (!snapshot_.get("persistentvolumeclaims", own->namespace_, own->object.name)) {
      fresh.push_back(with_namespace(own->object.root, own->namespace_));
    }
  }
  scheduling::Cluster storage(objects);  // without nodes and pods: storage does not ask for them
  std::vector<Node> taken;
  for (Node claim : fresh) {
    Value changed = Value::from(claim);
    std::string_view class_name = scheduling::class_of_claim(claim);
    if (class_name.empty() && !claim["spec"].has("storageClassName")) {
      if (Node fallback = scheduling::default_class(storage)) {
        changed.member("spec").member("storageClassName") = Value::from(fallback["metadata"]["name"]);
      }
    }
    changed.member("status").member("phase") = Value::string("Pending");
    Node complete = keep(changed.tree());
    if (!scheduling::waits_for_consumer(storage, complete) &&
        scheduling::binding_problem(storage, complete).id.empty()) {
      Node volume = complete["spec"]["volumeName"].string().empty()
                        ? smallest_match(objects, complete, taken)
                        : storage.volume(complete["spec"]["volumeName"].string());
      if (volume) {
        taken.push_back(volume);
        changed.member("spec").member("volumeName") = Value::from(volume["metadata"]["name"]);
        changed.member("status").member("phase") = Value::string("Bound");
        complete = keep(changed.tree());
      } else {
        provisioned_later_.push_back(full_name(complete));
      }
    }
    objects.claims.push_back(complete);
  }
  objects.nodes = snapshot_.list("nodes").items;
  objects.pods = snapshot_.list("pods").items;
  return objects;
}

}  // namespace podcheck::preflight
