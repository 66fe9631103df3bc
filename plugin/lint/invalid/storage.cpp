#include <set>

#include "kube/names.hpp"
#include "kube/quantity.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr const char* rule = "claim-invalid";

void check_access_modes(Faults& faults, Node holder, Node modes) {
  if (!modes)
    faults.missing(rule, holder, "accessModes", "access-mode-missing");
  else if (modes.is_sequence() && modes.empty())
    faults.value(rule, "access-mode-missing", modes);
  bool once_pod = false;
  for (const Node mode : modes.items()) {
    choice(faults, rule, mode, {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"}, true);
    once_pod |= mode.string() == "ReadWriteOncePod";
  }
  if (once_pod && modes.size() > 1)
    faults.value(rule, "once-pod-alone", modes);
}

void check_data_source(Faults& faults, Node source) {
  if (!source.is_mapping())
    return;
  required(faults, rule, source, "name");
  const Node kind = required(faults, rule, source, "kind");
  if (string_or(get(source, "apiGroup"), "").empty() && kind.is_string() && kind.string() != "PersistentVolumeClaim")
    only_with(faults, rule, kind, "apiGroup");
}

void check_storage_amount(Faults& faults, Node node) {
  const auto amount = kube::quantity_of(node);
  if (amount && (amount->is_zero() || amount->is_negative()))
    faults.value(rule, "positive", node);
}

}  // namespace

void check_claim_spec(Faults& faults, Node holder, Node spec) {
  if (spec && !spec.is_mapping())
    return;
  if (!spec) {
    faults.missing(rule, holder, "spec.accessModes", "access-mode-missing");
    return;
  }
  label_selector(faults, rule, get(spec, "selector"));
  check_access_modes(faults, spec, get(spec, "accessModes"));
  const Node resources = get(spec, "resources");
  const Node requests = get(resources, "requests");
  const Node storage = get(requests, "storage");
  if ((!resources || resources.is_mapping()) && (!requests || requests.is_mapping())) {
    if (!storage)
      faults.missing(rule,
                     requests    ? requests
                     : resources ? resources
                                 : spec,
                     requests    ? "storage"
                     : resources ? "requests.storage"
                                 : "resources.requests.storage",
                     "storage-missing");
    else
      check_storage_amount(faults, storage);
  }
  if (const Node name = get(spec, "storageClassName"); !string_or(name, "").empty())
    dns_subdomain(faults, rule, name);
  if (const Node name = get(spec, "volumeAttributesClassName"); !string_or(name, "").empty())
    dns_subdomain(faults, rule, name);
  choice(faults, rule, get(spec, "volumeMode"), {"Block", "Filesystem"}, true);
  check_data_source(faults, get(spec, "dataSource"));
  check_data_source(faults, get(spec, "dataSourceRef"));
}

void check_claim(Faults& faults, Node object) {
  check_claim_spec(faults, object, get(object, "spec"));
}

void check_persistent_volume(Faults& faults, Node object) {
  const Node spec = get(object, "spec");
  if (spec && !spec.is_mapping())
    return;
  if (!spec) {
    faults.missing(rule, object, "spec.accessModes", "access-mode-missing");
    return;
  }
  check_access_modes(faults, spec, get(spec, "accessModes"));
  const Node capacity = get(spec, "capacity");
  if (!get(capacity, "storage"))
    faults.missing(rule, capacity ? capacity : spec, capacity ? "storage" : "capacity.storage", "storage-missing");
  else
    check_storage_amount(faults, get(capacity, "storage"));
  constexpr std::string_view sources[] = {"hostPath",
                                          "gcePersistentDisk",
                                          "awsElasticBlockStore",
                                          "nfs",
                                          "iscsi",
                                          "glusterfs",
                                          "rbd",
                                          "cinder",
                                          "cephfs",
                                          "flocker",
                                          "fc",
                                          "flexVolume",
                                          "azureFile",
                                          "vsphereVolume",
                                          "photonPersistentDisk",
                                          "azureDisk",
                                          "quobyte",
                                          "storageos",
                                          "portworxVolume",
                                          "scaleIO",
                                          "local",
                                          "csi"};
  Node first;
  for (const std::string_view source : sources) {
    const Node node = get(spec, source);
    if (!node)
      continue;
    if (first)
      not_with(faults, rule, node, first.key());
    first = node;
  }
  if (!first)
    faults.missing(rule, spec, "csi", "volume-source-missing");
  if (const Node path = get(spec, "hostPath"); path.is_mapping()) {
    required(faults, rule, path, "path");
    no_backsteps(faults, rule, get(path, "path"));
  }
  if (const Node nfs = get(spec, "nfs"); nfs.is_mapping()) {
    required(faults, rule, nfs, "server");
    const Node path = required(faults, rule, nfs, "path");
    if (path.is_string() && path.string()[0] != '/')
      faults.value(rule, "absolute-path", path);
  }
  if (const Node csi = get(spec, "csi"); csi.is_mapping()) {
    required(faults, rule, csi, "driver");
    required(faults, rule, csi, "volumeHandle");
  }
  const Node affinity = get(get(spec, "nodeAffinity"), "required");
  if (const Node local = get(spec, "local"); local.is_mapping()) {
    required(faults, rule, local, "path");
    if (!affinity)
      faults.missing(rule, spec, "nodeAffinity");
  }
  for (const Node term : get(affinity, "nodeSelectorTerms").items())
    check_node_selector_term(faults, term);
  choice(faults, rule, get(spec, "persistentVolumeReclaimPolicy"), {"Delete", "Recycle", "Retain"});
  choice(faults, rule, get(spec, "volumeMode"), {"Block", "Filesystem"}, true);
  if (const Node name = get(spec, "storageClassName"); !string_or(name, "").empty())
    dns_subdomain(faults, rule, name);
}

void check_storage_class(Faults& faults, Node object) {
  constexpr const char* storage = "storage-class-invalid";
  if (const Node provisioner = required(faults, storage, object, "provisioner"); provisioner.is_string()) {
    std::string lower(provisioner.string());
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c - 'A' + 'a');
    if (!kube::is_qualified_name(lower))
      faults.value(storage, "qualified-name", provisioner);
  }
  choice(faults, storage, get(object, "reclaimPolicy"), {"Delete", "Retain"}, true);
  choice(faults, storage, get(object, "volumeBindingMode"), {"Immediate", "WaitForFirstConsumer"}, true);
}

}  // namespace podcheck::lint::invalid
