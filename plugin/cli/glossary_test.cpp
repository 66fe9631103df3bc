#include "cli/glossary.hpp"

#include <doctest/doctest.h>

#include "cli/testing/program.hpp"

using namespace podcheck;
using cli::testing::ask;

TEST_CASE("explain knows statuses, reasons and exit codes, also those that are made of others") {
  catalogue::Catalogue english(catalogue::Language::en);
  struct Case {
    const char* word;
    const char* title;
    const char* says;
  };
  for (const Case& c : {Case{"137", "137", "OOMKilled"}, Case{"3", "3", "own exit code"},
                        Case{"138", "138", "signal 10"}, Case{"78", "78", "configuration"},
                        Case{"3221225781", "3221225781", "0xC0000135"}, Case{"3221225800", "3221225800", "0xC0000148"},
                        Case{"crashloopbackoff", "CrashLoopBackOff", "previous container"},
                        Case{"Init:CrashLoopBackOff", "Init:CrashLoopBackOff", "init container"},
                        Case{"init:1/3", "Init:1/3", "1 of 3"}, Case{"OutOfmemory", "OutOfmemory", "less memory"},
                        Case{"WaitForFirstConsumer", "WaitForFirstConsumer", "Normal"}}) {
    CAPTURE(c.word);
    auto entry = cli::look_up(english, c.word);
    REQUIRE(entry);
    CHECK(entry->title == c.title);
    std::string all;
    for (const std::string& paragraph : entry->paragraphs) {
      all += paragraph + "\n";
    }
    CAPTURE(all);
    CHECK(all.find(c.says) != std::string::npos);
  }
  CHECK_FALSE(cli::look_up(english, "Init:nonsense"));
  CHECK_FALSE(cli::look_up(english, "nonsense"));
}

TEST_CASE("explain of a status names the causes that end in it") {
  auto answer = ask({"explain", "CreateContainerConfigError"});
  CHECK(answer.code == 0);
  CHECK(answer.out.find("env-key-missing") != std::string::npos);
}
