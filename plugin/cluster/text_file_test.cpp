#include "cluster/text_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace podcheck::cluster;

TEST_CASE("the tail of a log is its last whole lines") {
  struct Case {
    std::string text;
    LogLimits limits;
    std::string tail;
    bool truncated;
  };
  for (const Case& c : {
           Case{"", {3, 100}, "", false},
           Case{"a\nb\nc\n", {3, 100}, "a\nb\nc\n", false},
           Case{"a\nb\nc\nd\n", {3, 100}, "b\nc\nd\n", true},
           Case{"a\nb\nc\nd", {3, 100}, "b\nc\nd", true},
           Case{"\n\n\n\n", {2, 100}, "\n\n", true},
           Case{"aaaa\nbbbb\ncccc\n", {9, 7}, "cccc\n", true},
           Case{"aaaa\nbbbb\ncccc\n", {9, 10}, "bbbb\ncccc\n", true},
           Case{"aaaaaaaaaaaa", {9, 5}, "aaaaa", true},
           Case{"aaaaaaaaaaaa\n", {9, 5}, "aaaa\n", true},
       }) {
    CAPTURE(c.text);
    Tail tail = tail_of(c.text, c.limits);
    CHECK(tail.text == c.tail);
    CHECK(tail.truncated == c.truncated);
  }
}

TEST_CASE("of a large file only the end is read") {
  std::string path = (std::filesystem::temp_directory_path() / "podcheck-tail-test.log").string();
  {
    std::ofstream out(path, std::ios::binary);
    for (int i = 0; i < 100000; ++i) {
      out << "line " << i << '\n';
    }
  }
  std::optional<Tail> tail = tail_of_file(path, {2, 1000});
  REQUIRE(tail.has_value());
  CHECK(tail->text == "line 99998\nline 99999\n");
  CHECK(tail->truncated);
  CHECK_FALSE(tail_of_file("/nonexistent/file", {}).has_value());
  CHECK_FALSE(tail_of_file(std::filesystem::temp_directory_path().string(), {}).has_value());
  std::filesystem::remove(path);
}
