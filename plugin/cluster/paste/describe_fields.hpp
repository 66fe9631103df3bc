// Single values of describe texts: the rest of a line, as the field of an object that it came from.
#pragma once

#include <cstdint>
#include <string_view>

#include "cluster/paste/draft.hpp"

namespace podcheck::cluster::paste {

// The number that a text begins with; 0 when there is none.
std::int64_t number_of(std::string_view text);

// Seconds of "5s", "1m30s"; at most 10^12.
std::int64_t seconds_of(std::string_view text);

// Another line of a message that goes over several; bounded.
void append_line(Draft& into, std::string_view more);

// "8080/TCP, 9090/TCP (metrics)" as ports of a container, and "0/TCP, 9090/TCP" as the host ports of those.
void read_ports(Draft& it, std::string_view value);
void read_host_ports(Draft& it, std::string_view value);

// "<set to the key 'password' in secret 'db'>  Optional: false"
void read_environment(Draft& entry, std::string_view name, std::string_view value);

// "settings  ConfigMap  Optional: false", with "with prefix 'X'" before Optional.
void read_environment_from(Draft& it, std::string_view text);

// "/data from data (rw,path=\"sub\")"
void read_mount(Draft& it, std::string_view text);

// "http-get http://:8080/healthz delay=5s timeout=1s period=10s #success=1 #failure=3" as a probe.
void read_probe(std::string_view text, Draft& probe);

}  // namespace podcheck::cluster::paste
