#include "cluster/resource.hpp"

#include <algorithm>

namespace podcheck::cluster {

namespace {

constexpr Resource table[] = {
    {"pods", "Pod", "v1", true, "pod po"},
    {"events", "Event", "v1", true, "event ev"},
    {"nodes", "Node", "v1", false, "node no"},
    {"namespaces", "Namespace", "v1", false, "namespace ns"},
    {"services", "Service", "v1", true, "service svc"},
    {"endpoints", "Endpoints", "v1", true, "endpoint ep"},
    {"endpointslices", "EndpointSlice", "discovery.k8s.io/v1", true, "endpointslice", "discovery.k8s.io/v1beta1"},
    {"configmaps", "ConfigMap", "v1", true, "configmap cm"},
    {"secrets", "Secret", "v1", true, "secret"},
    {"serviceaccounts", "ServiceAccount", "v1", true, "serviceaccount sa"},
    {"persistentvolumeclaims", "PersistentVolumeClaim", "v1", true, "persistentvolumeclaim pvc"},
    {"persistentvolumes", "PersistentVolume", "v1", false, "persistentvolume pv"},
    {"resourcequotas", "ResourceQuota", "v1", true, "resourcequota quota"},
    {"limitranges", "LimitRange", "v1", true, "limitrange limits"},
    {"replicationcontrollers", "ReplicationController", "v1", true, "replicationcontroller rc"},
    {"podtemplates", "PodTemplate", "v1", true, "podtemplate"},
    {"deployments", "Deployment", "apps/v1", true, "deployment deploy"},
    {"replicasets", "ReplicaSet", "apps/v1", true, "replicaset rs"},
    {"statefulsets", "StatefulSet", "apps/v1", true, "statefulset sts"},
    {"daemonsets", "DaemonSet", "apps/v1", true, "daemonset ds"},
    {"controllerrevisions", "ControllerRevision", "apps/v1", true, "controllerrevision"},
    {"jobs", "Job", "batch/v1", true, "job"},
    {"cronjobs", "CronJob", "batch/v1", true, "cronjob cj", "batch/v1beta1"},
    {"horizontalpodautoscalers", "HorizontalPodAutoscaler", "autoscaling/v2", true, "horizontalpodautoscaler hpa",
     "autoscaling/v1"},
    {"poddisruptionbudgets", "PodDisruptionBudget", "policy/v1", true, "poddisruptionbudget pdb", "policy/v1beta1"},
    {"networkpolicies", "NetworkPolicy", "networking.k8s.io/v1", true, "networkpolicy netpol"},
    {"ingresses", "Ingress", "networking.k8s.io/v1", true, "ingress ing"},
    {"storageclasses", "StorageClass", "storage.k8s.io/v1", false, "storageclass sc"},
    {"volumeattachments", "VolumeAttachment", "storage.k8s.io/v1", false, "volumeattachment"},
    {"csinodes", "CSINode", "storage.k8s.io/v1", false, "csinode"},
    {"csidrivers", "CSIDriver", "storage.k8s.io/v1", false, "csidriver"},
    {"csistoragecapacities", "CSIStorageCapacity", "storage.k8s.io/v1", true, "csistoragecapacity",
     "storage.k8s.io/v1beta1"},
    {"priorityclasses", "PriorityClass", "scheduling.k8s.io/v1", false, "priorityclass pc"},
    {"runtimeclasses", "RuntimeClass", "node.k8s.io/v1", false, "runtimeclass"},
    {"leases", "Lease", "coordination.k8s.io/v1", true, "lease"},
    {"roles", "Role", "rbac.authorization.k8s.io/v1", true, "role"},
    {"rolebindings", "RoleBinding", "rbac.authorization.k8s.io/v1", true, "rolebinding"},
    {"clusterroles", "ClusterRole", "rbac.authorization.k8s.io/v1", false, "clusterrole"},
    {"clusterrolebindings", "ClusterRoleBinding", "rbac.authorization.k8s.io/v1", false, "clusterrolebinding"},
    {"mutatingwebhookconfigurations", "MutatingWebhookConfiguration", "admissionregistration.k8s.io/v1", false,
     "mutatingwebhookconfiguration"},
    {"validatingwebhookconfigurations", "ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1", false,
     "validatingwebhookconfiguration"},
    {"resourceclaims", "ResourceClaim", "resource.k8s.io/v1", true, "resourceclaim",
     "resource.k8s.io/v1beta2 resource.k8s.io/v1beta1"},
    {"resourceclaimtemplates", "ResourceClaimTemplate", "resource.k8s.io/v1", true, "resourceclaimtemplate",
     "resource.k8s.io/v1beta2 resource.k8s.io/v1beta1"},
    {"resourceslices", "ResourceSlice", "resource.k8s.io/v1", false, "resourceslice",
     "resource.k8s.io/v1beta2 resource.k8s.io/v1beta1"},
    {"deviceclasses", "DeviceClass", "resource.k8s.io/v1", false, "deviceclass",
     "resource.k8s.io/v1beta2 resource.k8s.io/v1beta1"},
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool among(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    std::size_t space = words.find(' ');
    if (same_word(words.substr(0, space), word)) {
      return true;
    }
    words.remove_prefix(space == std::string_view::npos ? words.size() : space + 1);
  }
  return false;
}

}  // namespace

std::span<const Resource> resources() {
  return table;
}

const Resource* find_resource(std::string_view word) {
  std::string_view bare = word.substr(0, word.find('.'));
  for (const Resource& resource : table) {
    if (same_word(resource.plural, bare) || same_word(resource.kind, bare) || among(resource.aliases, bare)) {
      return &resource;
    }
  }
  return nullptr;
}

const Resource* resource_of_kind(std::string_view kind) {
  for (const Resource& resource : table) {
    if (resource.kind == kind) {
      return &resource;
    }
  }
  return nullptr;
}

std::string rest_path(const Resource& resource, std::string_view namespace_, std::string_view name,
                      std::string_view api_version) {
  std::string_view version = api_version.empty() ? resource.api_version : api_version;
  std::string path = version == "v1" ? "/api/v1" : "/apis/" + std::string(version);
  if (resource.namespaced && !namespace_.empty()) {
    path += "/namespaces/";
    path += namespace_;
  }
  path += '/';
  path += resource.plural;
  if (!name.empty()) {
    path += '/';
    path += name;
  }
  return path;
}

}  // namespace podcheck::cluster
