// Hosts and ports that a command line talks to, as far as they are written out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/check.hpp"
#include "lint/checks/container/argv.hpp"

namespace podcheck::lint {

struct Target {
  std::string program;  // pg_isready, curl, nc, …
  std::string host;     // as written
  std::optional<std::int64_t> port;
};

// Of the well-known clients in the words or in the shell script among them. Hosts with variables are left out.
std::vector<Target> network_targets(const Words& words);

// localhost, 127.0.0.1, ::1, 0.0.0.0 and the like.
bool is_local_host(std::string_view host);

// "db", "db.shop", "db.shop.svc.cluster.local" → the Service of the bundle; nullptr when it is none of them.
const BundleObject* service_of_host(const Place& place, std::string_view host);

}  // namespace podcheck::lint
