// The cluster as it would be with the input applied: objects of the input first, then those of the cluster.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"
#include "lint/bundle.hpp"
#include "scheduling/scheduling.hpp"

namespace podcheck::preflight {

// Lists that few workloads depend on, and that many users may not read.
struct LookedAt {
  bool disruption_budgets = false;  // some pod has a priority, and may preempt
  bool volumes = false;             // some pod uses claims
  bool devices = false;             // some pod uses resource claims
};

class World {
 public:
  World(cluster::Snapshot& snapshot, const lint::Bundle& input, std::string default_namespace);

  cluster::Snapshot& snapshot() { return snapshot_; }
  const lint::Bundle& input() const { return input_; }
  const std::string& default_namespace() const { return default_namespace_; }

  // By kind ("ConfigMap"); the input's definition wins. Missing when there is none, or when it is not known.
  document::Node find(std::string_view kind, std::string_view namespace_, std::string_view name);
  bool in_input(std::string_view kind, std::string_view namespace_, std::string_view name) const;
  // Whether absence can be told: the cluster's list is complete.
  bool knows(std::string_view kind, std::string_view namespace_);
  // Of input and cluster together; the input's definition of the same name replaces the cluster's.
  std::vector<document::Node> all(std::string_view kind, std::string_view namespace_);
  std::vector<std::string> names(std::string_view kind, std::string_view namespace_);
  document::Node namespace_labels(std::string_view name);

  // What placement looks at, claims that only the input has included: a new claim is bound to the volume that the
  // controller would give it, or left out of `unclaimed` when a provisioner will make one.
  scheduling::Objects placement_objects(const LookedAt& looked_at);
  // Claims (NAMESPACE/NAME) that do not exist yet and will be provisioned: pods need not wait for them.
  const std::vector<std::string>& provisioned_later() const { return provisioned_later_; }
  // Adds a claim that a StatefulSet would make, unless it is there; see placement_objects().
  void add_claim(document::Node claim_template, std::string name, std::string_view namespace_);

  // Keeps a tree as long as the world.
  document::Node keep(std::unique_ptr<document::Tree> tree);

 private:
  cluster::Snapshot& snapshot_;
  const lint::Bundle& input_;
  std::string default_namespace_;
  std::deque<std::unique_ptr<document::Tree>> trees_;
  std::vector<document::Node> new_claims_;
  std::vector<std::string> provisioned_later_;

  document::Node with_namespace(document::Node object, std::string_view namespace_);
};

}  // namespace podcheck::preflight
