// What all recorded clusters have in common: objects by resource in memory, filtered there.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cluster/snapshot.hpp"

namespace podcheck::cluster {

class RecordedSource : public Source {
 public:
  Listing list(const Query& query) override;
  Time now() const override { return now_; }
  bool partial(std::string_view resource) const override;
  std::optional<std::vector<std::string>> pull_secret_hosts(std::string_view namespace_,
                                                            std::string_view name) override;

 protected:
  struct Store {
    std::vector<document::Node> items;
    Failure failure;
    bool complete = false;  // what is not in `items` was not in the cluster
  };
  // Called once for each resource that is asked for; the default finds nothing.
  virtual Store load(const std::string& resource);
  virtual bool records(std::string_view resource) const = 0;  // a complete list of it is there

  Store& store(const std::string& resource);
  void add(document::Node object);  // to the store of its kind; objects of unknown kinds are dropped
  void set_now(Time now) { now_ = now; }
  // For recordings without a time of their own: the latest moment that any object speaks of.
  void set_now_from_objects();

  std::deque<std::unique_ptr<document::Tree>> trees_;
  std::map<std::string, Store, std::less<>> stores_;

 private:
  Time now_{};
};

}  // namespace podcheck::cluster
