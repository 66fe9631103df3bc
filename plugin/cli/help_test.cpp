#include "cli/help.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cli/man_page.hpp"
#include "render/terminal_text.hpp"

using namespace podcheck;
using namespace podcheck::cli;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("the help of every command fits on one screen, in both languages, with an example") {
  for (auto language : {catalogue::Language::en, catalogue::Language::ja}) {
    catalogue::Catalogue catalogue(language);
    CHECK(lines_of(overview(catalogue, "kubectl podcheck")).size() <= 30);
    for (const Verb& verb : verbs()) {
      if (verb.hidden) {
        continue;
      }
      CAPTURE(std::string(verb.name));
      const std::string text = help(verb, catalogue, "kubectl podcheck");
      CHECK(lines_of(text).size() <= 40);
      for (const std::string& line : lines_of(text)) {
        CAPTURE(line);
        CHECK(render::display_width(line) <= 100);
      }
      CHECK(text.find("\n  kubectl podcheck ") != std::string::npos);
    }
  }
}

TEST_CASE("every option that a command takes is in its help and in the man page") {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  const std::string page = man_page(catalogue, "1.2.3", "2024-05-06");
  for (const Verb& verb : verbs()) {
    const std::string text = help(verb, catalogue, "podcheck");
    for (const Option* option : verb.options) {
      CAPTURE(std::string(verb.name));
      CAPTURE(std::string(option->name));
      const bool shown = text.find(std::string("--") + option->name) != std::string::npos;
      CHECK(shown == !option->hidden);
      if (!verb.hidden && !option->hidden) {
        std::string name = option->name;
        for (std::size_t at = 0; (at = name.find('-', at)) != std::string::npos; at += 2) {
          name.replace(at, 1, "\\-");
        }
        CHECK(page.find("\\fB\\-\\-" + name + "\\fR") != std::string::npos);
      }
    }
  }
}

TEST_CASE("the man page has its date and version, and no line that roff would take for a request") {
  for (auto language : {catalogue::Language::en, catalogue::Language::ja}) {
    catalogue::Catalogue catalogue(language);
    const std::string page = man_page(catalogue, "1.2.3", "2024-05-06");
    CHECK(page.starts_with(".TH KUBECTL\\-PODCHECK 1 \"2024-05-06\" \"podcheck 1.2.3\" \"podcheck\"\n"));
    for (const std::string& line : lines_of(page)) {
      CAPTURE(line);
      const std::string word = line.substr(0, line.find(' '));
      const bool request = word == ".TH" || word == ".SH" || word == ".SS" || word == ".TP" || word == ".PP" ||
                           word == ".nf" || word == ".fi" || word == ".br" || word == ".ad";
      CHECK((request || (!line.empty() && line[0] != '.' && line[0] != '\'')));
    }
  }
}
