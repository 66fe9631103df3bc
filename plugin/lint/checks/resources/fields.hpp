// Every quantity that a pod spec gives for a container, the pod or a volume.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kube/effective.hpp"
#include "lint/check.hpp"

namespace podcheck::lint {

struct ResourceField {
  enum class Use : std::uint8_t { request, limit, volume } use = Use::request;
  document::Node node;
  std::string_view resource;  // "memory"; for a volume's sizeLimit "emptyDir"
  std::string owner;          // container, volume, or "pod"
  const kube::Container* container = nullptr;
};
std::vector<ResourceField> resource_fields(const kube::PodTemplate& pod);

// "limits.memory", "requests.cpu", "sizeLimit"
std::string field_name(const ResourceField& field);

// LimitRanges of the namespace: what they give to a container that says nothing.
std::optional<kube::Quantity> default_request(const Place& place, std::string_view resource);
std::optional<kube::Quantity> default_limit(const Place& place, std::string_view resource);

}  // namespace podcheck::lint
