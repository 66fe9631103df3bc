#include "kube/cron.hpp"

#include <charconv>
#include <vector>

namespace podcheck::kube {

namespace {

using Kind = CronError::Kind;

struct FieldRule {
  const char* name;
  unsigned minimum;
  unsigned maximum;
  std::string_view names;  // three letters each, the first stands for `minimum`
};

constexpr FieldRule field_rules[] = {{"minute", 0, 59, ""},
                                     {"hour", 0, 23, ""},
                                     {"day-of-month", 1, 31, ""},
                                     {"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
                                     {"day-of-week", 0, 6, "sunmontuewedthufrisat"}};

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    std::size_t begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) {
      break;
    }
    text.remove_prefix(begin);
    std::size_t end = std::min(text.find_first_of(separators), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return parts;
}

std::optional<unsigned> read_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  unsigned value = 0;
  auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || status != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<unsigned> read_value(std::string_view text, const FieldRule& rule) {
  std::string word(text);
  for (char& c : word) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (word.size() == 3) {
    for (std::size_t i = 0; i + 3 <= rule.names.size(); i += 3) {
      if (rule.names.substr(i, 3) == word) {
        return rule.minimum + static_cast<unsigned>(i / 3);
      }
    }
  }
  return read_number(text);
}

struct Bits {
  std::uint64_t set = 0;
  bool any = false;
};

// One element of a comma-separated field: "*", "5", "1-5", "*/15", "10-40/10", "5/10".
bool read_range(std::string_view text, const FieldRule& rule, Bits& bits, CronError& error) {
  auto fail = [&](Kind kind) {
    error = {kind, rule.name, std::string(text), 0, rule.minimum, rule.maximum};
    return false;
  };
  std::size_t slash = text.find('/');
  std::string_view range = text.substr(0, slash);
  std::size_t hyphen = range.find('-');
  bool any = range.substr(0, hyphen) == "*" || range.substr(0, hyphen) == "?";
  unsigned first = rule.minimum;
  unsigned last = rule.maximum;
  if (!any) {
    std::optional<unsigned> low = read_value(range.substr(0, hyphen), rule);
    std::optional<unsigned> high = low;
    if (hyphen != std::string_view::npos) {
      high = read_value(range.substr(hyphen + 1), rule);
    } else if (slash != std::string_view::npos) {
      high = rule.maximum;
    }
    if (!low || !high) {
      return fail(Kind::value);
    }
    first = *low;
    last = *high;
  }
  unsigned step = 1;
  if (slash != std::string_view::npos) {
    std::optional<unsigned> read = read_number(text.substr(slash + 1));
    if (!read || *read == 0) {
      return fail(Kind::step);
    }
    step = *read;
  }
  if (first < rule.minimum) {
    return fail(Kind::below);
  }
  if (last > rule.maximum) {
    return fail(Kind::above);
  }
  if (first > last) {
    return fail(Kind::range);
  }
  for (unsigned value = first; value <= last; value += std::min(step, 64U)) {
    bits.set |= std::uint64_t{1} << value;
  }
  bits.any = bits.any || (any && step == 1);
  return true;
}

std::string_view expand_descriptor(std::string_view text) {
  struct Descriptor {
    std::string_view name, fields;
  };
  static constexpr Descriptor known[] = {
      {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}, {"@monthly", "0 0 1 * *"}, {"@weekly", "0 0 * * 0"},
      {"@daily", "0 0 * * *"},  {"@midnight", "0 0 * * *"}, {"@hourly", "0 * * * *"}};
  for (const Descriptor& descriptor : known) {
    if (descriptor.name == text) {
      return descriptor.fields;
    }
  }
  return {};
}

bool has(std::uint64_t set, unsigned value) {
  return ((set >> value) & 1U) != 0;
}

}  // namespace

std::optional<CronSchedule> parse_cron(std::string_view text, CronError* error) {
  CronError found;
  auto fail = [&](CronError why) -> std::optional<CronSchedule> {
    if (error != nullptr) {
      *error = std::move(why);
    }
    return std::nullopt;
  };
  CronSchedule schedule;
  constexpr std::string_view blanks = " \t\r\n\v\f";
  if (text.starts_with("TZ=") || text.starts_with("CRON_TZ=")) {
    std::size_t blank = std::min(text.find(' '), text.size());
    schedule.zone_ = std::string(text.substr(text.find('=') + 1, blank - text.find('=') - 1));
    text.remove_prefix(blank);
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  }
  if (text.empty()) {
    return fail({Kind::empty, "", "", 0, 0, 0});
  }
  if (text.starts_with("@every ")) {
    auto every = parse_duration(text.substr(7));
    if (!every) {
      return fail({Kind::duration, "", std::string(text.substr(7)), 0, 0, 0});
    }
    schedule.every_ = std::max(std::chrono::floor<std::chrono::seconds>(*every), std::chrono::seconds(1));
    return schedule;
  }
  std::string_view fields_text = text;
  if (text.starts_with('@')) {
    fields_text = expand_descriptor(text);
    if (fields_text.empty()) {
      return fail({Kind::descriptor, "", std::string(text), 0, 0, 0});
    }
  }
  std::vector<std::string_view> fields = split(fields_text, blanks);
  if (fields.size() != std::size(field_rules)) {
    return fail({fields.empty() ? Kind::empty : Kind::field_count, "", std::string(text), fields.size(), 0, 0});
  }
  Bits bits[std::size(field_rules)];
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (std::string_view range : split(fields[i], ",")) {
      if (!read_range(range, field_rules[i], bits[i], found)) {
        return fail(std::move(found));
      }
    }
  }
  schedule.minutes_ = bits[0].set;
  schedule.hours_ = bits[1].set;
  schedule.days_ = bits[2].set;
  schedule.months_ = bits[3].set;
  schedule.weekdays_ = bits[4].set;
  schedule.any_day_ = bits[2].any;
  schedule.any_weekday_ = bits[4].any;
  return schedule;
}

bool CronSchedule::day_matches(std::chrono::year_month_day date) const {
  bool day = has(days_, static_cast<unsigned>(date.day()));
  bool weekday = has(weekdays_, std::chrono::weekday(std::chrono::sys_days(date)).c_encoding());
  return any_day_ || any_weekday_ ? day && weekday : day || weekday;
}

std::optional<Time> CronSchedule::next(Time time) const {
  using namespace std::chrono;
  if (every_.count() != 0) {
    return floor<seconds>(time) + every_;
  }
  Time start = floor<minutes>(time) + minutes(1);
  sys_days first_day = floor<days>(start);
  for (sys_days day = first_day; day <= first_day + days(5 * 366); day += days(1)) {
    year_month_day date(day);
    if (!has(months_, static_cast<unsigned>(date.month())) || !day_matches(date)) {
      continue;
    }
    for (unsigned hour = 0; hour < 24; ++hour) {
      for (unsigned minute = 0; has(hours_, hour) && minute < 60; ++minute) {
        Time candidate = day + hours(hour) + minutes(minute);
        if (has(minutes_, minute) && candidate >= start) {
          return candidate;
        }
      }
    }
  }
  return std::nullopt;
}

std::optional<std::chrono::seconds> CronSchedule::shortest_interval(Time from) const {
  std::optional<Time> previous = next(from);
  std::optional<std::chrono::seconds> shortest;
  constexpr int firings = 1500;  // a whole day of "every minute"
  for (int i = 0; previous && i < firings; ++i) {
    std::optional<Time> following = next(*previous);
    if (following) {
      auto distance = std::chrono::duration_cast<std::chrono::seconds>(*following - *previous);
      shortest = shortest ? std::min(*shortest, distance) : distance;
      if (distance > std::chrono::hours(24 * 28)) {
        break;
      }
    }
    previous = following;
  }
  return shortest;
}

}  // namespace podcheck::kube
