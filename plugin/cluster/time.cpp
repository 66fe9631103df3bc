#include "cluster/time.hpp"

#include <cstdio>

namespace podcheck::cluster {

namespace {

// Reads exactly `digits` decimal digits and moves `text` behind them; -1 when there are fewer.
int take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) {
    return -1;
  }
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') {
      return -1;
    }
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<Time> parse_time(std::string_view text) {
  using namespace std::chrono;
  int year_number = take_number(text, 4);
  bool shape = take(text, '-');
  int month_number = take_number(text, 2);
  shape = take(text, '-') && shape;
  int day_number = take_number(text, 2);
  shape = (take(text, 'T') || take(text, 't') || take(text, ' ')) && shape;
  int hour = take_number(text, 2);
  shape = take(text, ':') && shape;
  int minute = take_number(text, 2);
  shape = take(text, ':') && shape;
  int second = take_number(text, 2);
  if (!shape || year_number < 2 || month_number < 1 || day_number < 1 || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || second < 0 || second > 60) {
    return std::nullopt;
  }
  year_month_day date{year{year_number}, month{static_cast<unsigned>(month_number)},
                      day{static_cast<unsigned>(day_number)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  if (take(text, '.')) {
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      text.remove_prefix(1);
    }
  }
  Time time = sys_days{date} + hours{hour} + minutes{minute} + seconds{second};
  if (text == "Z" || text == "z") {
    return time;
  }
  if (text.size() != 6 || (text.front() != '+' && text.front() != '-')) {
    return std::nullopt;
  }
  int sign = text.front() == '+' ? 1 : -1;
  text.remove_prefix(1);
  int offset_hours = take_number(text, 2);
  bool colon = take(text, ':');
  int offset_minutes = take_number(text, 2);
  if (!colon || offset_hours < 0 || offset_minutes < 0) {
    return std::nullopt;
  }
  return time - sign * (hours{offset_hours} + minutes{offset_minutes});
}

std::string format_time(Time time) {
  using namespace std::chrono;
  sys_days days = floor<std::chrono::days>(time);
  year_month_day date{days};
  hh_mm_ss clock{time - days};
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return buffer;
}

std::optional<std::chrono::seconds> parse_age(std::string_view text) {
  constexpr std::int64_t day = 86400;
  std::int64_t total = 0;
  bool any = false;
  while (!text.empty()) {
    std::int64_t number = 0;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 9) {
      number = number * 10 + (text[digits] - '0');
      ++digits;
    }
    if (digits == 0 || digits == text.size()) {
      return std::nullopt;
    }
    text.remove_prefix(digits);
    if (text.starts_with("ms")) {
      text.remove_prefix(2);
      any = true;
      continue;
    }
    switch (text.front()) {
      case 's':
        total += number;
        break;
      case 'm':
        total += number * 60;
        break;
      case 'h':
        total += number * 3600;
        break;
      case 'd':
        total += number * day;
        break;
      case 'y':
        total += number * 365 * day;
        break;
      default:
        return std::nullopt;
    }
    text.remove_prefix(1);
    any = true;
  }
  if (!any) {
    return std::nullopt;
  }
  return std::chrono::seconds(total);
}

}  // namespace podcheck::cluster
