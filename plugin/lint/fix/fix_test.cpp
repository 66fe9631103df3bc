#include <doctest/doctest.h>

#include "lint/lint.hpp"

using namespace podcheck;

namespace {

const std::string twice = R"(apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings   # the other one
data: {}
)";

lint::FixResult ignored(const std::string& text, const std::string& name = "a.yaml") {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::MemoryFileSystem files;
  files.files[name] = text;
  lint::Options options;
  options.paths = {name};
  options.select = {"duplicate-object", "unused-suppression"};
  return lint::add_ignores(options, "accepted for now", catalogue, files);
}

}  // namespace

TEST_CASE("add-ignore writes a comment at the end of the line, and nothing is found any more") {
  const auto result = ignored(twice);
  REQUIRE(result.changes.size() == 1);
  CHECK(result.changes[0].after.find(
            "  name: settings   # the other one # podcheck: ignore[duplicate-object] accepted for "
            "now\n") != std::string::npos);
  CHECK(result.fixed == 1);
  CHECK(result.after.report.summary.warning == 0);
  CHECK(ignored(result.changes[0].after).changes.empty());
}

TEST_CASE("add-ignore adds to a suppression that is there") {
  std::string text = twice;
  text.replace(text.find("# the other one"), 15, "# podcheck: ignore[unused-suppression] x");
  const auto result = ignored(text);
  REQUIRE(result.changes.size() == 1);
  CHECK(result.changes[0].after.find("ignore[unused-suppression, duplicate-object] x") != std::string::npos);
}

TEST_CASE("JSON has no comments: it is told and left alone") {
  const auto result = ignored(R"({"kind": "List", "apiVersion": "v1", "items": [
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {}}]})",
                              "a.json");
  CHECK(result.changes.empty());
  REQUIRE_FALSE(result.after.report.notes.empty());
  CHECK(result.after.report.notes.back().message.find("podcheck.dev/ignore") != std::string::npos);
}

TEST_CASE("fix removes what is of no use, keeps the rest, and has nothing left to do") {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::MemoryFileSystem files;
  files.files["a.yaml"] =
      "# podcheck: ignore[duplicate-object]\r\napiVersion: v1 # keep\r\nkind: ConfigMap\r\nmetadata: {name: a}\r\n";
  lint::Options options;
  options.paths = {"a.yaml"};
  options.select = {"duplicate-object", "unused-suppression"};
  const auto result = lint::fix(options, false, catalogue, files);
  REQUIRE(result.changes.size() == 1);
  CHECK(result.changes[0].after == "apiVersion: v1 # keep\r\nkind: ConfigMap\r\nmetadata: {name: a}\r\n");
  CHECK(result.fixed == 1);
  files.files["a.yaml"] = result.changes[0].after;
  CHECK(lint::fix(options, true, catalogue, files).changes.empty());
}
