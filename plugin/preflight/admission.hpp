// Would the API server take the pods? From its own dry run where there is a server, else as far as objects decide.
#pragma once

#include <vector>

#include "kube/quota.hpp"
#include "preflight/problem.hpp"
#include "preflight/server.hpp"
#include "preflight/world.hpp"

namespace podcheck::preflight {

// ServiceAccount, PriorityClass, RuntimeClass, Pod Security, LimitRange, and ResourceQuota for all replicas.
// `old_pods`: pods of the same workload that the new ones replace; what they use is given back.
void check_admission(World& world, const Workload& workload, const std::vector<document::Node>& old_pods,
                     std::vector<Problem>& problems);

// The specs of the LimitRanges in the workload's namespace, of input and cluster.
kube::LimitRanges limit_ranges(World& world, const Workload& workload);

struct ServerVerdict {
  document::Node pod;  // as admitted; missing when the server did not take it
  std::vector<Problem> problems;
  std::vector<finding::Note> notes;
  bool answered = false;
};
// Dry-runs the workload and one of its pods.
ServerVerdict ask_server(World& world, Server& server, const Workload& workload, const catalogue::Catalogue& catalogue);

// The cause that an admission message names.
std::string cause_of_refusal(std::string_view message);

}  // namespace podcheck::preflight
