// Processes that never run: scripted answers, and a record of what was asked.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cluster/process.hpp"

namespace podcheck::cluster::testing {

class RecordedRunner : public Runner {
 public:
  using Answer = std::function<Outcome(const std::vector<std::string>& argv)>;
  RecordedRunner(std::vector<std::vector<std::string>>& asked, Answer answer)
      : asked_(asked), answer_(std::move(answer)) {}
  std::vector<Outcome> run(const std::vector<Command>& commands) override {
    std::vector<Outcome> outcomes;
    for (const Command& command : commands) {
      asked_.push_back(command.argv);
      outcomes.push_back(answer_(command.argv));
    }
    return outcomes;
  }

 private:
  std::vector<std::vector<std::string>>& asked_;
  Answer answer_;
};

inline Outcome printed(std::string output) {
  return {Ending::exited, 0, std::move(output), ""};
}
inline Outcome failed(std::string error, int code = 1) {
  return {Ending::exited, code, "", std::move(error)};
}

}  // namespace podcheck::cluster::testing
