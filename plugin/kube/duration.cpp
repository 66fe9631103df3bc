#include "kube/duration.hpp"

#include <charconv>
#include <cmath>

namespace podcheck::kube {

namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<double> unit_nanoseconds(std::string_view unit) {
  struct Unit {
    std::string_view name;
    double nanoseconds;
  };
  static constexpr Unit units[] = {{"ns", 1},   {"us", 1e3}, {"\xc2\xb5s", 1e3}, {"\xce\xbcs", 1e3},
                                   {"ms", 1e6}, {"s", 1e9},  {"m", 6e10},        {"h", 3.6e12}};
  for (const Unit& candidate : units) {
    if (candidate.name == unit) {
      return candidate.nanoseconds;
    }
  }
  return std::nullopt;
}

std::string two_digits(std::int64_t value) {
  std::string text = std::to_string(value);
  return text.size() < 2 ? "0" + text : text;
}

// Reads exactly `count` digits at the front and removes them.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) {
    return std::nullopt;
  }
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!digit(text[i])) {
      return std::nullopt;
    }
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

struct Fields {
  int year, month, day, hour, minute, second;
};

std::optional<Fields> take_fields(std::string_view& text) {
  auto year = take_number(text, 4);
  bool dash = take(text, '-');
  auto month = take_number(text, 2);
  dash = take(text, '-') && dash;
  auto day = take_number(text, 2);
  bool separated = take(text, 'T') || take(text, 't') || take(text, ' ');
  auto hour = take_number(text, 2);
  bool colon = take(text, ':');
  auto minute = take_number(text, 2);
  colon = take(text, ':') && colon;
  auto second = take_number(text, 2);
  if (!year || !month || !day || !hour || !minute || !second || !dash || !separated || !colon || *hour > 23 ||
      *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  return Fields{*year, *month, *day, *hour, *minute, *second};
}

std::optional<std::chrono::minutes> read_offset(std::string_view text) {
  if (text == "Z" || text == "z") {
    return std::chrono::minutes(0);
  }
  bool west = text.starts_with('-');
  if (!take(text, '+') && !take(text, '-')) {
    return std::nullopt;
  }
  auto hours = take_number(text, 2);
  bool colon = take(text, ':');
  auto minutes = take_number(text, 2);
  if (!hours || !minutes || !colon || !text.empty()) {
    return std::nullopt;
  }
  std::chrono::minutes offset(*hours * 60 + *minutes);
  return west ? -offset : offset;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (text == "0") {
    return std::chrono::nanoseconds(0);
  }
  if (text.empty()) {
    return std::nullopt;
  }
  double total = 0;
  while (!text.empty()) {
    std::size_t end = 0;
    bool digits = false;
    bool point = false;
    while (end < text.size() && (digit(text[end]) || (text[end] == '.' && !point))) {
      digits = digits || digit(text[end]);
      point = point || text[end] == '.';
      ++end;
    }
    if (!digits) {
      return std::nullopt;
    }
    std::string number(text.substr(0, end));
    if (number.front() == '.') {
      number.insert(0, 1, '0');
    }
    double value = 0;
    std::from_chars(number.data(), number.data() + number.size(), value);
    text.remove_prefix(end);
    std::size_t stop = 0;
    while (stop < text.size() && text[stop] != '.' && !digit(text[stop])) {
      ++stop;
    }
    std::optional<double> unit = unit_nanoseconds(text.substr(0, stop));
    if (!unit) {
      return std::nullopt;
    }
    text.remove_prefix(stop);
    total += value * *unit;
  }
  if (!(total < 9.2e18)) {
    return std::nullopt;
  }
  auto nanoseconds = static_cast<std::int64_t>(std::llround(total));
  return std::chrono::nanoseconds(negative ? -nanoseconds : nanoseconds);
}

std::string to_go_string(std::chrono::seconds duration) {
  std::int64_t seconds = duration.count();
  std::string text;
  if (seconds < 0) {
    text = "-";
    seconds = -seconds;
  }
  if (seconds >= 3600) {
    text += std::to_string(seconds / 3600) + "h";
  }
  if (seconds >= 60) {
    text += std::to_string(seconds / 60 % 60) + "m";
  }
  return text + std::to_string(seconds % 60) + "s";
}

// k8s.io/apimachinery pkg/util/duration HumanDuration
std::string to_age(std::chrono::seconds age) {
  std::int64_t seconds = age.count();
  if (seconds < 0) {
    return "0s";
  }
  auto pair = [](std::int64_t large, const char* large_unit, std::int64_t small, const char* small_unit) {
    std::string text = std::to_string(large) + large_unit;
    return small == 0 ? text : text + std::to_string(small) + small_unit;
  };
  std::int64_t minutes = seconds / 60;
  std::int64_t hours = minutes / 60;
  std::int64_t days = hours / 24;
  if (seconds < 120) {
    return std::to_string(seconds) + "s";
  }
  if (minutes < 10) {
    return pair(minutes, "m", seconds % 60, "s");
  }
  if (minutes < 180) {
    return std::to_string(minutes) + "m";
  }
  if (hours < 8) {
    return pair(hours, "h", minutes % 60, "m");
  }
  if (hours < 48) {
    return std::to_string(hours) + "h";
  }
  if (days < 8) {
    return pair(days, "d", hours % 24, "h");
  }
  if (days < 365 * 2) {
    return std::to_string(days) + "d";
  }
  if (days < 365 * 8) {
    return pair(days / 365, "y", days % 365, "d");
  }
  return std::to_string(days / 365) + "y";
}

std::optional<Time> parse_time(std::string_view text) {
  std::optional<Fields> fields = take_fields(text);
  if (!fields) {
    return std::nullopt;
  }
  std::chrono::year_month_day date{std::chrono::year(fields->year),
                                   std::chrono::month(static_cast<unsigned>(fields->month)),
                                   std::chrono::day(static_cast<unsigned>(fields->day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  std::int64_t microseconds = 0;
  if (take(text, '.') || take(text, ',')) {
    std::size_t count = 0;
    for (; count < text.size() && digit(text[count]); ++count) {
      if (count < 6) {
        microseconds = microseconds * 10 + (text[count] - '0');
      }
    }
    if (count == 0) {
      return std::nullopt;
    }
    for (std::size_t i = count; i < 6; ++i) {
      microseconds *= 10;
    }
    text.remove_prefix(count);
  }
  std::optional<std::chrono::minutes> offset = read_offset(text);
  if (!offset) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date) + std::chrono::hours(fields->hour) + std::chrono::minutes(fields->minute) +
         std::chrono::seconds(fields->second) + std::chrono::microseconds(microseconds) - *offset;
}

std::string to_rfc3339(Time time) {
  auto day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day date(day);
  std::string year = std::to_string(static_cast<int>(date.year()));
  while (year.size() < 4) {
    year.insert(0, 1, '0');
  }
  return year + "-" + two_digits(static_cast<unsigned>(date.month())) + "-" +
         two_digits(static_cast<unsigned>(date.day())) + "T" + to_clock(time) + "Z";
}

std::string to_clock(Time time) {
  auto day = std::chrono::floor<std::chrono::days>(time);
  std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(time - day).count();
  return two_digits(seconds / 3600) + ":" + two_digits(seconds / 60 % 60) + ":" + two_digits(seconds % 60);
}

}  // namespace podcheck::kube
