#include <doctest/doctest.h>

#include "document/document.hpp"

using namespace podcheck::document;

namespace {

// Every node is found again at its own path.
void check_paths(Node root, Node node, int& count) {
  const std::string path = path_of(root, node);
  CAPTURE(path);
  ++count;
  CHECK(at_path(root, path) == node);
  for (Node item : node.items()) {
    check_paths(root, item, count);
  }
  for (const Member& member : node.members()) {
    check_paths(root, member.value, count);
  }
}

}  // namespace

TEST_CASE("every node is found at its path, aliases and merged keys too") {
  struct Case {
    const char* text;
    int nodes;
  };
  const Case cases[] = {
      {"a:\n  b: [1, {c: 2}]\n  d:\n  e: x\n", 8},
      {"a: &A {x: 1, y: [2]}\nb: *A\nc: {z: *A, w: 3}\n", 15},
      {"base: &B {x: 1}\nitem:\n  <<: *B\n  y: 2\n", 6},
      {"metadata:\n  labels:\n    app.kubernetes.io/name: web\nlist:\n- - 1\n  - 2\n- a:\n  b:\n", 11},
      {"{\"a\": [{\"b\": 1}, {\"b\": 2}]}", 6},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.text));
    const File file = parse("x.yaml", c.text);
    REQUIRE(file.documents.size() == 1);
    const Node root = file.documents[0].root;
    int count = 0;
    check_paths(root, root, count);
    CHECK(count == c.nodes);
  }
}

TEST_CASE("a node of another tree has no path") {
  const File a = parse("a.yaml", "x: 1\n");
  const File b = parse("b.yaml", "x: 1\n");
  CHECK(path_of(a.documents[0].root, b.documents[0].root["x"]).empty());
}
