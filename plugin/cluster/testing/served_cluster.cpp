#include "cluster/testing/served_cluster.hpp"

#include "cluster/bundle_source.hpp"
#include "cluster/filter.hpp"
#include "cluster/list_reader.hpp"
#include "cluster/resource.hpp"
#include "cluster/text_file.hpp"
#include "document/document.hpp"

namespace podcheck::cluster::testing {

using document::Node;

namespace {

std::string json_of(Node item, bool in_list) {
  std::string json = "{";
  for (const document::Member& member : item.members()) {
    if (in_list && (member.key == "kind" || member.key == "apiVersion")) {
      continue;
    }
    document::Tree tree;
    document::TreeBuilder(tree).string(member.key);
    json += (json.size() > 1 ? "," : "") + document::to_json(tree.root()) + ":" + document::to_json(member.value);
  }
  return json + "}";
}

}  // namespace

ServedCluster::ServedCluster(const std::string& bundle)
    : bundle_(bundle), logs_(open_bundle(bundle, {static_cast<std::size_t>(-1), std::size_t{1} << 30})) {}

const std::vector<ServedCluster::Item>& ServedCluster::items(const std::string& resource) {
  std::lock_guard lock(mutex_);
  auto [place, fresh] = items_.try_emplace(resource);
  std::optional<std::string> json;
  if (fresh) {
    json = read_file(bundle_ + "/objects/" + resource + ".json", std::size_t{2} << 30);
  }
  std::vector<Node> nodes;
  std::string error;
  if (json && read_list(*json, resource, nullptr, trees_, nodes, error)) {
    for (Node node : nodes) {
      place->second.push_back({node, json_of(node, false), json_of(node, true)});
    }
  }
  return place->second;
}

std::vector<const ServedCluster::Item*> ServedCluster::list(const Query& query) {
  Filter filter(query);
  bool all =
      query.namespace_.empty() && query.name.empty() && query.label_selector.empty() && query.field_selector.empty();
  std::vector<const Item*> found;
  for (const Item& item : items(query.resource)) {
    if (all || filter.matches(item.node)) {
      found.push_back(&item);
    }
  }
  return found;
}

Log ServedCluster::log(const LogQuery& query) {
  std::lock_guard lock(mutex_);
  return logs_->log(query);
}

}  // namespace podcheck::cluster::testing
