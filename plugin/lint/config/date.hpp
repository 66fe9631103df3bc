#pragma once

#include <string_view>

namespace podcheck::lint {

// A day as YYYY-MM-DD; days in this form compare as texts do.
bool is_date(std::string_view text);
// Whether a rule that holds `until` this day (inclusive) no longer does. Never when either is empty.
bool is_expired(std::string_view until, std::string_view today);

}  // namespace podcheck::lint
