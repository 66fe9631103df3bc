#include <algorithm>

#include "kube/names.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr std::size_t most_annotation_bytes = 256 << 10;
constexpr std::string_view last_applied = "kubectl.kubernetes.io/last-applied-configuration";
// Service names may begin with a digit since this minor version.
constexpr int relaxed_service_names = 36;

enum class NameRule { subdomain, label, label_1035, path_segment };

struct KindName {
  std::string_view kind;
  NameRule rule;
};

// Kinds whose names are no DNS subdomains, or whose rules are not known to be stricter than a path segment.
NameRule name_rule(std::string_view api_version, std::string_view kind, int minor) {
  constexpr std::string_view subdomains[] = {"Pod",
                                             "Deployment",
                                             "ReplicaSet",
                                             "ReplicationController",
                                             "DaemonSet",
                                             "Job",
                                             "CronJob",
                                             "PodTemplate",
                                             "ConfigMap",
                                             "Secret",
                                             "PersistentVolumeClaim",
                                             "PersistentVolume",
                                             "Ingress",
                                             "IngressClass",
                                             "NetworkPolicy",
                                             "HorizontalPodAutoscaler",
                                             "PodDisruptionBudget",
                                             "ResourceQuota",
                                             "LimitRange",
                                             "ServiceAccount",
                                             "StorageClass",
                                             "PriorityClass",
                                             "RuntimeClass",
                                             "Node",
                                             "Endpoints",
                                             "CSIDriver",
                                             "CSINode",
                                             "VolumeAttachment",
                                             "ControllerRevision",
                                             "Lease",
                                             "EndpointSlice"};
  if (kind == "Service")
    return minor >= relaxed_service_names ? NameRule::label : NameRule::label_1035;
  if (kind == "Namespace" || kind == "StatefulSet")
    return NameRule::label;
  const std::string_view group = api_version.substr(0, std::min(api_version.find('/'), api_version.size()));
  const bool built_in = group.find('.') == std::string_view::npos || group.find(".k8s.io") != std::string_view::npos;
  const bool known = std::find(std::begin(subdomains), std::end(subdomains), kind) != std::end(subdomains);
  if (!built_in)
    return NameRule::subdomain;  // custom resources
  return known ? NameRule::subdomain : NameRule::path_segment;
}

bool is_path_segment(std::string_view name) {
  return name != "." && name != ".." && name.find_first_of("/%") == std::string_view::npos;
}

void check_name(Faults& faults, Node metadata, Node name, NameRule rule) {
  bool valid = false;
  const char* variant = "dns-subdomain";
  switch (rule) {
    case NameRule::subdomain:
      valid = kube::is_dns1123_subdomain(name.string());
      break;
    case NameRule::label:
      valid = kube::is_dns1123_label(name.string());
      variant = "dns-label";
      break;
    case NameRule::label_1035:
      valid = kube::is_dns1035_label(name.string());
      variant = "dns-1035-label";
      break;
    case NameRule::path_segment:
      valid = is_path_segment(name.string());
      variant = "path-segment";
      break;
  }
  if (valid)
    return;
  const std::string better = kube::suggest_name(name.string());
  Hit& hit = faults.value("name-invalid", variant, name, {{"suggestion", better}});
  if (!better.empty() && metadata)
    hit.changes.push_back({Hit::Change::Kind::replace_value, name, {}, better});
}

// Bytes of the compact JSON that kubectl writes into its last-applied annotation: nulls dropped, <, > and & escaped.
std::size_t applied_size(Node node) {
  std::size_t size = 0;
  if (node.is_mapping()) {
    size = 2;
    for (const auto& member : node.members())
      if (!member.value.is_null())
        size += member.key.size() + 4 + applied_size(member.value);
    return size;
  }
  if (node.is_sequence()) {
    size = 2;
    for (const Node item : node.items())
      size += 1 + applied_size(item);
    return size;
  }
  if (!node.is_string())
    return node.text().size();
  size = 2;
  for (const char c : node.string()) {
    if (c == '"' || c == '\\' || c == '\n' || c == '\t' || c == '\r')
      size += 2;
    else if (c == '<' || c == '>' || c == '&' || static_cast<unsigned char>(c) < 0x20)
      size += 6;
    else
      size += 1;
  }
  return size;
}

void check_size(Faults& faults, Node object, Node metadata) {
  std::size_t size = last_applied.size() + 1;  // kubectl adds a line end
  for (const auto& member : get(metadata, "annotations").members())
    if (member.key != last_applied)
      size += member.key.size() + member.value.string().size();
  size += applied_size(object);
  if (size <= most_annotation_bytes)
    return;
  Hit& hit = faults.value("object-too-large", "", metadata ? metadata : object,
                          {{"size", std::to_string(size >> 10)}, {"maximum", "256"}});
  hit.absent.clear();
}

void check_owners(Faults& faults, Node metadata) {
  bool controller = false;
  for (const Node owner : get(metadata, "ownerReferences").items()) {
    if (!is_struct(owner))
      continue;
    for (const char* key : {"apiVersion", "kind", "name", "uid"})
      required(faults, "owner-reference-invalid", owner, key);
    if (is_true(get(owner, "controller"))) {
      if (controller)
        faults.value("owner-reference-invalid", "two-controllers", get(owner, "controller"));
      controller = true;
    }
  }
  for (const Node finalizer : get(metadata, "finalizers").items())
    if (finalizer.is_string())
      qualified_name(faults, "finalizer-invalid", finalizer);
}

}  // namespace

void check_metadata(Faults& faults, Node object, std::string_view api_version, std::string_view kind) {
  const Node metadata = get(object, "metadata");
  const Node name = get(metadata, "name");
  if ((metadata && !metadata.is_mapping()) || (name && !name.is_string()))
    return;
  if (string_or(name, "").empty()) {
    const Node generate = get(metadata, "generateName");
    if (generate)
      // Written for kubectl create, which is where it belongs.
      faults.key("name-missing", "generate-name", generate).severity = finding::Severity::info;
    else if (name)
      faults.value("name-missing", "", name);
    else
      faults.missing("name-missing", metadata ? metadata : object, metadata ? "name" : "metadata.name", "");
  } else {
    check_name(faults, metadata, name, name_rule(api_version, kind, faults.minor()));
  }
  if (const Node space = get(metadata, "namespace"); !string_or(space, "").empty())
    dns_label(faults, "name-invalid", space);
  labels(faults, get(metadata, "labels"));
  annotations(faults, get(metadata, "annotations"));
  check_owners(faults, metadata);
  check_size(faults, object, metadata);
}

}  // namespace podcheck::lint::invalid
