// podcheck_score [--check FLOOR.json] [-v] [MEASURE...]: prints the figures; with --check fails when one fell.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>

#include "document/document.hpp"
#include "score/score.hpp"

using namespace podcheck;

namespace {

struct Measure {
  const char* name;
  std::function<score::Figures()> run;
};

// Counts of errors must not rise, all other figures must not fall.
bool fell(const std::string& name, double now, double floor) {
  bool bad_thing = name == "wrong" || name == "controls_alarmed" || name == "false_rejects" || name == "missed";
  return bad_thing ? now > floor + 1e-6 : now < floor - 1e-6;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string data = PODCHECK_SOURCE_DIR "/testdata/";
  std::vector<Measure> measures = {
      {"live-bundle", [&] { return score::live(data + "incidents", "bundle"); }},
      {"live-dump", [&] { return score::live(data + "incidents", "dump"); }},
      {"live-describe", [&] { return score::live(data + "incidents", "describe"); }},
      {"scheduler", [&] { return score::scheduler(data + "verdicts/scheduler.jsonl.zst"); }},
      {"preflight", [&] { return score::preflight(data + "incidents"); }},
      {"verdicts", [&] { return score::verdicts(data + "verdicts/apiserver.jsonl.zst"); }},
  };
  std::string floor_path;
  bool verbose = false;
  std::vector<std::string> only;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--check") == 0 && i + 1 < argc) {
      floor_path = argv[++i];
    } else if (std::strcmp(argv[i], "-v") == 0) {
      verbose = true;
    } else {
      only.emplace_back(argv[i]);
    }
  }
  document::Tree floors;
  std::string error;
  if (!floor_path.empty() && !document::parse_json(score::read(floor_path), floors, error)) {
    std::fprintf(stderr, "podcheck_score: %s: %s\n", floor_path.c_str(), error.c_str());
    return 2;
  }
  bool good = true;
  for (const Measure& measure : measures) {
    bool wanted = only.empty();
    for (const std::string& name : only) {
      wanted = wanted || name == measure.name;
    }
    if (!wanted) {
      continue;
    }
    score::Figures figures = measure.run();
    if (verbose) {
      for (const std::string& miss : figures.misses) {
        std::printf("%s\n", miss.c_str());
      }
    }
    std::printf("%s:", figures.name.c_str());
    for (const auto& [name, value] : figures.values) {
      std::printf(value == std::floor(value) ? " %s %.0f" : " %s %.2f", name.c_str(), value);
      document::Node floor = floors.root()[figures.name][name];
      if (floor && fell(name, value, floor.number().value_or(0))) {
        good = false;
        std::printf(" (was %s)", floor.text().c_str());
      }
    }
    std::printf("\n");
    std::fflush(stdout);
  }
  return good ? 0 : 1;
}
