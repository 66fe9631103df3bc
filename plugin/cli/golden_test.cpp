// What people and machines read, byte by byte. PODCHECK_UPDATE_GOLDEN=1 rewrites testdata/golden; review the diff.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catalogue/cards/json_schema.hpp"
#include "cli/testing/program.hpp"
#include "document/document.hpp"

using namespace podcheck;
using namespace podcheck::cli::testing;
namespace fs = std::filesystem;

namespace {

const fs::path root = PODCHECK_SOURCE_DIR;

struct Case {
  const char* name;  // of the file in testdata/golden
  std::vector<std::string> words;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"help.txt", {"help"}},
      {"help.ja.txt", {"help", "--lang", "ja"}},
      {"help-lint.txt", {"help", "lint"}},
      {"help-live.txt", {"help", "live"}},
      {"help-preflight.txt", {"help", "preflight"}},
      {"explain-137.txt", {"explain", "137"}},
      {"explain-rule.txt", {"explain", "memory-unit-milli"}},
      {"lint.txt", {"lint", "testdata/demo/storefront.yaml"}},
      {"lint.ja.txt", {"lint", "testdata/demo/storefront.yaml", "--lang", "ja"}},
      {"lint-verbose.txt", {"lint", "testdata/demo/storefront.yaml", "-v"}},
      {"lint.diff", {"lint", "testdata/demo/storefront.yaml", "--diff", "--unsafe-fixes"}},
      {"lint.json", {"lint", "testdata/demo/storefront.yaml", "-o", "json"}},
      {"lint.gcc", {"lint", "testdata/demo/storefront.yaml", "-o", "gcc"}},
      {"lint.github", {"lint", "testdata/demo/storefront.yaml", "-o", "github"}},
      {"lint.gitlab.json", {"lint", "testdata/demo/storefront.yaml", "-o", "gitlab"}},
      {"lint.junit.xml", {"lint", "testdata/demo/storefront.yaml", "-o", "junit"}},
      {"lint.checkstyle.xml", {"lint", "testdata/demo/storefront.yaml", "-o", "checkstyle"}},
      {"lint.md", {"lint", "testdata/demo/storefront.yaml", "-o", "markdown"}},
      {"live-crash.txt", {"live", "deploy/storefront", "--from", "testdata/incidents/116-storefront-live"}},
      {"live-crash.ja.txt",
       {"live", "deploy/storefront", "--from", "testdata/incidents/116-storefront-live", "--lang", "ja"}},
      {"live-crash-verbose.txt",
       {"live", "deploy/storefront", "--from", "testdata/incidents/116-storefront-live", "-v"}},
      {"live-crash.json",
       {"live", "deploy/storefront", "--from", "testdata/incidents/116-storefront-live", "-o", "json"}},
      {"live-crash.md",
       {"live", "deploy/storefront", "--from", "testdata/incidents/116-storefront-live", "-o", "markdown"}},
      {"live-pending.txt", {"live", "deploy/checkout-api", "--from", "testdata/incidents/001-checkout-burst"}},
      {"live-healthy.txt", {"live", "--from", "testdata/incidents/145-healthy-web"}},
  };
  return all;
}

}  // namespace

TEST_CASE("what users read is what testdata/golden says") {
  WorkingDirectory here(root);
  bool update = std::getenv("PODCHECK_UPDATE_GOLDEN") != nullptr;
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    Answer answer = ask(c.words);
    std::string text = answer.out + (answer.err.empty() ? "" : "--- standard error\n" + answer.err) + "--- exit " +
                       std::to_string(answer.code) + "\n";
    fs::path file = root / "testdata/golden" / c.name;
    if (update) {
      std::ofstream(file, std::ios::binary) << text;
    } else {
      CHECK(text == read(file));
    }
  }
}

TEST_CASE("what deploy/ has to offer passes lint as it is") {
  WorkingDirectory here(root);
  Answer answer = ask({"lint", "deploy", "--fail-on", "info"});
  CAPTURE(answer.out);
  CHECK(answer.code == 0);
  for (const auto& entry : fs::recursive_directory_iterator(root / "deploy")) {
    CHECK((!entry.is_regular_file() || read(entry.path()).find("podcheck:") == std::string::npos));
  }
}

TEST_CASE("text fits the terminal: no line of a report is wider than it") {
  WorkingDirectory here(root);
  Answer answer = ask({"live", "deploy/storefront", "--from", "testdata/incidents/116-storefront-live"});
  std::istringstream lines(answer.out);
  for (std::string line; std::getline(lines, line);) {
    bool command = line.find("kubectl ") != std::string::npos;  // commands are there to be copied, and stay whole
    CAPTURE(line);
    CHECK((command || line.size() <= 130));
  }
}

TEST_CASE("every JSON report is what schemas/report.schema.json describes") {
  WorkingDirectory here(root);
  document::Tree tree;
  std::string error;
  REQUIRE(document::parse_json(read(root / "schemas/report.schema.json"), tree, error));
  auto schema = catalogue::JsonSchema::compile(tree.root(), error);
  REQUIRE_MESSAGE(schema != nullptr, error);
  std::vector<std::vector<std::string>> runs = {{"lint", "testdata/demo/storefront.yaml"},
                                                {"lint", "testdata/manifests"}};
  for (const fs::path& incident : incidents(root)) {
    runs.push_back({"live", "--from", incident.string(), "-v"});
  }
  for (auto words : runs) {
    words.insert(words.end(), {"-o", "json"});
    CAPTURE(words[2]);
    Answer answer = ask(words);
    document::Tree report;
    REQUIRE(document::parse_json(answer.out, report, error));
    for (const auto& violation : schema->violations(report.root())) {
      FAIL_CHECK(catalogue::describe(violation, report.root()));
    }
  }
}

TEST_CASE("no placeholder is left open in anything that is said") {
  WorkingDirectory here(root);
  for (const char* language : {"en", "ja"}) {
    for (const fs::path& incident : incidents(root)) {
      Answer answer = ask({"live", "--from", incident.string(), "-o", "json", "--lang", language});
      document::Tree report;
      std::string error;
      REQUIRE(document::parse_json(answer.out, report, error));
      for (document::Node subject : report.root()["subjects"].items()) {
        for (document::Node found : subject["findings"].items()) {
          for (const char* field : {"message", "why"}) {
            std::string text = found[field].text();
            std::size_t open = text.find('{');
            std::size_t close = open == std::string::npos ? open : text.find('}', open);
            bool placeholder =
                close != std::string::npos && close > open + 1 &&
                text.substr(open + 1, close - open - 1).find_first_not_of("abcdefghijklmnopqrstuvwxyz_") ==
                    std::string::npos;
            CAPTURE(incident.string());
            CAPTURE(text);
            CHECK_FALSE(placeholder);
          }
        }
      }
    }
  }
}

TEST_CASE("input that cannot be read is one sentence each, and the rest is still checked") {
  WorkingDirectory here(root);
  Answer both = ask({"lint", "/nonexistent.yaml", "testdata/demo/storefront.yaml"});
  CHECK(both.code == 3);
  CHECK(both.err.find("/nonexistent.yaml") != std::string::npos);
  CHECK(both.out.find("memory-unit-milli") != std::string::npos);
  CHECK(ask({"lint", "-"}, "").code == 3);
  CHECK(ask({"lint", "-"}, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: UPPER}\n").code == 1);
  CHECK(ask({"lint", "-"}, std::string("\x7f"
                                       "ELF\0\0\0",
                                       7))
            .code != 0);
  CHECK(ask({"lint", "--fxi", "a.yaml"}).code == 2);
  CHECK(ask({"lint", "--kubernetes-version", "1.99", "-"}, "a: 1").code == 2);
  CHECK(ask({"live", "--from", "/nonexistent"}).code == 3);
  CHECK(ask({"nonsense"}).code == 2);
}

TEST_CASE("--wait ends at once when all is done, and when waiting cannot help") {
  WorkingDirectory here(root);
  CHECK(ask({"live", "deploy/storefront", "--wait=5m", "--from", "testdata/incidents/145-healthy-web"}).code == 0);
  CHECK(ask({"live", "deploy/storefront", "--wait=5m", "--from", "testdata/incidents/116-storefront-live"}).code == 1);
  CHECK(ask({"live", "deploy/profile-api", "--wait=5m", "--from", "testdata/incidents/153-profile-rolling"}).code == 1);
  CHECK(ask({"live", "--wait=5m", "--from", "testdata/incidents/145-healthy-web"}).code == 2);
  CHECK(ask({"live", "deploy/storefront", "--wait=soon", "--from", "testdata/incidents/145-healthy-web"}).code == 2);
}
