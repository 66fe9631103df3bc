// Any bytes as a manifest, every rule: a run ends without a crash, every place lies in the text, two runs say the same,
// and so does a run with more threads.
#include "fuzz/fuzz.hpp"
#include "render/render.hpp"

using namespace podcheck;
using fuzz::require;

namespace {

void check_place(const finding::Location& place, const document::SourceText& text) {
  require(place.line >= 1 && place.line <= text.line_count());
  require(place.end_line >= place.line && place.end_line <= text.line_count());
  require(place.column >= 1 && (place.end_line > place.line || place.end_column >= place.column));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lint::MemoryFileSystem files;
  files.files["a.yaml"] = fuzz::text_of(data, size);
  lint::Options options = fuzz::every_rule("a.yaml");
  const lint::Result result = lint::run(options, fuzz::catalogue(), files);
  const document::SourceText text("a.yaml", files.files["a.yaml"]);
  for (const auto& subject : result.report.subjects) {
    for (const auto& finding : subject.findings) {
      require(finding.location.has_value() && !finding.message.empty());
      check_place(*finding.location, text);
      for (const auto& related : finding.related) {
        check_place(related.location, text);
      }
      for (const auto& fix : finding.fixes) {
        for (const auto& edit : fix.edits) {
          require(edit.start <= edit.end && edit.end <= size);
        }
      }
    }
  }
  const std::string json = render::json(result.report, {});
  document::Tree tree;
  std::string error;
  require(document::parse_json(json, tree, error));
  if (size % 16 == 0) {
    options.threads = 3;
    require(render::json(lint::run(options, fuzz::catalogue(), files).report, {}) == json);
  }
  return 0;
}
