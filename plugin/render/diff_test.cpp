#include "render/diff.hpp"

#include <doctest/doctest.h>

using podcheck::render::unified_diff;

TEST_CASE("a diff shows changed lines with three lines around them") {
  CHECK(unified_diff("f", "a\n", "a\n") == "");
  CHECK(unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n") ==
        "--- a/f\n+++ b/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n 8\n");
}

TEST_CASE("changes far apart become hunks of their own, with their line numbers") {
  std::string before;
  std::string after;
  for (int i = 1; i <= 30; ++i) {
    before += std::to_string(i) + "\n";
    after += i == 2 ? "two\nand a half\n" : i == 28 ? "" : std::to_string(i) + "\n";
  }
  std::string diff = unified_diff("f", before, after);
  CHECK(diff.find("@@ -1,5 +1,6 @@\n 1\n-2\n+two\n+and a half\n 3\n 4\n 5\n") != std::string::npos);
  CHECK(diff.find("@@ -25,6 +26,5 @@\n 25\n 26\n 27\n-28\n 29\n 30\n") != std::string::npos);
}

TEST_CASE("a missing last newline is said, and line ends count") {
  CHECK(unified_diff("f", "a", "b") ==
        "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n");
  CHECK(unified_diff("f", "a\r\n", "a\n").find("-a\r\n+a\n") != std::string::npos);
  CHECK(unified_diff("f", "", "a\n") == "--- a/f\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n");
}
