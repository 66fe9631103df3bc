// Names of the IANA time zone database, which Go's time.LoadLocation takes.
#pragma once

#include <string_view>

namespace podcheck::lint::invalid {

bool is_time_zone(std::string_view name);

}  // namespace podcheck::lint::invalid
