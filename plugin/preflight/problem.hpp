// What stands in a workload's way, before it becomes a finding.
#pragma once

#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "document/node.hpp"
#include "finding/finding.hpp"
#include "kube/object.hpp"
#include "lint/bundle.hpp"

namespace podcheck::preflight {

struct Problem {
  std::string cause;  // a cause card's id
  std::string variant;
  finding::Values values;
  finding::Severity severity = finding::Severity::error;
  finding::Confidence confidence = finding::Confidence::confirmed;
  std::string container;
  document::Node at;    // the field at fault in the input; missing: the object as a whole
  std::string message;  // empty: preflight.cause.<cause>.<variant or plain>
  std::vector<finding::Evidence> evidence;
  std::vector<finding::Fix> fixes;
};

// One thing in the input that makes pods, and how many.
struct Workload {
  const lint::BundleObject* object = nullptr;
  const kube::PodTemplate* pod = nullptr;
  std::string namespace_;
  std::int64_t replicas = 1;
  std::string replicas_from;  // where the number comes from when not from the manifest: "HorizontalPodAutoscaler web"
  bool is_daemon = false;
  std::string_view kind() const { return object->object.kind; }
  std::string_view name() const { return object->object.name; }
};

// The category a cause belongs to: its card's, else what its id says.
std::string category_of(const std::string& cause, const catalogue::Catalogue& catalogue);
// What `kubectl get` would show, or where the failure would be seen when no pod is made.
std::string outcome_of(const std::string& cause, const catalogue::Catalogue& catalogue);

// `first`: the root cause; the others contribute.
finding::Finding to_finding(const Problem& problem, const Workload& workload, bool first,
                            const catalogue::Catalogue& catalogue);

}  // namespace podcheck::preflight
