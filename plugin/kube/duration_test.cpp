#include "kube/duration.hpp"

#include <doctest/doctest.h>

using namespace podcheck::kube;
using namespace std::chrono_literals;

TEST_CASE("Go durations") {
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("-300ms") == -300ms);
  CHECK(parse_duration(".5m") == 30s);
  CHECK(parse_duration("0") == 0s);
  for (const char* bad : {"", "5", "s", "1d", "1 s", "-", ".s", "1h2", "9999999999999h"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad));
  }
  CHECK(to_go_string(5400s) == "1h30m0s");
  CHECK(to_go_string(45s) == "45s");
}

TEST_CASE("ages as kubectl prints them") {
  CHECK(to_age(12s) == "12s");
  CHECK(to_age(119s) == "119s");
  CHECK(to_age(250s) == "4m10s");
  CHECK(to_age(240s) == "4m");
  CHECK(to_age(14min) == "14m");
  CHECK(to_age(185min) == "3h5m");
  CHECK(to_age(20h) == "20h");
  CHECK(to_age(52h) == "2d4h");
  CHECK(to_age(24h * 34) == "34d");
  CHECK(to_age(24h * 770) == "2y40d");
  CHECK(to_age(24h * 365 * 9) == "9y");
}

TEST_CASE("RFC 3339 times, there and back") {
  struct Row {
    const char* text;
    const char* utc;
  };
  for (const Row& row : {Row{"2024-05-01T10:02:03Z", "2024-05-01T10:02:03Z"},
                         Row{"2024-05-01T10:02:03.987654321Z", "2024-05-01T10:02:03Z"},
                         Row{"2024-05-01T10:02:03+09:00", "2024-05-01T01:02:03Z"},
                         Row{"2024-12-31T23:30:00-01:00", "2025-01-01T00:30:00Z"},
                         Row{"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"}}) {
    CAPTURE(row.text);
    auto time = parse_time(row.text);
    REQUIRE(time);
    CHECK(to_rfc3339(*time) == row.utc);
  }
  CHECK(*parse_time("2024-05-01T10:02:03.5Z") - *parse_time("2024-05-01T10:02:03Z") == 500ms);
  for (const char* bad : {"", "2024-05-01", "2024-02-30T00:00:00Z", "2024-05-01T10:02:03", "2024-05-01T25:00:00Z",
                          "2024-05-01T10:02:03.Z", "2024-05-01T10:02:03+9", "null"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_time(bad));
  }
}
