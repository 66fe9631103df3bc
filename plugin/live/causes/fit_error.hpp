// The scheduler's own sentence: "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). …".
// (pkg/scheduler/framework/types.go FitError, 1.20 to 1.36)
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace podcheck::live {

struct FitReason {
  long nodes = 0;  // 0: said of the pod before any node was looked at
  std::string text;
  std::string cause;   // a cause card's id; empty for wordings that are not known
  std::string detail;  // the resource, taint, claim … that the text names
};

struct FitError {
  long total = -1;  // nodes in the cluster; -1: the message is none of the scheduler's
  std::vector<FitReason> reasons;
  std::string preemption;  // what follows "preemption: "
};

FitError parse_fit_error(std::string_view message);
// The cause of a single reason's text and what it names.
FitReason fit_reason(std::string_view text, long nodes);

}  // namespace podcheck::live
