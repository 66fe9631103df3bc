// What the process ends with. Scripts rely on these numbers.
#pragma once

namespace podcheck::cli {

enum class ExitCode : int {
  success = 0,     // nothing at or above --fail-on; live: healthy, or completed normally
  findings = 1,    // findings at or above it; live: something is wrong
  usage = 2,       // the command line, a configuration file, a rule card or a suppression is wrong
  unreadable = 3,  // some input could not be read; what could be is still reported
  defect = 4,      // a defect in podcheck
  interrupted = 130
};

}  // namespace podcheck::cli
