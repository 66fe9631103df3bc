#include <doctest/doctest.h>

#include "catalogue/catalogue.hpp"

using podcheck::catalogue::fill;
using podcheck::catalogue::generic;
using podcheck::catalogue::nearest;

TEST_CASE("fill puts values in, keeps literal braces and unknown names") {
  CHECK(fill("port {port} of {name}", {{"port", "80"}, {"name", "web"}}) == "port 80 of web");
  CHECK(fill("{{literal}}", {}) == "{literal}");
  CHECK(fill("{unknown} {", {{"a", "b"}}) == "{unknown} {");
  CHECK(fill("{a}", {{"a", "{b}"}, {"b", "c"}}) == "{b}");
}

TEST_CASE("documentation shows placeholders as words, and leaves other braces alone") {
  CHECK(generic("write {instead}, at most {free_cpu}") == "write <instead>, at most <free cpu>");
  CHECK(generic("patch -p {\"op\": 1} of {name}") == "patch -p {\"op\": 1} of <name>");
  CHECK(generic("{} and {") == "{} and {");
}

TEST_CASE("a value that is not known leaves no gap") {
  CHECK(fill("variable {v} of {c}", {{"v", ""}, {"c", "app"}}) == "variable of app");
  CHECK(fill("not in the image {i} (gone).{hint}", {{"i", ""}, {"hint", ""}}) == "not in the image (gone).");
  CHECK(fill("it runs on {node}, alone", {{"node", ""}}) == "it runs on, alone");
  CHECK(fill("{a} {b}", {{"a", ""}, {"b", "x"}}) == " x");
}

TEST_CASE("nearest forgives about a third of a word") {
  const std::vector<std::string> fields = {"image", "imagePullPolicy", "ports", "command"};
  CHECK(nearest("imgae", fields) == "image");
  CHECK(nearest("imagee", fields) == "image");
  CHECK(nearest("imagepullpolicy", fields) == "imagePullPolicy");
  CHECK(nearest("volumes", fields).empty());
  CHECK(nearest("", fields).empty());
  CHECK(nearest("xx", {"ab"}).empty());
  CHECK(nearest("http", {"https", "metrics"}) == "https");
}
