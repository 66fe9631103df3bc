#include "lint/checks/container/argv.hpp"

#include <doctest/doctest.h>

#include <deque>

#include "document/document.hpp"

using namespace podcheck;
using namespace podcheck::lint;

namespace {

Words words_of(std::string_view json) {
  static std::deque<document::Tree> trees;
  std::string error;
  REQUIRE_MESSAGE(document::parse_json(json, trees.emplace_back(), error), error);
  return items_of(trees.back().root());
}

std::string script_of(std::string_view json) {
  Words words = words_of(json);
  auto index = script_index(words);
  return index ? words[*index].text() : "";
}

}  // namespace

TEST_CASE("the script of a shell is found behind its options and wrappers") {
  struct Row {
    const char* argv;
    const char* script;
  };
  for (const Row& row :
       {Row{R"(["sh","-c","a b"])", "a b"}, Row{R"(["/bin/bash","-ec","a"])", "a"},
        Row{R"(["bash","-euo","pipefail","-c","a"])", "a"}, Row{R"(["bash","-o","pipefail","-c","a"])", "a"},
        Row{R"(["sh","-c","-e","a"])", "a"}, Row{R"(["tini","--","sh","-c","a"])", "a"},
        Row{R"(["/usr/bin/env","bash","-c","a"])", "a"}, Row{R"(["busybox","sh","-c","a"])", "a"},
        Row{R"(["sh","script.sh","-c"])", ""}, Row{R"(["sh","-c"])", ""}, Row{R"(["python","-c","a"])", ""},
        Row{R"([])", ""}, Row{R"(["sh","--login","-c","a"])", "a"}}) {
    CAPTURE(row.argv);
    CHECK(script_of(row.argv) == row.script);
  }
}

TEST_CASE("scripts are taken apart into simple commands") {
  auto text = [](std::string_view script) {
    Script read = read_script(script);
    std::string result = read.opaque ? "?" : "";
    for (const ScriptCommand& command : read.commands) {
      for (const std::string& word : command.words) {
        result += "<" + word + ">";
      }
      result += command.end;
    }
    return read.compound ? "*" + result : result;
  };
  CHECK(text("a 'b c' \"d e\" && f | g & h; i\nj # k") == "<a><b c><d e>&&<f>|<g>&<h>;<i>;<j>");
  CHECK(text("echo $(date; ls) ${X} `w` 2>&1") == "<echo><$(date; ls)><${X}><`w`><2>&1>");
  CHECK(text("a \\\n b") == "<a><b>");
  CHECK(text("while true; do x; done") == "*<while><true>;<do><x>;<done>");
  CHECK(text("cat <<EOF\nx\nEOF").substr(0, 1) == "?");
  CHECK(text("echo 'a") == "?<echo><a>");
  CHECK(text("") == "");
  CHECK(text("(a; b)") == "*<a>;<b>;");
}

TEST_CASE("time that surely passes") {
  struct Row {
    const char* argv;
    double seconds;
  };
  for (const Row& row : {Row{R"(["sleep","30"])", 30}, Row{R"(["/bin/sleep","1.5m"])", 90},
                         Row{R"(["sh","-c","sleep 5; nginx -s quit; sleep 20"])", 25},
                         Row{R"(["sh","-c","nginx -s quit && sleep 20"])", 20},
                         Row{R"(["sh","-c","curl x || sleep 20"])", 0}, Row{R"(["sh","-c","sleep 20 &"])", 0},
                         Row{R"(["sh","-c","if x; then sleep 20; fi"])", 0}, Row{R"(["sh","-c","sleep $N"])", 0},
                         Row{R"(["sh","-c","exit 0; sleep 9"])", 0}, Row{R"(["echo","sleep","9"])", 0}}) {
    CAPTURE(row.argv);
    CHECK(least_seconds(words_of(row.argv)) == doctest::Approx(row.seconds));
  }
}

TEST_CASE("what never ends") {
  struct Row {
    const char* argv;
    const char* part;
  };
  for (const Row& row :
       {Row{R"(["sleep","infinity"])", "sleep infinity"}, Row{R"(["tail","-f","/dev/null"])", "tail -f"},
        Row{R"(["sh","-c","setup && exec tail -F x"])", "tail -f"},
        Row{R"(["sh","-c","while true; do date; sleep 5; done"])", "while true"},
        Row{R"(["sh","-c","while true; do nc -z db 1 && break; done"])", ""},
        Row{R"(["sh","-c","until nc -z db 1; do sleep 1; done"])", ""}, Row{R"(["sleep","3600"])", ""},
        Row{R"(["sh","-c","tail -f x & wait"])", ""}, Row{R"(["sh","-c","sleep infinity"])", "sleep infinity"},
        Row{R"(["tail","-n","1","x"])", ""}, Row{R"([])", ""}}) {
    CAPTURE(row.argv);
    CHECK(endless_part(words_of(row.argv)) == row.part);
  }
}
