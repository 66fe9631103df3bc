// Amounts as the scheduler counts them: whole milli-CPUs, bytes and pieces, rounded up once per pod.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "document/node.hpp"

namespace podcheck::scheduling {

// framework.Resource (pkg/scheduler/framework/types.go). All sums saturate.
struct Resources {
  std::int64_t milli_cpu = 0;
  std::int64_t memory = 0;
  std::int64_t ephemeral_storage = 0;
  std::int64_t pods = 0;                                           // of a node; unused in requests
  std::vector<std::pair<std::string_view, std::int64_t>> scalars;  // extended resources and huge pages, by name

  std::int64_t scalar(std::string_view name) const;  // 0 when absent
  bool has_scalar(std::string_view name) const;
  void add(const Resources& other);
  void subtract(const Resources& other);
};

// status.allocatable, or status.capacity where a node has no allocatable (as the kubelet and the API server default
// it). Negative and unreadable amounts count as nothing.
Resources allocatable_of(document::Node node);

// What a pod counts for on a node: app containers, sidecars, the largest init container, pod-level resources, overhead;
// for a running pod that was resized, what it really has. Limits stand in for absent requests, as the API server
// defaults them. k8s.io/component-helpers/resource/helpers.go PodRequests.
Resources requests_of(document::Node pod);

// The part of it that spec.overhead adds.
Resources overhead_of(document::Node pod);

// Resources that the scheduler compares besides CPU, memory and ephemeral storage (v1helper.IsScalarResourceName):
// extended resources, huge pages, attachable volumes. Other names are ignored on a node and in a pod.
bool is_scalar_resource(std::string_view name);

std::int64_t saturating_add(std::int64_t a, std::int64_t b);
std::int64_t saturating_subtract(std::int64_t a, std::int64_t b);

}  // namespace podcheck::scheduling
