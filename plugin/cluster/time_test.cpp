#include "cluster/time.hpp"

#include <doctest/doctest.h>

using namespace podcheck::cluster;

TEST_CASE("RFC 3339 times are read to the second") {
  struct Case {
    const char* text;
    const char* normal;  // nullptr: no time
  };
  for (const Case& c :
       {Case{"2026-11-23T16:54:21Z", "2026-11-23T16:54:21Z"},
        Case{"2026-11-23T16:54:21.987654Z", "2026-11-23T16:54:21Z"},
        Case{"2026-11-24T01:54:21+09:00", "2026-11-23T16:54:21Z"},
        Case{"2026-11-23T11:24:21-05:30", "2026-11-23T16:54:21Z"}, Case{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        Case{"0001-01-01T00:00:00Z", nullptr}, Case{"2026-02-30T00:00:00Z", nullptr},
        Case{"2026-11-23T16:54:21", nullptr}, Case{"2026-11-23", nullptr}, Case{"", nullptr},
        Case{"2026-11-23T16:54:21Zx", nullptr}, Case{"null", nullptr}}) {
    CAPTURE(c.text);
    std::optional<Time> time = parse_time(c.text);
    CHECK(time.has_value() == (c.normal != nullptr));
    if (time) {
      CHECK(format_time(*time) == c.normal);
    }
  }
}

TEST_CASE("ages are read as kubectl prints them") {
  CHECK(parse_age("47s") == std::chrono::seconds(47));
  CHECK(parse_age("2m30s") == std::chrono::seconds(150));
  CHECK(parse_age("5d3h") == std::chrono::seconds(5 * 86400 + 3 * 3600));
  CHECK(parse_age("3y12d") == std::chrono::seconds((3 * 365 + 12) * 86400LL));
  for (const char* text : {"<unknown>", "<invalid>", "", "12", "x", "5m x", "-3s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_age(text).has_value());
  }
}
