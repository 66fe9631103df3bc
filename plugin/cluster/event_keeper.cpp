#include "cluster/event_keeper.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

#include "cluster/event.hpp"

namespace podcheck::cluster {

using document::Node;

bool EventKeeper::has_room(Node event) {
  std::size_t limit = event["type"].string() == "Normal" ? most_normal : most;
  if (kept_ >= limit) {
    ++left_out_;
    return false;
  }
  Node about = event_object(event);
  std::string key;
  for (const char* field : {"kind", "namespace", "name"}) {
    key += about[field].string();
    key += '/';
  }
  if (of_object_[std::hash<std::string>()(key)]++ >= most_of_one_object) {
    return false;
  }
  ++kept_;
  return true;
}

void EventKeeper::keep(std::vector<Node>& page, std::deque<std::unique_ptr<document::Tree>>& page_trees,
                       std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<Node>& items) {
  std::size_t all = page.size();
  std::erase_if(page, [this](Node event) { return !has_room(event); });
  if (page.size() == all) {
    items.insert(items.end(), page.begin(), page.end());
    std::move(page_trees.begin(), page_trees.end(), std::back_inserter(trees));
    return;
  }
  if (page.empty()) {
    return;
  }
  auto tree = std::make_unique<document::Tree>();
  document::TreeBuilder builder(*tree);
  builder.begin_sequence();
  for (Node event : page) {
    builder.copy(event);
  }
  builder.end();
  for (Node event : tree->root().items()) {
    items.push_back(event);
  }
  trees.push_back(std::move(tree));
}

Failure EventKeeper::failure() const {
  if (left_out_ == 0) {
    return {};
  }
  return {FailureKind::other,
          std::to_string(left_out_) + " of " + std::to_string(kept_ + left_out_) + " events were left out"};
}

}  // namespace podcheck::cluster
