#include <doctest/doctest.h>

#include "lint/lint.hpp"

using namespace podcheck;

TEST_CASE("a report does not show the lines of a Secret's data") {
  lint::MemoryFileSystem files;
  files.files["secret.yaml"] =
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: database\ndata: {password: ZXhhbXBsZQo=}\n---\n"
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n"
      "      image: registry.example.com/web:1.0.0\n      env:\n        - name: P\n          valueFrom:\n"
      "            secretKeyRef: {name: database, key: pasword}\n";
  lint::Options options;
  options.paths = {"secret.yaml"};
  options.select = {"secret-trailing-newline", "config-key-unresolved"};
  catalogue::Catalogue catalogue(catalogue::Language::en);
  const lint::Result result = lint::run(options, catalogue, files);
  int seen = 0;
  for (const auto& subject : result.report.subjects)
    for (const auto& found : subject.findings) {
      ++seen;
      CHECK(found.message.find("ZXhh") == std::string::npos);
      CHECK(found.location->source_line.find("ZXhh") == std::string::npos);
      for (const auto& related : found.related)
        CHECK(related.location.source_line.find("ZXhh") == std::string::npos);
    }
  CHECK(seen == 2);
}
