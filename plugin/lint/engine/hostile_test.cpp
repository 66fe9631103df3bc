// Input that is made to hurt: it has to end soon, within bounds, with sentences.
#include <doctest/doctest.h>

#include <chrono>

#include "lint/lint.hpp"

using namespace podcheck;

namespace {

lint::Result run(const std::string& text) {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::MemoryFileSystem files;
  files.files["a.yaml"] = text;
  lint::Options options;
  options.paths = {"a.yaml"};
  return lint::run(options, catalogue, files);
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

}  // namespace

TEST_CASE("hostile input ends, soon, without a crash") {
  const std::string pod =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: b:1\n";
  const std::string cases[] = {
      std::string(1, '\0'),
      "\xff\xfe" + pod,
      pod + "    env: " + repeated("[", 2000) + repeated("]", 2000) + "\n",
      "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\n" + pod,
      "apiVersion: v1\nkind: List\nitems:\n- &x\n  apiVersion: v1\n  kind: List\n  items: [*x]\n",
      pod + "    env:\n" + repeated("    - {name: 1, value: 2}\n", 500),
      "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[" +
          repeated("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"},\"spec\":{}},", 2000) +
          "{}]}",
      repeated("---\n", 20000) + pod,
      "apiVersion: v1\nkind: 5\nmetadata: []\n",
      "apiVersion: v1\nkind: Pod\nmetadata: 7\nspec: {containers: x}\n",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: null, labels: [1], annotations: x}\nspec: {containers: [1, null, "
      "{}, []]}\n",
      repeated("# podcheck: ignore[all]\n", 2000) + pod,
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n" +
          repeated("    # podcheck: ignore[all]\n", 2000),
  };
  for (const auto& text : cases) {
    CAPTURE(text.substr(0, 100));
    const auto start = std::chrono::steady_clock::now();
    const auto result = run(text);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    CHECK(result.report.summary.files <= 1);
    CHECK(seconds < 20);  // debug builds and sanitizers on a busy machine included
  }
}

TEST_CASE("one rule at one place reports a thousand times at most, and says how many are left out") {
  std::string text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n";
  text += repeated("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {}\n---\n", 10500);
  catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::MemoryFileSystem files;
  files.files["a.yaml"] = text;
  lint::Options options;
  options.paths = {"a.yaml"};
  options.select = {"duplicate-object"};
  const auto result = lint::run(options, catalogue, files);
  CHECK(result.report.summary.warning == 10000);
  REQUIRE(result.report.notes.size() == 1);
  CHECK(result.report.notes[0].message.find("500") != std::string::npos);
}
