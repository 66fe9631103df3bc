// Label and field selectors, applied in memory as the API server applies them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"

namespace podcheck::cluster {

// A label selector as kubectl -l takes it: "app=web,tier!=cache,env in (a,b),!legacy,zone".
// (k8s.io/apimachinery/pkg/labels/selector.go)
class LabelSelector {
 public:
  explicit LabelSelector(std::string_view text);
  bool valid() const { return valid_; }  // an invalid selector selects nothing
  bool matches(document::Node labels) const;

 private:
  enum class Operator : std::uint8_t { in, not_in, exists, not_exists };
  struct Requirement {
    std::string key;
    Operator op;
    std::vector<std::string> values;
  };
  std::vector<Requirement> requirements_;
  bool valid_ = true;
};

// "status.phase!=Running,spec.nodeName=a": every term holds; a missing field compares as the empty string.
bool matches_fields(std::string_view selector, document::Node object);

// Namespace, name and both selectors of a query, prepared once for many objects.
class Filter {
 public:
  explicit Filter(const Query& query);
  bool matches(document::Node object) const;

 private:
  Query query_;
  LabelSelector labels_;
  bool namespaced_;
};

}  // namespace podcheck::cluster
