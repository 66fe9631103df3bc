#include "lint/invalid/versions.hpp"

#include <algorithm>

#include "catalogue/catalogue.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

// API versions that were gone before the oldest version whose types are known.
// https://kubernetes.io/docs/reference/using-api/deprecation-guide/
struct Removal {
  std::string_view api_version;
  std::string_view kind;  // empty: all kinds of that version
  std::string_view removed;
  std::string_view replacement;  // empty: none
  bool same_schema = false;      // only apiVersion changes
};

constexpr Removal removals[] = {
    {"extensions/v1beta1", "Deployment", "1.16", "apps/v1"},
    {"extensions/v1beta1", "DaemonSet", "1.16", "apps/v1"},
    {"extensions/v1beta1", "ReplicaSet", "1.16", "apps/v1"},
    {"extensions/v1beta1", "NetworkPolicy", "1.16", "networking.k8s.io/v1", true},
    {"extensions/v1beta1", "PodSecurityPolicy", "1.16", ""},
    {"extensions/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"},
    {"apps/v1beta1", "", "1.16", "apps/v1"},
    {"apps/v1beta2", "", "1.16", "apps/v1"},
    {"networking.k8s.io/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"},
    {"networking.k8s.io/v1beta1", "IngressClass", "1.22", "networking.k8s.io/v1", true},
    {"rbac.authorization.k8s.io/v1alpha1", "", "1.22", "rbac.authorization.k8s.io/v1"},
    {"rbac.authorization.k8s.io/v1beta1", "", "1.22", "rbac.authorization.k8s.io/v1", true},
    {"scheduling.k8s.io/v1beta1", "PriorityClass", "1.22", "scheduling.k8s.io/v1", true},
    {"storage.k8s.io/v1beta1", "StorageClass", "1.22", "storage.k8s.io/v1", true},
    {"storage.k8s.io/v1beta1", "VolumeAttachment", "1.22", "storage.k8s.io/v1", true},
    {"storage.k8s.io/v1beta1", "CSIDriver", "1.22", "storage.k8s.io/v1", true},
    {"storage.k8s.io/v1beta1", "CSINode", "1.22", "storage.k8s.io/v1", true},
    {"storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.27", "storage.k8s.io/v1", true},
    {"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", "1.22", "admissionregistration.k8s.io/v1"},
    {"admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", "1.22",
     "admissionregistration.k8s.io/v1"},
    {"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.22", "apiextensions.k8s.io/v1"},
    {"apiregistration.k8s.io/v1beta1", "APIService", "1.22", "apiregistration.k8s.io/v1", true},
    {"authentication.k8s.io/v1beta1", "TokenReview", "1.22", "authentication.k8s.io/v1"},
    {"authorization.k8s.io/v1beta1", "", "1.22", "authorization.k8s.io/v1"},
    {"certificates.k8s.io/v1beta1", "CertificateSigningRequest", "1.22", "certificates.k8s.io/v1"},
    {"coordination.k8s.io/v1beta1", "Lease", "1.22", "coordination.k8s.io/v1", true},
    {"batch/v1beta1", "CronJob", "1.25", "batch/v1", true},
    {"batch/v2alpha1", "CronJob", "1.21", "batch/v1", true},
    {"discovery.k8s.io/v1beta1", "EndpointSlice", "1.25", "discovery.k8s.io/v1"},
    {"events.k8s.io/v1beta1", "Event", "1.25", "events.k8s.io/v1"},
    {"autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.25", "autoscaling/v2"},
    {"autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.26", "autoscaling/v2", true},
    {"policy/v1beta1", "PodDisruptionBudget", "1.25", "policy/v1"},
    {"policy/v1beta1", "PodSecurityPolicy", "1.25", ""},
    {"node.k8s.io/v1beta1", "RuntimeClass", "1.25", "node.k8s.io/v1", true},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "", "1.26", "flowcontrol.apiserver.k8s.io/v1"},
};

std::string version(int minor) {
  return "1." + std::to_string(minor);
}

// The API version of the same group that has the kind now.
std::string replacement(const schema::Types& types, std::string_view group, std::string_view kind, int minor) {
  std::string best;
  for (const schema::Kind& candidate : types.kinds()) {
    if (candidate.kind != kind || !candidate.in(minor) || schema::group_of(candidate.api_version) != group)
      continue;
    const bool stable = candidate.api_version.find("alpha") == std::string_view::npos &&
                        candidate.api_version.find("beta") == std::string_view::npos;
    if (best.empty() || stable)
      best = candidate.api_version;
  }
  return best;
}

void report_removed(Faults& faults, Node at, std::string_view kind, std::string_view removed, std::string_view better,
                    bool same) {
  Hit& hit = faults.value(
      "api-version-removed", better.empty() ? "no-replacement" : "", at,
      {{"kind", std::string(kind)}, {"removed", std::string(removed)}, {"replacement", std::string(better)}});
  if (better.empty())
    return;
  hit.changes.push_back({Hit::Change::Kind::replace_value, at, {}, std::string(better)});
  if (same)
    hit.safety = finding::Safety::safe;
}

// Groups of which every kind is known; another kind in them does not exist.
bool is_built_in_group(std::string_view group) {
  constexpr std::string_view groups[] = {"",
                                         "apps",
                                         "batch",
                                         "autoscaling",
                                         "policy",
                                         "networking.k8s.io",
                                         "rbac.authorization.k8s.io",
                                         "storage.k8s.io",
                                         "scheduling.k8s.io",
                                         "node.k8s.io",
                                         "coordination.k8s.io",
                                         "discovery.k8s.io",
                                         "events.k8s.io",
                                         "certificates.k8s.io",
                                         "admissionregistration.k8s.io",
                                         "apiextensions.k8s.io",
                                         "apiregistration.k8s.io",
                                         "authentication.k8s.io",
                                         "authorization.k8s.io",
                                         "flowcontrol.apiserver.k8s.io",
                                         "extensions",
                                         "resource.k8s.io"};
  return std::find(std::begin(groups), std::end(groups), group) != std::end(groups);
}

// What other tools write under apiVersion v1: kubeconfig files, and OpenShift's kinds from before it had groups.
bool is_of_other_tools(std::string_view api_version, std::string_view kind) {
  constexpr std::string_view kinds[] = {"BuildConfig", "Config", "DeploymentConfig", "ImageStream",
                                        "Project",     "Route",  "Template"};
  return api_version == "v1" && std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
}

void report_unknown(Faults& faults, const schema::Types& types, std::string_view api_version, std::string_view kind) {
  const std::string_view group = schema::group_of(api_version);
  const Node version_node = faults.root()["apiVersion"];
  const Node kind_node = faults.root()["kind"];
  // The right kind under a wrong group or version: say which.
  std::string elsewhere;
  std::vector<std::string> kinds;
  for (const schema::Kind& candidate : types.kinds()) {
    if (!candidate.in(faults.minor()))
      continue;
    const bool stable = candidate.api_version.find("alpha") == std::string_view::npos &&
                        candidate.api_version.find("beta") == std::string_view::npos;
    if (candidate.kind == kind && (elsewhere.empty() || stable))
      elsewhere = candidate.api_version;
    if (candidate.api_version == api_version)
      kinds.emplace_back(candidate.kind);
  }
  if (!elsewhere.empty()) {
    Hit& hit =
        faults.value("kind-unknown", "version", version_node, {{"kind", std::string(kind)}, {"suggestion", elsewhere}});
    hit.changes.push_back({Hit::Change::Kind::replace_value, version_node, {}, elsewhere});
    return;
  }
  if (kinds.empty()) {
    faults.value("kind-unknown", "no-version", version_node, {{"group", std::string(group)}});
    return;
  }
  const std::string near = catalogue::nearest(kind, kinds);
  Hit& hit = faults.value("kind-unknown", near.empty() ? "" : "suggest", kind_node,
                          {{"api_version", std::string(api_version)}, {"suggestion", near}});
  if (!near.empty())
    hit.changes.push_back({Hit::Change::Kind::replace_value, kind_node, {}, near});
}

}  // namespace

const schema::Kind* find_kind(Faults& faults, const schema::Types* custom, std::string_view api_version,
                              std::string_view kind) {
  const schema::Types& types = schema::Types::built_in();
  if (custom != nullptr)
    if (const schema::Kind* found = custom->kind(api_version, kind))
      return found;
  const std::string_view group = schema::group_of(api_version);
  const Node at = faults.root()["apiVersion"];
  if (const schema::Kind* found = types.kind(api_version, kind)) {
    if (found->in(faults.minor())) {
      // Deprecated: a newer built-in version goes on where this one ends.
      if (found->until < 255 && api_version.find("alpha") == std::string_view::npos)
        if (const std::string better = replacement(types, group, kind, found->until + 1); !better.empty())
          faults.value("api-version-deprecated", "", at,
                       {{"kind", std::string(kind)}, {"removed", version(found->until + 1)}, {"replacement", better}});
      return found;
    }
    if (faults.minor() > found->until) {
      report_removed(faults, at, kind, version(found->until + 1), replacement(types, group, kind, faults.minor()),
                     false);
    } else {
      faults.value(
          "kind-unknown", "later", at,
          {{"kind", std::string(kind)}, {"since", version(found->since)}, {"version", version(faults.minor())}});
    }
    return nullptr;
  }
  for (const Removal& removal : removals)
    if (removal.api_version == api_version && (removal.kind.empty() || removal.kind == kind)) {
      report_removed(faults, at, kind, removal.removed, removal.replacement, removal.same_schema);
      return nullptr;
    }
  if (is_built_in_group(group) && !is_of_other_tools(api_version, kind))
    report_unknown(faults, types, api_version, kind);
  return nullptr;
}

}  // namespace podcheck::lint::invalid
