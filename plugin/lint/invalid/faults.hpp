// What the API server would refuse in one object, collected as hits of many rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"
#include "finding/finding.hpp"
#include "lint/check.hpp"

namespace podcheck::lint::invalid {

using document::Node;
using finding::Values;

struct Fault {
  std::string_view rule;  // id of the card
  Hit hit;
};

// The member, or a missing node when it is absent or null: kubectl drops null fields before it sends an object.
inline Node get(Node parent, std::string_view key) {
  const Node node = parent[key];
  return node.is_null() ? Node() : node;
}

class Faults {
 public:
  // `source` is the text the object was read from: plain scalars are shown as they were written.
  Faults(Node root, int minor, std::string_view source) : root_(root), minor_(minor), source_(source) {}

  // Each fills {field}, {value} and {text} of the card's sentence from `at`, unless `values` has them.
  Hit& value(std::string_view rule, std::string_view variant, Node at, Values values = {});
  // The key of the member is wrong rather than its value; {value} is the key.
  Hit& key(std::string_view rule, std::string_view variant, Node at, Values values = {});
  // `parent` lacks `absent` (a key, or a dotted path).
  Hit& missing(std::string_view rule, Node parent, std::string_view absent, std::string_view variant = "required",
               Values values = {});

  Node root() const { return root_; }
  int minor() const { return minor_; }
  std::string_view source() const { return source_; }
  std::vector<Fault>& all() { return faults_; }
  const std::vector<Fault>& all() const { return faults_; }

  // The last two steps of the way to a node: "livenessProbe.periodSeconds", "ports[0].name".
  std::string field(Node at) const;

 private:
  Node root_;
  int minor_;
  std::string_view source_;
  std::vector<Fault> faults_;
};

// As a sentence shows it: strings in quotes, collections as {…} and […], shortened, without control characters.
std::string shown(Node node);
std::string shown(std::string_view text);
// `"a", "b", "c"`.
std::string listed(const std::vector<std::string_view>& words);

}  // namespace podcheck::lint::invalid
