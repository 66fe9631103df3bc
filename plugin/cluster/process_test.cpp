#include "cluster/process.hpp"

#include <doctest/doctest.h>

using namespace podcheck::cluster;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

Outcome run(std::vector<std::string> argv, milliseconds deadline = milliseconds(10000),
            std::size_t max_output = 1 << 20) {
  return ProcessRunner().run({{std::move(argv), deadline, max_output}}).front();
}

Outcome shell(const std::string& script, milliseconds deadline = milliseconds(10000), std::size_t max = 1 << 20) {
  return run({"/bin/sh", "-c", script}, deadline, max);
}

}  // namespace

TEST_CASE("a program's output, errors and exit status are told apart") {
  Outcome outcome = shell("echo out; echo err >&2; exit 3");
  CHECK(outcome.ending == Ending::exited);
  CHECK(outcome.code == 3);
  CHECK(outcome.output == "out\n");
  CHECK(outcome.error == "err\n");
}

TEST_CASE("arguments reach the program as they are") {
  Outcome outcome = run({"printf", "%s|", "a b", "$(id)", "'; rm x", "\"", ""});
  CHECK(outcome.output == "a b|$(id)|'; rm x|\"||");
}

TEST_CASE("standard input is empty") {
  CHECK(run({"cat"}).output.empty());
}

TEST_CASE("much output on both pipes at once does not block") {
  Outcome outcome = shell("head -c 500000 /dev/zero; head -c 500000 /dev/zero >&2; echo end");
  CHECK(outcome.succeeded());
  CHECK(outcome.output.size() == 500004);
  CHECK(outcome.error.size() == 64 << 10);
}

TEST_CASE("a missing program is told from one that fails") {
  CHECK(run({"podcheck-no-such-program"}).ending == Ending::not_found);
  CHECK(run({"/nonexistent/kubectl"}).ending == Ending::not_found);
  CHECK(run({"/"}).ending == Ending::not_started);
}

TEST_CASE("a program that hangs is ended at its deadline, even when it ignores SIGTERM") {
  for (const char* script : {"sleep 60", "trap '' TERM; sleep 60 & wait; sleep 60", "exec >&- 2>&-; sleep 60"}) {
    CAPTURE(script);
    auto start = steady_clock::now();
    CHECK(shell(script, milliseconds(200)).ending == Ending::timed_out);
    CHECK(steady_clock::now() - start < std::chrono::seconds(3));
  }
}

TEST_CASE("a child left in the background does not hold the answer up") {
  auto start = steady_clock::now();
  Outcome outcome = shell("sleep 3 & echo done");
  CHECK(outcome.succeeded());
  CHECK(outcome.output == "done\n");
  CHECK(steady_clock::now() - start < std::chrono::seconds(2));
}

TEST_CASE("too much output ends the program") {
  Outcome outcome = shell("exec cat /dev/zero", milliseconds(10000), 1000);
  CHECK(outcome.ending == Ending::too_large);
  CHECK(outcome.output.size() == 1000);
}

TEST_CASE("death by a signal is reported") {
  Outcome outcome = shell("kill -9 $$");
  CHECK(outcome.ending == Ending::signalled);
  CHECK(outcome.code == 9);
}

TEST_CASE("many programs run side by side, answers in order") {
  std::vector<Command> commands;
  for (int i = 0; i < 20; ++i) {
    commands.push_back({{"/bin/sh", "-c", "sleep 0.1; echo " + std::to_string(i)}, milliseconds(10000), 1000});
  }
  auto start = steady_clock::now();
  std::vector<Outcome> outcomes = ProcessRunner(10).run(commands);
  CHECK(steady_clock::now() - start < std::chrono::milliseconds(1700));
  REQUIRE(outcomes.size() == 20);
  for (int i = 0; i < 20; ++i) {
    CHECK(outcomes[static_cast<std::size_t>(i)].output == std::to_string(i) + "\n");
  }
}
