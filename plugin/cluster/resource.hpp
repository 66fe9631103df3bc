// The resource types that podcheck reads, with the names that kubectl, manifests and the REST API give them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace podcheck::cluster {

struct Resource {
  std::string_view plural;       // "persistentvolumeclaims": kubectl, REST path, file name in a bundle
  std::string_view kind;         // "PersistentVolumeClaim"
  std::string_view api_version;  // "v1", "apps/v1": the version that is asked for
  bool namespaced = true;
  std::string_view aliases;  // what else people type, separated by spaces: "persistentvolumeclaim pvc"
  // Versions that older clusters serve in its place, newest first, separated by spaces: "batch/v1beta1".
  std::string_view older_versions{};
};

std::span<const Resource> resources();

// By plural, singular, short name, or kind, in any case; with or without a group ("deployments.apps"). nullptr when
// podcheck does not read such objects.
const Resource* find_resource(std::string_view word);
const Resource* resource_of_kind(std::string_view kind);

// The collection's REST path: "/api/v1/namespaces/shop/pods", "/apis/apps/v1/deployments" for all namespaces.
std::string rest_path(const Resource& resource, std::string_view namespace_, std::string_view name = {},
                      std::string_view api_version = {});

}  // namespace podcheck::cluster
