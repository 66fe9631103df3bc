// Which fields of a large JSON list are worth memory: 100,000 pods are read for the twenty fields that scheduling
// looks at, and the rest is skipped while parsing.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace podcheck::document {

// Made of dotted paths; "[]" is any element of a sequence, "*" any member, a path keeps everything below it:
// Projection({"items[].metadata.labels", "items[].spec.containers[].resources"}).
class Projection {
 public:
  explicit Projection(const std::vector<std::string>& paths);
  ~Projection();
  Projection(Projection&&) noexcept;
  Projection& operator=(Projection&&) noexcept;

  struct Step;  // a node of the trie of path steps
  const Step* root() const { return root_.get(); }
  static const Step* below(const Step* step, std::string_view key);  // nullptr: skip
  static bool keeps_all(const Step* step);

 private:
  std::unique_ptr<Step> root_;
};

}  // namespace podcheck::document
