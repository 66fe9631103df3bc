// Cron schedules as the CronJob controller reads them (github.com/robfig/cron v3, ParseStandard).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kube/duration.hpp"

namespace podcheck::kube {

class CronSchedule {
 public:
  // The first time after `time` at which it fires, as if the clock of its zone were UTC; nothing when it does not fire
  // within five years ("30 February"), which is when the controller gives up too.
  std::optional<Time> next(Time time) const;
  // The shortest distance between two firings in the weeks that follow `from`; nothing when it fires less than twice.
  std::optional<std::chrono::seconds> shortest_interval(Time from) const;
  // TZ=… or CRON_TZ=… in the schedule itself, which the API server refuses; empty when there is none.
  const std::string& zone() const { return zone_; }

 private:
  friend std::optional<CronSchedule> parse_cron(std::string_view text, struct CronError* error);
  bool day_matches(std::chrono::year_month_day date) const;
  std::uint64_t minutes_ = 0, hours_ = 0, days_ = 0, months_ = 0, weekdays_ = 0;
  bool any_day_ = false;  // the field was * or ?: then both day fields have to match, else one of them
  bool any_weekday_ = false;
  std::chrono::seconds every_{0};  // @every; not 0 means nothing else counts
  std::string zone_;
};

// What is wrong with which field.
struct CronError {
  enum class Kind : std::uint8_t { none, empty, field_count, value, range, step, below, above, descriptor, duration };
  Kind kind = Kind::none;
  std::string field;      // minute, hour, day-of-month, month, day-of-week; empty for the schedule as a whole
  std::string text;       // the offending part
  std::size_t count = 0;  // field_count: how many there are
  unsigned minimum = 0, maximum = 0;  // below, above: what is allowed
};

std::optional<CronSchedule> parse_cron(std::string_view text, CronError* error = nullptr);

}  // namespace podcheck::kube
