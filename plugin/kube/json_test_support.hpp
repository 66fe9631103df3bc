// For tests: a tree from JSON text in which single quotes stand for double ones.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "document/document.hpp"

namespace podcheck::kube {

class Json {
 public:
  explicit Json(std::string text) : tree_(std::make_unique<document::Tree>()) {
    std::replace(text.begin(), text.end(), '\'', '"');
    std::string error;
    REQUIRE_MESSAGE(document::parse_json(text, *tree_, error), error);
  }
  document::Node root() const { return tree_->root(); }

 private:
  std::unique_ptr<document::Tree> tree_;
};

}  // namespace podcheck::kube
