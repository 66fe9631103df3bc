// Programs that are run: argument vectors only, never a shell.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace podcheck::cluster {

struct Command {
  std::vector<std::string> argv;  // argv[0] is looked up in PATH unless it has a slash
  std::chrono::milliseconds deadline = std::chrono::seconds(60);
  std::size_t max_output = std::size_t{128} << 20;  // of standard output; standard error is kept to 64 KiB
};

enum class Ending : std::uint8_t {
  exited,       // `code` is the exit status
  signalled,    // `code` is the signal
  timed_out,    // ended by us at the deadline
  too_large,    // ended by us beyond max_output
  not_found,    // there is no such program
  not_started,  // anything else that kept it from running; `error` says what
  interrupted,  // the user pressed Ctrl-C
  not_run       // the runner only shows commands
};

struct Outcome {
  Ending ending = Ending::not_started;
  int code = 0;
  std::string output;
  std::string error;
  bool succeeded() const { return ending == Ending::exited && code == 0; }
};

class Runner {
 public:
  virtual ~Runner() = default;
  // Runs all of them, several at once, and returns their outcomes in the same order. Standard input is empty.
  virtual std::vector<Outcome> run(const std::vector<Command>& commands) = 0;
};

// The operating system's processes; at most `parallel` at once.
class ProcessRunner : public Runner {
 public:
  explicit ProcessRunner(std::size_t parallel = 6) : parallel_(parallel) {}
  std::vector<Outcome> run(const std::vector<Command>& commands) override;

 private:
  std::size_t parallel_;
};

}  // namespace podcheck::cluster
