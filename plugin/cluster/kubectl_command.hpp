// The one place that decides which commands kubectl is given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cluster/process.hpp"

namespace podcheck::cluster {

// Whether the command only reads: get, describe, logs, version, auth can-i, and create with --dry-run=server. The verb
// must come right after the program's name.
bool only_reads(const std::vector<std::string>& argv);

// A runner that refuses everything else before it reaches `inner`: the outcome is not_started.
class ReadingRunner : public Runner {
 public:
  explicit ReadingRunner(Runner& inner) : inner_(inner) {}
  std::vector<Outcome> run(const std::vector<Command>& commands) override;

 private:
  Runner& inner_;
};

// Runs nothing and notes every command as a line that a POSIX shell would read back.
class PrintingRunner : public Runner {
 public:
  explicit PrintingRunner(std::vector<std::string>& lines) : lines_(lines) {}
  std::vector<Outcome> run(const std::vector<Command>& commands) override;

 private:
  std::vector<std::string>& lines_;
};

// The command as a line to paste: arguments are quoted where a POSIX shell needs it.
std::string shell_line(const std::vector<std::string>& argv);
std::string shell_quote(std::string_view argument);

// For a path or a query of a URL: everything but letters, digits and -._~ is percent-encoded.
std::string url_encode(std::string_view text);

}  // namespace podcheck::cluster
