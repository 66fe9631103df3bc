// Any bytes as a manifest that is fixed: what comes out can be read as well as what went in, has no more that the API
// server would refuse, and there is nothing left to fix in it.
#include <algorithm>

#include "fuzz/fuzz.hpp"

using namespace podcheck;
using fuzz::require;

namespace {

int invalid(const finding::Report& report) {
  int count = 0;
  for (const auto& subject : report.subjects) {
    count += static_cast<int>(std::count_if(subject.findings.begin(), subject.findings.end(),
                                            [](const auto& finding) { return finding.category == "invalid"; }));
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const bool unsafe = data[size - 1] % 2 != 0;
  lint::MemoryFileSystem files;
  files.files["a.yaml"] = fuzz::text_of(data, size);
  const lint::Options options = fuzz::every_rule("a.yaml");
  const int before = invalid(lint::run(options, fuzz::catalogue(), files).report);
  const lint::FixResult fixed = lint::fix(options, unsafe, fuzz::catalogue(), files);
  require(fixed.changes.size() <= 1);
  require(invalid(fixed.after.report) <= before);
  if (fixed.changes.empty()) {
    return 0;
  }
  require(fixed.changes[0].before == files.files["a.yaml"] && fixed.changes[0].after != fixed.changes[0].before);
  files.files["a.yaml"] = fixed.changes[0].after;
  require(invalid(lint::run(options, fuzz::catalogue(), files).report) == invalid(fixed.after.report));
  require(lint::fix(options, unsafe, fuzz::catalogue(), files).changes.empty());
  return 0;
}
