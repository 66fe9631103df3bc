#include <doctest/doctest.h>

#include "lint/lint.hpp"
#include "lint/suppress/baseline.hpp"
#include "lint/suppress/suppressions.hpp"

using namespace podcheck;

namespace {

struct Ran {
  lint::Result result;
  std::vector<std::string> found;  // "rule line:column", in order
};

Ran lint_text(const std::string& text, const std::string& baseline = {}) {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::MemoryFileSystem files;
  files.files["a.yaml"] = text;
  lint::Options options;
  options.paths = {"a.yaml"};
  options.select = {"duplicate-object", "unused-suppression"};
  options.today = "2026-06-01";
  if (!baseline.empty()) {
    files.files["accepted.json"] = baseline;
    options.baseline = "accepted.json";
  }
  Ran out;
  out.result = lint::run(options, catalogue, files);
  for (const auto& subject : out.result.report.subjects) {
    for (const auto& finding : subject.findings) {
      out.found.push_back(finding.id + " " + std::to_string(finding.location->line) + ":" +
                          std::to_string(finding.location->column));
    }
  }
  return out;
}

const std::string first = R"(apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
---
)";

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a comment suppresses on its line, in the block below, or in the file") {
  struct Case {
    const char* name;
    std::string second;
    Strings found;
  };
  const Case cases[] = {
      {"no comment",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {}\n",
       {"duplicate-object 9:9"}},
      {"on the line",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings # podcheck: ignore[duplicate-object] on "
       "purpose\ndata: {}\n",
       {}},
      {"by category",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings # podcheck: ignore[config]\ndata: {}\n",
       {}},
      {"above the line",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  # podcheck: ignore[duplicate-object]\n  # a remark\n  name: "
       "settings\ndata: {}\n",
       {}},
      {"above the block",
       "apiVersion: v1\nkind: ConfigMap\n# podcheck: ignore[duplicate-object]\nmetadata:\n  labels: {}\n  name: "
       "settings\ndata: {}\n",
       {}},
      {"above the document",
       "# podcheck: ignore[duplicate-object]\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {}\n",
       {}},
      {"above another block",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n# podcheck: ignore[duplicate-object]\ndata: {}\n",
       {"duplicate-object 9:9", "unused-suppression 10:1"}},
      {"in the file",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {}\n# podcheck: ignore-file[duplicate-*] "
       "all\n",
       {}},
      {"in a value it is text",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  x: |\n    # podcheck: "
       "ignore-file[duplicate-object]\n",
       {"duplicate-object 9:9"}},
      {"not expired",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings # podcheck: ignore[config] until 2026-06-01 "
       "soon\ndata: {}\n",
       {}},
      {"expired",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings # podcheck: ignore[config] until 2026-05-31 "
       "soon\ndata: {}\n",
       {"duplicate-object 9:9", "unused-suppression 9:18"}},
      {"annotation",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations: {podcheck.dev/ignore: duplicate-object}\n  name: "
       "settings\ndata: {}\n",
       {}},
      {"annotation for a rule",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n    ignore.podcheck.dev/duplicate-object: both are "
       "meant\n  name: settings\ndata: {}\n",
       {}},
      {"two comments on a line",
       "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings # a remark # podcheck: "
       "ignore[duplicate-object]\ndata: {}\n",
       {}},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.name));
    const auto ran = lint_text(first + c.second);
    CHECK(ran.result.mistakes == Strings{});
    CHECK(ran.found == c.found);
  }
}

TEST_CASE("a malformed suppression has its position and the right form") {
  struct Case {
    const char* comment;
    const char* mistake;
  };
  const Case cases[] = {
      {"# podcheck: ignore", "a.yaml:1:19: \"ignore\" needs the rules in brackets: ignore[image-tag-latest]"},
      {"# podcheck: ignore[]", "a.yaml:1:20: a suppression names at least one rule"},
      {"# podcheck: ignore[duplicate-objects]",
       "a.yaml:1:20: no rule or category is called \"duplicate-objects\": did you mean \"duplicate-object\"?"},
      {"# podcheck: disable[x]",
       "a.yaml:1:13: \"podcheck: disable\" is no suppression: write \"podcheck: ignore[rule] reason\" or \"podcheck: "
       "ignore-file[rule] reason\""},
      {"# podcheck: ignore[all] until tomorrow", "a.yaml:1:31: \"tomorrow\" is not a date in the form 2027-01-31"},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.comment));
    CHECK(lint_text(std::string(c.comment) + "\n" + first).result.mistakes == Strings{c.mistake});
  }
}

TEST_CASE("an unused suppression is removed with its line") {
  const auto ran = lint_text("# podcheck: ignore[duplicate-object]\n" + first);
  REQUIRE(ran.found == Strings{"unused-suppression 1:1"});
  const auto& edits = ran.result.report.subjects[0].findings[0].fixes.at(0).edits;
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].start == 0);
  CHECK(edits[0].end == 37);
}

TEST_CASE("a baseline accepts what it names, not more, wherever it moves") {
  const std::string second = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {}\n";
  const std::string accepted = lint::baseline_of(lint_text(first + second).result.report);
  CHECK(lint_text(first + second, accepted).found == Strings{});
  CHECK(lint_text("# moved\n\n" + first + second, accepted).found == Strings{});
  CHECK(lint_text(first + second + "---\n" + second, accepted).found == Strings{"duplicate-object 15:9"});
  CHECK(lint_text(first + second, "{}").result.mistakes.size() == 1);
}
