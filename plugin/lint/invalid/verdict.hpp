// The API server's own verdict on an object, offline: what `kubectl apply` would be refused for.
#pragma once

#include <string_view>
#include <vector>

#include "lint/invalid/faults.hpp"
#include "lint/schema/types.hpp"

namespace podcheck::lint::invalid {

struct Options {
  int minor = 36;                         // of Kubernetes
  const schema::Types* custom = nullptr;  // types of custom resources
};

// Of one document: an object, a list of objects, or something that is neither. `source` is the text of its file.
std::vector<Fault> judge(Node root, std::string_view source, const Options& options);
// Of one object with apiVersion and kind.
std::vector<Fault> judge_object(Node object, std::string_view source, const Options& options);
// Whether types for it are known; a custom resource without a description is not looked into.
bool is_known(Node object, const Options& options);

}  // namespace podcheck::lint::invalid
