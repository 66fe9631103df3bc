#include "lint/glob.hpp"

#include <doctest/doctest.h>

#include <string>

using podcheck::lint::glob_match;
using podcheck::lint::glob_match_name;

TEST_CASE("patterns match whole paths") {
  struct Case {
    const char* pattern;
    const char* path;
    bool matches;
  };
  const Case cases[] = {
      {"*.yaml", "a.yaml", true},
      {"*.yaml", "x/a.yaml", false},
      {"**/*.yaml", "a.yaml", true},
      {"**/*.yaml", "x/y/a.yaml", true},
      {"**/*.yaml", "x/y/a.yml", false},
      {"x/**", "x/y/a.yaml", true},
      {"x/**/a.yaml", "x/a.yaml", true},
      {"x/**/a.yaml", "x/y/z/a.yaml", true},
      {"x/**/a.yaml", "y/a.yaml", false},
      {"a?c", "abc", true},
      {"a?c", "a/c", false},
      {"[a-c]x", "bx", true},
      {"[!a-c]x", "bx", false},
      {"[x", "[x", true},
      {"\\*", "*", true},
      {"\\*", "a", false},
      {"*a*b*", "xxaxxbxx", true},
      {"*a*b*", "xxbxxa", false},
      {"", "", true},
      {"*", "", true},
      {"**/b/*.yaml", "a/b/c/b/x.yaml", true},
  };
  for (const auto& c : cases) {
    CAPTURE(c.pattern);
    CAPTURE(c.path);
    CHECK(glob_match(c.pattern, c.path) == c.matches);
  }
}

TEST_CASE("a name has no segments") {
  CHECK(glob_match_name("*", "a/b"));
  CHECK(glob_match_name("ca-*", "ca-bundle"));
  CHECK_FALSE(glob_match_name("ca-*", "my-ca-bundle"));
}

TEST_CASE("hostile patterns end soon") {
  const std::string text(20000, 'a');
  std::string pattern;
  for (int i = 0; i < 30; ++i) {
    pattern += "*a";
  }
  CHECK_FALSE(glob_match_name(pattern + "b", text));
}
