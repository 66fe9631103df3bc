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
      // Each of these is one line, or one value, of a megabyte.
      pod + "    command: [\"" + std::string(1 << 20, 'x') + "\"]\n",
      pod + "    command: \"" + std::string(1 << 20, 'x'),
      pod + "    command: [" + repeated("x,", 1 << 19) + "]\n",
      pod + "    command: '" + repeated("x\n", 1 << 17),
      pod + "    env: {" + repeated("? ", 1 << 19),
      pod + "    env: " + repeated("&a ", 1 << 18),
      pod + "    env: " + repeated("- ", 1 << 19),
      std::string(1 << 20, '['),
      std::string(1 << 20, '{'),
      std::string(1 << 20, '\t'),
      std::string(1 << 20, '\xff'),
      repeated("\xE3\x81\x82", 1 << 18),
      // Merges that lead back, or to what is no mapping; keys that are no strings.
      "a: &a\n  <<: *a\n" + pod,
      "a: &a {b: &b {<<: *a}}\n<<: [*b]\n" + pod,
      "<<: [1, [2], ~]\n" + pod,
      "? [a, b]\n: 1\n? {c: d}\n: 2\n~: 3\n1: 4\n1: 5\ntrue: 6\n.nan: 7\n" + pod,
      pod + "metadata: {name: b}\nmetadata: [c]\nkind: Job\n",
      pod + "\tenv: []\n",
      pod + "    env:\n\t- name: x\n",
      "\x7f"
      "ELF\x02\x01\x01" +
          std::string(64, '\0') + pod,
      pod + "    image: \"a\0b\"\n",
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

TEST_CASE("a file with more values than memory allows is refused with a sentence; the others are checked") {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::MemoryFileSystem files;
  files.files["many.yaml"] = repeated("a: 1\n---\n", 250000);
  files.files["good.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
  lint::Options options;
  options.paths = {"many.yaml", "good.yaml"};
  const auto result = lint::run(options, catalogue, files);
  CHECK(result.unreadable);
  CHECK(result.report.summary.subjects == 1);
  REQUIRE(result.report.notes.size() == 1);
  CHECK(result.report.notes[0].message ==
        "many.yaml holds more than 200,000 documents or 8 million values and is not read: split it");
}

TEST_CASE("the report is the same however many threads there are") {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    text += "apiVersion: v1\nkind: Pod\nmetadata: {name: a" + std::to_string(i) +
            "}\nspec:\n  containers:\n  - {name: a, image: b, resources: {limits: {memory: 1m}}}\n---\n";
  }
  catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::MemoryFileSystem files;
  for (int i = 0; i < 8; ++i) {
    files.files["f" + std::to_string(i) + ".yaml"] = text;
  }
  lint::Options options;
  std::string first;
  for (unsigned threads : {1u, 2u, 7u}) {
    options.threads = threads;
    std::string all;
    for (const auto& subject : lint::run(options, catalogue, files).report.subjects) {
      all += subject.location->file + subject.name;
      for (const auto& finding : subject.findings) {
        all += finding.id + std::to_string(finding.location->line) + finding.message;
      }
    }
    first = first.empty() ? all : first;
    CHECK(all == first);
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
