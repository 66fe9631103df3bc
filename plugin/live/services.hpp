// Services that a log or a configuration names: who is behind them, and how they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "live/cause.hpp"

namespace podcheck::live {

struct Dependency {
  std::string host;  // as named: "catalog-redis", "10.104.250.242"
  std::string port;
  document::Node service;  // missing when there is none of this name
  std::string name;        // of the Service that is meant
  std::string namespace_;
  bool is_local = false;             // localhost: the pod itself
  bool is_external = false;          // a name outside of the cluster
  bool known = false;                // Services were readable, so that a missing one is missing
  int ready = 0;                     // ready endpoints
  std::vector<document::Node> pods;  // that the Service selects
};

// "catalog-redis", "redis.shop", "db.shop.svc.cluster.local", or a cluster IP.
Dependency look_up(Patient& patient, std::string_view host, std::string_view port);

// The Service that a log line mentions by name ("addr=catalog-redis:6379"); an empty host when it mentions none.
Dependency mentioned_in(Patient& patient, std::string_view line);

// Turns a candidate for an unreachable dependency into what is wrong with the dependency itself: dependency-crashing,
// dependency-service-without-endpoints, dependency-name-unknown, cluster-dns-down, or dependency-unreachable.
void judge_dependency(Patient& patient, const Dependency& dependency, Candidate& candidate);

}  // namespace podcheck::live
