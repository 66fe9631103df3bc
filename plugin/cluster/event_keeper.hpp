// A bound on events: of a long list a few of each object are kept, and not more in all than fit in memory.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"

namespace podcheck::cluster {

class EventKeeper {
 public:
  static constexpr std::size_t most_of_one_object = 32;
  static constexpr std::size_t most = 100000;
  static constexpr std::size_t most_normal = 60000;  // the rest of the room is for warnings

  // Adds to `items` what there is room for of one page, whose events lie in `page_trees`; only that is kept in memory.
  void keep(std::vector<document::Node>& page, std::deque<std::unique_ptr<document::Tree>>& page_trees,
            std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<document::Node>& items);
  // What to tell of a list that was too long; none when all of an object's first events are there.
  Failure failure() const;

 private:
  bool has_room(document::Node event);

  std::unordered_map<std::size_t, std::size_t> of_object_;  // by the hash of kind, namespace and name
  std::size_t kept_ = 0;
  std::size_t left_out_ = 0;  // beyond `most`
};

}  // namespace podcheck::cluster
