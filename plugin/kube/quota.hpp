// What ResourceQuota and LimitRange make of a pod, as their admission plugins do.
// https://kubernetes.io/docs/concepts/policy/resource-quotas/ and …/limit-range/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kube/effective.hpp"
#include "kube/object.hpp"

namespace podcheck::kube {

// The specs of the LimitRanges of a namespace: they give defaults before anything is checked.
using LimitRanges = std::vector<document::Node>;

// The container's requests and limits after defaulting.
ResourceList admitted_requests(const Container& container, const LimitRanges& ranges);
ResourceList admitted_limits(const Container& container, const LimitRanges& ranges);

// What one pod uses up, in the names of spec.hard: "pods", "cpu", "requests.cpu", "limits.memory",
// "requests.nvidia.com/gpu", …
ResourceList quota_usage(const PodTemplate& pod, const LimitRanges& ranges);

// Whether the scopes of a ResourceQuota's spec take in the pod.
bool quota_covers(document::Node quota_spec, const PodTemplate& pod, const LimitRanges& ranges);

// A field that a quota makes mandatory and the container lacks.
struct Unspecified {
  std::string resource;  // "limits.memory"
  const Container* container = nullptr;
};
std::vector<Unspecified> unspecified_under(document::Node quota_spec, const PodTemplate& pod,
                                           const LimitRanges& ranges);

// A value outside of what a LimitRange allows.
struct LimitRangeViolation {
  std::string_view type;   // Container | Pod
  std::string_view bound;  // min | max | maxLimitRequestRatio
  std::string resource;
  std::string value;  // as people write it; the ratio for maxLimitRequestRatio
  std::string allowed;
  bool is_limit = false;                 // the limit breaks it, not the request
  bool is_absent = false;                // nothing is set where a value is demanded
  const Container* container = nullptr;  // null for the pod as a whole
  document::Node rule;                   // the item of spec.limits
};
std::vector<LimitRangeViolation> limit_range_violations(document::Node range_spec, const PodTemplate& pod,
                                                        const LimitRanges& ranges);

}  // namespace podcheck::kube
