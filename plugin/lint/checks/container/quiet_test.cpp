// Silence on correct input: manifests of the shapes that well-known projects deploy, and that run.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "lint/lint.hpp"

using namespace podcheck;

TEST_CASE("manifests that run get no warning and no error") {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  std::size_t files_seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PODCHECK_SOURCE_DIR "/testdata/manifests/quiet")) {
    std::ifstream stream(entry.path(), std::ios::binary);
    std::string name = entry.path().filename().string();
    lint::MemoryFileSystem files;
    files.files[name] = std::string(std::istreambuf_iterator<char>(stream), {});
    lint::Options options;
    options.paths = {name};
    lint::Result result = lint::run(options, catalogue, files);
    CHECK_FALSE(result.unreadable);
    CHECK_FALSE(result.report.subjects.empty());
    for (const auto& subject : result.report.subjects) {
      for (const auto& found : subject.findings) {
        CHECK_MESSAGE(found.severity == finding::Severity::info,
                      name << ":" << found.location->line << ": " << found.message << " [" << found.id << "]");
      }
    }
    ++files_seen;
  }
  CHECK(files_seen >= 11);
}
