// The objects of a bundle as an API server holds them: whole, and each with its JSON text made once, so that the server
// costs little beside what is measured against it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/snapshot.hpp"

namespace podcheck::cluster::testing {

class ServedCluster {
 public:
  struct Item {
    document::Node node;
    std::string json;       // with kind and apiVersion, as a single object is answered
    std::string list_json;  // without, as items of a list are
  };

  explicit ServedCluster(const std::string& bundle);

  // May be called from several threads; the items live as long as the ServedCluster.
  std::vector<const Item*> list(const Query& query);
  Log log(const LogQuery& query);

 private:
  const std::vector<Item>& items(const std::string& resource);

  std::string bundle_;
  std::unique_ptr<Source> logs_;
  std::mutex mutex_;
  std::deque<std::unique_ptr<document::Tree>> trees_;
  std::map<std::string, std::vector<Item>> items_;
};

}  // namespace podcheck::cluster::testing
