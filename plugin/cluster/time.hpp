// Points in time as Kubernetes writes them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace podcheck::cluster {

using Time = std::chrono::sys_seconds;

// RFC 3339, fractions of a second cut off ("2026-11-23T16:54:21Z", "…21.123456Z", "…21+09:00"). nullopt for anything
// else, and for the zero time that Go writes (0001-01-01T00:00:00Z).
std::optional<Time> parse_time(std::string_view text);

// "2026-11-23T16:54:21Z"
std::string format_time(Time time);

// What kubectl prints as an age ("5d3h", "2m30s", "47s", "3y12d"); nullopt when it is none ("<unknown>", "<invalid>").
std::optional<std::chrono::seconds> parse_age(std::string_view text);

}  // namespace podcheck::cluster
