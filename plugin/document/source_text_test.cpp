#include <doctest/doctest.h>

#include "document/document.hpp"

using namespace podcheck::document;

TEST_CASE("positions count lines from one and columns in code points") {
  SourceText text("f", "ab\r\né: x\n\n😀z");
  CHECK(text.line_count() == 4);
  CHECK(text.position(0) == Position{1, 1});
  CHECK(text.position(1) == Position{1, 2});
  CHECK(text.position(4) == Position{2, 1});
  CHECK(text.position(6) == Position{2, 2});
  CHECK(text.position(10) == Position{3, 1});
  CHECK(text.position(15) == Position{4, 2});
  CHECK(text.position(1000) == Position{4, 3});
  CHECK(text.line(1) == "ab");
  CHECK(text.line(2) == "é: x");
  CHECK(text.line(3).empty());
  CHECK(text.line(4) == "😀z");
  CHECK(text.line(5).empty());
  CHECK(text.line(0).empty());
}

TEST_CASE("a byte order mark takes no column") {
  SourceText text("f", "\xEF\xBB\xBFkind: X");
  CHECK(text.position(3) == Position{1, 1});
  CHECK(text.position(4) == Position{1, 2});
  CHECK(text.position(0) == Position{1, 1});
}

TEST_CASE("an empty text has one empty line") {
  SourceText text("f", "");
  CHECK(text.line_count() == 1);
  CHECK(text.position(0) == Position{1, 1});
  CHECK(SourceText().position(3) == Position{1, 1});
}

TEST_CASE("a place far into a long line of many bytes a character") {
  std::string bytes = "a: \"";
  for (int i = 0; i < 20000; ++i) {
    bytes += "あ";
  }
  SourceText text("x", bytes + "\"\nb: é1");
  CHECK(text.position(4 + 3 * 20000) == Position{1, 20005});
  CHECK(text.position(4 + 3 * 10000) == Position{1, 10005});
  CHECK(text.position(static_cast<std::uint32_t>(bytes.size()) + 2 + 5) == Position{2, 5});
}
