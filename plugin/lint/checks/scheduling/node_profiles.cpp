#include "lint/checks/scheduling/node_profiles.hpp"

#include <algorithm>
#include <set>

#include "scheduling/admission.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

constexpr std::string_view hostname = "kubernetes.io/hostname";

void write_node(document::TreeBuilder& builder, Node profile, const std::string& name) {
  builder.begin_mapping();
  builder.key("metadata");
  builder.begin_mapping();
  builder.key("name");
  builder.string(name);
  builder.key("labels");
  builder.begin_mapping();
  if (!profile["labels"].has(hostname)) {
    builder.key(hostname);
    builder.string(name);
  }
  // What every kubelet sets, unless the profile says otherwise.
  if (!profile["labels"].has("kubernetes.io/os")) {
    builder.key("kubernetes.io/os");
    builder.string("linux");
  }
  for (const document::Member& m : profile["labels"].members()) {
    builder.key(m.key);
    builder.string(m.value.text());
  }
  builder.end();
  builder.end();
  builder.key("spec");
  builder.begin_mapping();
  builder.key("taints");
  builder.begin_sequence();
  for (Node taint : profile["taints"].items())
    builder.copy(taint);
  builder.end();
  builder.end();
  builder.end();
}

bool is_about_choice(const scheduling::Reason& reason) {
  return reason.id == "node-selector-mismatch" || reason.id == "node-affinity-mismatch" ||
         reason.id == "untolerated-taint";
}

}  // namespace

NodeProfiles::NodeProfiles(const Place& place) {
  for (const NodeProfile& profile : place.settings.nodes)
    profiles_.push_back(profile.node);
  if (profiles_.empty())
    return;
  tree_ = std::make_unique<document::Tree>();
  document::TreeBuilder builder(*tree_);
  builder.begin_sequence();
  for (std::size_t i = 0; i < profiles_.size(); ++i)
    write_node(builder, profiles_[i], name(i));
  builder.end();
  scheduling::Objects objects;
  for (Node node : tree_->root().items())
    objects.nodes.push_back(node);
  cluster_ = std::make_unique<scheduling::Cluster>(objects);
}

bool NodeProfiles::counted() const {
  return !profiles_.empty() &&
         std::all_of(profiles_.begin(), profiles_.end(), [](Node p) { return p["count"].integer().has_value(); });
}

std::string NodeProfiles::name(std::size_t index) const {
  const std::string_view given = profiles_[index]["name"].string();
  return given.empty() ? "nodes[" + std::to_string(index) + "]" : std::string(given);
}

Node NodeProfiles::amount(std::size_t index, std::string_view resource) const {
  const bool plain = resource == "cpu" || resource == "memory" || resource == "ephemeral-storage" || resource == "pods";
  return plain ? profiles_[index][resource] : profiles_[index]["extended"][resource];
}

std::vector<std::size_t> NodeProfiles::matching(const BundleObject& object, const kube::PodTemplate& pod) const {
  std::vector<std::size_t> out;
  if (!cluster_)
    return out;
  const scheduling::Admitted admitted = scheduling::admit(*cluster_, pod.metadata, pod.spec, object.namespace_);
  const scheduling::Placement placement = scheduling::evaluate(*cluster_, admitted.pod);
  for (std::size_t i = 0; i < placement.nodes.size(); ++i)
    if (std::none_of(placement.nodes[i].reasons.begin(), placement.nodes[i].reasons.end(), is_about_choice))
      out.push_back(i);
  return out;
}

std::int64_t NodeProfiles::matching_nodes(const BundleObject& object, const kube::PodTemplate& pod) const {
  return domains(matching(object, pod), hostname);
}

std::int64_t NodeProfiles::domains(const std::vector<std::size_t>& profiles, std::string_view label) const {
  std::int64_t nodes = 0;
  std::set<std::string> values;
  for (std::size_t i : profiles) {
    nodes += std::max<std::int64_t>(0, std::min<std::int64_t>(profiles_[i]["count"].integer().value_or(1), 1'000'000));
    const Node value = profiles_[i]["labels"][label];
    if (value)
      values.insert(value.text());
  }
  return label == hostname ? nodes : static_cast<std::int64_t>(values.size());
}

}  // namespace podcheck::lint
