// The log of the run that ended, and the lines in it that decide.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "live/cause.hpp"
#include "live/facts.hpp"

namespace podcheck::live {

struct RunLog {
  std::vector<std::string> lines;  // as sentences (structured lines unpacked), without colours, at most 400
  bool previous = false;           // kubectl logs --previous
  bool readable = false;           // false: the log could not be had, so its silence proves nothing
  bool empty() const { return lines.empty(); }
};

// The log of the container's last finished run: the current log while it waits or has ended, --previous while it runs.
RunLog last_run_log(Patient& patient, const ContainerFacts& container);
// The log of the present run.
RunLog current_log(Patient& patient, const ContainerFacts& container);

// "exitCode: 1, reason: Error, restartCount: 4, ran 3s" of the container's last end.
finding::Evidence termination_evidence(document::Node pod, const ContainerFacts& container);

// The address that the log says the application listens on: "[::]:8080", "127.0.0.1:8080"; port 0 when it does not say.
struct Listening {
  std::string address;
  std::string host;
  int port = 0;
  std::string line;
};
Listening listening_in(const RunLog& log);

// The level that a line names: fatal, error, warn, info, debug; empty when it names none.
std::string_view level_of(std::string_view line);

}  // namespace podcheck::live
