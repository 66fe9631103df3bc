#include "cluster/event_keeper.hpp"

#include <doctest/doctest.h>

#include "document/document.hpp"

using namespace podcheck;
using namespace podcheck::cluster;
using document::Node;

namespace {

// A page of `count` events, each about the pod that `name` gives it.
template <typename Name>
std::vector<Node> page(std::size_t count, const char* type, Name name,
                       std::deque<std::unique_ptr<document::Tree>>& trees) {
  auto tree = std::make_unique<document::Tree>();
  document::TreeBuilder builder(*tree);
  builder.begin_sequence();
  for (std::size_t i = 0; i < count; ++i) {
    builder.begin_mapping();
    builder.key("type");
    builder.string(type);
    builder.key("involvedObject");
    builder.begin_mapping();
    builder.key("kind");
    builder.string("Pod");
    builder.key("name");
    builder.string(name(i));
    builder.end();
    builder.end();
  }
  builder.end();
  std::vector<Node> events;
  for (Node event : tree->root().items()) {
    events.push_back(event);
  }
  trees.push_back(std::move(tree));
  return events;
}

struct Kept {
  std::deque<std::unique_ptr<document::Tree>> trees;
  std::vector<Node> items;
  EventKeeper keeper;
  template <typename Name>
  void add(std::size_t count, const char* type, Name name) {
    std::deque<std::unique_ptr<document::Tree>> page_trees;
    std::vector<Node> events = page(count, type, name, page_trees);
    keeper.keep(events, page_trees, trees, items);
  }
};

}  // namespace

TEST_CASE("of one object a few events are kept, and others are not crowded out") {
  Kept kept;
  kept.add(1000, "Warning", [](std::size_t i) { return i == 999 ? "quiet" : "loud"; });
  kept.add(1000, "Warning", [](std::size_t) { return "loud"; });
  CHECK(kept.items.size() == EventKeeper::most_of_one_object + 1);
  CHECK(kept.items.back()["involvedObject"]["name"].string() == "quiet");
  CHECK_FALSE(kept.keeper.failure());
}

TEST_CASE("a list without end is cut, warnings last, and the cut is told") {
  Kept kept;
  for (int round = 0; round < 3; ++round) {
    kept.add(50000, "Normal", [&](std::size_t i) { return std::to_string(round) + "-" + std::to_string(i); });
  }
  CHECK(kept.items.size() == EventKeeper::most_normal);
  kept.add(1000, "Warning", [](std::size_t i) { return "w" + std::to_string(i); });
  CHECK(kept.items.size() == EventKeeper::most_normal + 1000);
  CHECK(kept.keeper.failure().detail == "90000 of 151000 events were left out");
}
