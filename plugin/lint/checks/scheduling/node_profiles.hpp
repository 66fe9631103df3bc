// The kinds of node that the configuration describes, as the scheduler would see them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lint/check.hpp"
#include "scheduling/scheduling.hpp"

namespace podcheck::lint {

class NodeProfiles {
 public:
  explicit NodeProfiles(const Place& place);

  bool empty() const { return profiles_.empty(); }
  // Every profile says how many such nodes there are.
  bool counted() const;

  // Indices of the profiles whose labels and taints admit the pod; resources are not looked at.
  std::vector<std::size_t> matching(const BundleObject& object, const kube::PodTemplate& pod) const;
  // Number of nodes of those profiles.
  std::int64_t matching_nodes(const BundleObject& object, const kube::PodTemplate& pod) const;
  // Number of different values of the label among those nodes; every node has its own hostname.
  std::int64_t domains(const std::vector<std::size_t>& profiles, std::string_view label) const;

  // What one such node has of a resource; missing when the profile does not say.
  document::Node amount(std::size_t index, std::string_view resource) const;
  document::Node profile(std::size_t index) const { return profiles_[index]; }
  std::string name(std::size_t index) const;

 private:
  std::vector<document::Node> profiles_;
  std::unique_ptr<document::Tree> tree_;
  std::unique_ptr<scheduling::Cluster> cluster_;
};

}  // namespace podcheck::lint
