#include "kube/cron.hpp"

#include <doctest/doctest.h>

using namespace podcheck::kube;

TEST_CASE("a schedule fires when robfig/cron fires it") {
  struct Row {
    const char* schedule;
    const char* after;
    const char* next;  // "" for never
  };
  for (const Row& row :
       {Row{"*/15 * * * *", "2024-05-01T10:02:03Z", "2024-05-01T10:15:00Z"},
        Row{"0 0 * * *", "2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z"},
        Row{"5/20 * * * *", "2024-05-01T10:26:00Z", "2024-05-01T10:45:00Z"},
        Row{"0 9 * * MON-FRI", "2024-05-04T00:00:00Z", "2024-05-06T09:00:00Z"},
        Row{"0 0 1 jan *", "2024-05-01T00:00:00Z", "2025-01-01T00:00:00Z"},
        Row{"0 0 29 2 *", "2024-03-01T00:00:00Z", "2028-02-29T00:00:00Z"},
        Row{"0 0 30 2 *", "2024-03-01T00:00:00Z", ""}, Row{"0 0 31 4,6,9,11 *", "2024-03-01T00:00:00Z", ""},
        Row{"0 0 31 2 MON", "2024-03-01T00:00:00Z", "2025-02-03T00:00:00Z"},
        Row{"0 0 13 * FRI", "2024-05-01T00:00:00Z", "2024-05-03T00:00:00Z"},
        Row{"0 0 ? * 1", "2024-05-01T00:00:00Z", "2024-05-06T00:00:00Z"},
        Row{"0 0 */2 * 0", "2024-05-02T01:00:00Z", "2024-05-03T00:00:00Z"},
        Row{"@weekly", "2024-05-01T00:00:00Z", "2024-05-05T00:00:00Z"},
        Row{"@every 1h30m", "2024-05-01T10:02:03Z", "2024-05-01T11:32:03Z"},
        Row{"CRON_TZ=Asia/Tokyo 0 6 * * *", "2024-05-01T10:02:03Z", "2024-05-02T06:00:00Z"},
        Row{"  1   2\t3 4 *  ", "2024-05-01T10:02:03Z", "2025-04-03T02:01:00Z"},
        Row{"1,2,,3 * * * *", "2024-05-01T10:02:03Z", "2024-05-01T10:03:00Z"}}) {
    CAPTURE(row.schedule);
    auto schedule = parse_cron(row.schedule);
    REQUIRE(schedule);
    auto next = schedule->next(*parse_time(row.after));
    CHECK((next ? to_rfc3339(*next) : std::string()) == row.next);
  }
  CHECK(parse_cron("TZ=UTC @daily")->zone() == "UTC");
  CHECK(parse_cron("*/7 * * * *")->shortest_interval(*parse_time("2024-05-01T10:02:03Z")) == std::chrono::minutes(4));
  CHECK(parse_cron("@daily")->shortest_interval(*parse_time("2024-05-01T10:02:03Z")) == std::chrono::hours(24));
  CHECK_FALSE(parse_cron("0 0 30 2 *")->shortest_interval(*parse_time("2024-05-01T10:02:03Z")));
}

TEST_CASE("a malformed schedule names its field") {
  using Kind = CronError::Kind;
  struct Row {
    const char* schedule;
    Kind kind;
    const char* field;
    const char* text;
  };
  for (const Row& row :
       {Row{"", Kind::empty, "", ""}, Row{"* * * *", Kind::field_count, "", "* * * *"},
        Row{"0 0 * * * *", Kind::field_count, "", "0 0 * * * *"}, Row{"60 * * * *", Kind::above, "minute", "60"},
        Row{"* 24 * * *", Kind::above, "hour", "24"}, Row{"* * 0 * *", Kind::below, "day-of-month", "0"},
        Row{"* * * 13 *", Kind::above, "month", "13"}, Row{"* * * * 7", Kind::above, "day-of-week", "7"},
        Row{"* * * * monday", Kind::value, "day-of-week", "monday"}, Row{"*/0 * * * *", Kind::step, "minute", "*/0"},
        Row{"5-1 * * * *", Kind::range, "minute", "5-1"}, Row{"1-2-3 * * * *", Kind::value, "minute", "1-2-3"},
        Row{"x * * * *", Kind::value, "minute", "x"}, Row{"-1 * * * *", Kind::value, "minute", "-1"},
        Row{"@fortnightly", Kind::descriptor, "", "@fortnightly"}, Row{"@every 5", Kind::duration, "", "5"}}) {
    CAPTURE(row.schedule);
    CronError error;
    CHECK_FALSE(parse_cron(row.schedule, &error));
    CHECK(static_cast<int>(error.kind) == static_cast<int>(row.kind));
    CHECK(error.field == row.field);
    CHECK(error.text == row.text);
  }
}
