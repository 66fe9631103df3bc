// Every card's examples, run as the program would: bad ones give exactly the findings they say, good ones none.
// PODCHECK_RULE=image-* in the environment runs only some.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "lint/glob.hpp"
#include "lint/lint.hpp"

using namespace podcheck;

namespace {

constexpr const char* main_file = "example.yaml";

struct Example {
  const catalogue::Rule& rule;
  document::Node node;

  lint::Options prepare(lint::MemoryFileSystem& files, const std::string& text) const {
    lint::Options options;
    options.select = {rule.id};
    options.paths = {main_file};
    files.files[main_file] = text;
    for (const auto& member : node["files"].members()) {
      files.files[std::string(member.key)] = member.value.string();
      options.paths.emplace_back(member.key);
    }
    if (document::Node config = node["config"]) {
      if (config.has("select")) {
        options.select.clear();  // the example says which rules it needs
      }
      files.files[".podcheck.yaml"] = document::to_json(config);
      options.config = ".podcheck.yaml";
    }
    if (const std::string_view version = node["kubernetesVersion"].string(); !version.empty()) {
      options.kubernetes_minor = std::atoi(std::string(version.substr(version.find('.') + 1)).c_str());
    }
    return options;
  }

  lint::Result run(catalogue::Catalogue& catalogue, const std::string& text) const {
    lint::MemoryFileSystem files;
    const lint::Options options = prepare(files, text);
    return lint::run(options, catalogue, files);
  }

  // The main file after all fixes of the rule.
  std::string fixed(catalogue::Catalogue& catalogue, const std::string& text) const {
    lint::MemoryFileSystem files;
    const lint::Options options = prepare(files, text);
    for (const auto& change : lint::fix(options, true, catalogue, files).changes) {
      if (change.file == main_file) {
        return change.after;
      }
    }
    return text;
  }
};

// A {snake_case} name that fill() left alone. "${x}" and "{{ x }}" are values from a manifest.
bool has_placeholder(const std::string& text) {
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1);
    if (end != std::string::npos && end > at + 1 && text[end] == '}' && (at == 0 || text[at - 1] != '$')) {
      return true;
    }
  }
  return false;
}

// "12:23", or "file:12:23" outside the main file, of every finding; sorted.
std::vector<std::string> places(const lint::Result& result, const std::string& id) {
  std::vector<std::string> out;
  for (const auto& subject : result.report.subjects) {
    for (const auto& finding : subject.findings) {
      if (finding.id != id) {
        continue;  // a document that cannot be read is told whatever was selected
      }
      REQUIRE(finding.location.has_value());
      const auto& at = *finding.location;
      out.push_back((at.file == main_file ? "" : at.file + ":") + std::to_string(at.line) + ":" +
                    std::to_string(at.column));
      CHECK_MESSAGE(std::tie(at.line, at.column) < std::tie(at.end_line, at.end_column),
                    "a finding needs an exact span: " << out.back());
      CHECK_MESSAGE(!has_placeholder(finding.message), "an unfilled placeholder: " << finding.message);
      CHECK_FALSE(finding.message.empty());
      for (const auto& fix : finding.fixes) {
        CHECK_MESSAGE(!has_placeholder(fix.summary), "an unfilled placeholder: " << fix.summary);
      }
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const auto& item : list) {
    out += (out.empty() ? "" : ", ") + item;
  }
  return out;
}

void check_example(catalogue::Catalogue& catalogue, const Example& example) {
  if (const document::Node good = example.node["good"]) {
    const auto result = example.run(catalogue, std::string(good.string()));
    CHECK_MESSAGE(result.mistakes.empty(), joined(result.mistakes));
    const std::string found = joined(places(result, example.rule.id));
    CHECK_MESSAGE(found.empty(), "good example " << good.range().begin << " has findings at " << found);
    return;
  }
  const auto result = example.run(catalogue, std::string(example.node["bad"].string()));
  CHECK_MESSAGE(result.mistakes.empty(), joined(result.mistakes));
  std::vector<std::string> expected;
  for (document::Node place : example.node["finds"].items()) {
    expected.emplace_back(place.string());
  }
  std::sort(expected.begin(), expected.end());
  CHECK(joined(places(result, example.rule.id)) == joined(expected));
  if (const document::Node fixed = example.node["fixed"]) {
    const std::string after = example.fixed(catalogue, std::string(example.node["bad"].string()));
    CHECK(after == std::string(fixed.string()));
    CHECK_MESSAGE(example.fixed(catalogue, after) == after, "fixing twice changes more");
  }
}

}  // namespace

TEST_CASE("every example of every rule does what its card says") {
  for (const auto language : {catalogue::Language::en, catalogue::Language::ja}) {
    catalogue::Catalogue catalogue(language);
    const char* wanted = std::getenv("PODCHECK_RULE");
    for (const auto& rule : catalogue.rules()) {
      if (wanted != nullptr && !lint::glob_match_name(wanted, rule.id)) {
        continue;
      }
      const document::Node examples = catalogue.card(rule.id)["examples"];
      int number = 0;
      for (document::Node example : examples.items()) {
        ++number;
        CAPTURE(rule.id);
        CAPTURE(number);
        check_example(catalogue, {rule, example});
      }
    }
  }
}
