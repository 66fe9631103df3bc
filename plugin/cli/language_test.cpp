// A user who reads Japanese is told everything in Japanese: what podcheck says itself, not what it quotes.
#include <doctest/doctest.h>

#include <set>

#include "cli/help.hpp"
#include "cli/option_table.hpp"
#include "cli/testing/program.hpp"
#include "document/document.hpp"

using namespace podcheck;
using namespace podcheck::cli::testing;
namespace fs = std::filesystem;

namespace {

const fs::path root = PODCHECK_SOURCE_DIR;

// Kana, CJK ideographs and full-width punctuation are the three-byte sequences E3 to E9.
bool has_japanese(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte >= 0xE3 && byte <= 0xE9;
  });
}

// Checks each sentence once, however many incidents say it.
class Sentences {
 public:
  // A single word is a value or a kind, and the same in every language.
  void check(const std::string& where, document::Node text) {
    std::string said = text.text();
    bool sentence = said.find(' ') != std::string::npos;
    if (sentence && seen_.insert(said).second) {
      CAPTURE(where);
      CAPTURE(said);
      CHECK(has_japanese(said));
    }
  }

  void check_report(const std::string& where, const std::string& json) {
    document::Tree report;
    std::string error;
    REQUIRE(document::parse_json(json, report, error));
    for (document::Node note : report.root()["notes"].items()) {
      check(where + " note", note["message"]);
    }
    for (document::Node subject : report.root()["subjects"].items()) {
      for (document::Node found : subject["findings"].items()) {
        std::string id = where + " " + found["id"].text();
        check(id, found["message"]);
        check(id, found["why"]);
        for (document::Node fix : found["fixes"].items()) {
          check(id + " fix", fix["summary"]);
        }
        for (document::Node related : found["related"].items()) {
          check(id + " related", related["message"]);
        }
      }
    }
  }

  std::size_t count() const { return seen_.size(); }

 private:
  std::set<std::string> seen_;
};

}  // namespace

TEST_CASE("every sentence of a report has its Japanese") {
  WorkingDirectory here(root);
  Sentences sentences;
  std::vector<std::vector<std::string>> runs = {{"lint", "testdata/demo"}, {"lint", "testdata/manifests"}};
  for (const fs::path& incident : incidents(root)) {
    runs.push_back({"live", "-A", "-v", "--from", incident.string()});
    runs.push_back({"lint", (incident / "manifest.yaml").string()});
    runs.push_back({"preflight", (incident / "manifest.yaml").string(), "--from", incident.string()});
  }
  for (auto words : runs) {
    std::string where = words[0] + " " + words.back();
    words.insert(words.end(), {"-o", "json", "--lang", "ja"});
    sentences.check_report(where, ask(words).out);
  }
  CHECK(sentences.count() > 300);
}

TEST_CASE("the summary of every command and the description of every flag have their Japanese") {
  catalogue::Catalogue japanese(catalogue::Language::ja);
  for (const cli::Verb& verb : cli::verbs()) {
    if (verb.hidden) {
      continue;
    }
    CAPTURE(verb.name);
    CHECK(has_japanese(japanese.say(std::string("verbs.") + verb.name + ".summary")));
    for (const cli::Option* option : verb.options) {
      std::string described = cli::describe(verb, *option, japanese);
      CAPTURE(option->name);
      CHECK((described.empty() || has_japanese(described)));
    }
  }
}

TEST_CASE("mistakes on the command line are answered in Japanese") {
  for (const auto& words : std::vector<std::vector<std::string>>{{"lint", "--fxi"},
                                                                 {"nonsense"},
                                                                 {"lint", "/nonexistent.yaml"},
                                                                 {"live", "--from", "/nonexistent"},
                                                                 {"explain", "nonsense-word"},
                                                                 {"lint", "--kubernetes-version", "1.99", "-"},
                                                                 {"capture"},
                                                                 {"lint", "--select", "no-such-rule", "-"},
                                                                 {"lint", "-o", "nonsense", "-"}}) {
    auto japanese = words;
    japanese.insert(japanese.end(), {"--lang", "ja"});
    Answer answer = ask(japanese, "a: 1");
    CAPTURE(words.back());
    CAPTURE(answer.err);
    CHECK(answer.code != 0);
    CHECK(has_japanese(answer.err));
  }
}
