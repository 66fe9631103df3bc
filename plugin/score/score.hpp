// How often podcheck is right, measured on what real components of Kubernetes said. Each measure runs the program as a
// user would, in this process, and returns its figures by name.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "document/node.hpp"

namespace podcheck::score {

struct Figures {
  std::string name;  // "live-bundle"
  std::vector<std::pair<std::string, double>> values;
  std::vector<std::string> misses;  // a line each
};

// One run of the program: its exit code and its JSON report.
struct Answer {
  int code = 0;
  std::unique_ptr<document::Tree> report;  // null when standard output was not JSON
  std::string errors;
};
Answer ask(const std::vector<std::string>& arguments, const std::string& input = {});

// Recorded incidents against their truth; `source` is bundle, dump or describe.
Figures live(const std::string& incidents, const std::string& source);
// Manifests against what the API server accepted.
Figures verdicts(const std::string& cases);
// Placement of pods against what the scheduler said of every node.
Figures scheduler(const std::string& cases);
// Manifests of incidents against their bundles: does preflight predict the cause that live finds?
Figures preflight(const std::string& incidents);

std::string read(const std::string& path);
// Lines of a .jsonl file, plain or compressed with zstd (.zst).
std::vector<std::string> lines_of(const std::string& path);

}  // namespace podcheck::score
