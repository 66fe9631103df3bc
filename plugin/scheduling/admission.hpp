// What the API server's admission plugins make of the scheduling fields of a pod as submitted, as far as objects
// decide: Priority, RuntimeClass, DefaultTolerationSeconds. Defaults that filters read through (protocols, requests
// from limits, host ports of hostNetwork pods, label keys) stay as they are.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "scheduling/scheduling.hpp"

namespace podcheck::scheduling {

struct Admitted {
  std::unique_ptr<document::Tree> tree;
  document::Node pod;
  // priorityclass-missing, runtimeclass-missing, runtimeclass-conflict: the server would refuse the pod. The placement
  // can be asked all the same.
  std::vector<Reason> problems;
};

// `pod` is a Pod, or {metadata, spec} of a template. An empty metadata.namespace becomes `namespace_`.
Admitted admit(const Cluster& cluster, document::Node metadata, document::Node spec, std::string_view namespace_);

}  // namespace podcheck::scheduling
