// Any bytes as .podcheck.yaml, as a baseline and as a rule card of the user's: what is wrong in them is said with its
// place, and a run beside them ends.
#include "catalogue/own_cards.hpp"
#include "fuzz/fuzz.hpp"

using namespace podcheck;

namespace {

constexpr const char* manifest = R"(apiVersion: v1
kind: Pod
metadata: {name: a, labels: {app: a}}
spec:
  containers:
    - {name: a, image: "registry.example.com/a", resources: {limits: {memory: 512m}}}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::text_of(data, size);
  lint::MemoryFileSystem files;
  files.files["/project/a.yaml"] = manifest;
  files.files["/project/.podcheck.yaml"] = text;
  files.files["/project/baseline.json"] = text;
  lint::Options options;
  options.paths = {"/project/a.yaml"};
  options.baseline = "/project/baseline.json";
  options.threads = 1;
  const lint::Result result = lint::run(options, fuzz::catalogue(), files);
  for (const auto& mistake : result.mistakes) {
    fuzz::require(!mistake.empty());
  }
  const document::File card = document::parse("team-rule.yaml", text);
  for (const auto& problem : catalogue::problems_of_card(fuzz::catalogue(), card, "team-rule")) {
    fuzz::require(problem.starts_with("team-rule.yaml:"));
  }
  return 0;
}
