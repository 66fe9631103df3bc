#include "render/terminal_text.hpp"

#include <doctest/doctest.h>

using namespace podcheck::render;

TEST_CASE("width counts columns, not bytes or characters") {
  struct Case {
    const char* text;
    int width;
  };
  for (const Case& c : {Case{"abc", 3}, Case{"é", 1}, Case{"日本語", 6}, Case{"e\xcc\x81", 1}, Case{"✗", 1},
                        Case{"\xff", 1}, Case{"", 0}, Case{"🚀", 2}, Case{"コンテナ web", 12}}) {
    CAPTURE(c.text);
    CHECK(display_width(c.text) == c.width);
  }
}

TEST_CASE("padding and shortening keep columns aligned for wide characters") {
  CHECK(pad("日本", 6) == "日本  ");
  CHECK(pad_left("5", 3) == "  5");
  CHECK(shorten("日本語です", 6) == "日本…");
  CHECK(shorten("abc", 3) == "abc");
}

TEST_CASE("wrapping breaks at spaces, between wide characters, and never inside a word") {
  CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("日本語の文です", 6) == std::vector<std::string>{"日本語", "の文で", "す"});
  CHECK(wrap("averyveryverylongword x", 6) == std::vector<std::string>{"averyveryverylongword", "x"});
  CHECK(wrap("a\nb", 10) == std::vector<std::string>{"a", "b"});
  CHECK(wrap("", 10) == std::vector<std::string>{""});
}

TEST_CASE("nothing that steers a terminal passes") {
  CHECK(printable("\x1b[31mred\x1b[0m") == "^[[31mred^[[0m");
  CHECK(printable("a\rb") == "a^Mb");
  CHECK(printable("a\r\nb") == "a\nb");
  CHECK(printable(std::string_view("a\0b", 3)) == "a^@b");
  CHECK(printable("\xc2\x9b"
                  "31m") ==
        "\xef\xbf\xbd"
        "31m");
  CHECK(printable("bad \xff byte") == "bad \xef\xbf\xbd byte");
  CHECK(printable("\xe2\x80\xae") == "\xef\xbf\xbd");
}
