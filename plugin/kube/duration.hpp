// Times and durations as Kubernetes writes them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace podcheck::kube {

using Time = std::chrono::sys_time<std::chrono::microseconds>;

// Go's time.ParseDuration: "1h30m", "1.5s", "-300ms", "0".
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);
// As Go prints a duration of whole seconds: "1h30m0s", "45s".
std::string to_go_string(std::chrono::seconds duration);
// As kubectl prints ages: "12s", "4m10s", "14m", "3h5m", "2d4h", "34d", "2y40d".
std::string to_age(std::chrono::seconds age);

// RFC 3339 with or without a fraction, any offset: "2024-05-01T10:02:03.5+09:00".
std::optional<Time> parse_time(std::string_view text);
// "2024-05-01T10:02:03Z"; a fraction is left out.
std::string to_rfc3339(Time time);
// "10:02:03".
std::string to_clock(Time time);

}  // namespace podcheck::kube
