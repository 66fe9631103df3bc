#include "cluster/kubectl_command.hpp"

#include <doctest/doctest.h>

#include "cluster/testing/recorded_runner.hpp"

using namespace podcheck::cluster;
using Words = std::vector<std::string>;

TEST_CASE("only reading commands pass") {
  for (const Words& argv : {Words{"kubectl", "get", "pods"}, Words{"kubectl", "get", "--raw", "/api/v1/pods"},
                            Words{"/opt/kubectl", "describe", "pod", "x"}, Words{"kubectl", "logs", "x"},
                            Words{"kubectl", "version"}, Words{"kubectl", "auth", "can-i", "get", "pods"},
                            Words{"kubectl", "create", "-f", "x.yaml", "--dry-run=server"}}) {
    CAPTURE(shell_line(argv));
    CHECK(only_reads(argv));
  }
  for (const Words& argv :
       {Words{}, Words{"kubectl"}, Words{"kubectl", "delete", "pod", "x"}, Words{"kubectl", "apply", "-f", "x"},
        Words{"kubectl", "patch", "pod", "x"}, Words{"kubectl", "exec", "x", "--", "sh"},
        Words{"kubectl", "auth", "reconcile", "-f", "x"}, Words{"kubectl", "auth"},
        Words{"kubectl", "create", "-f", "x.yaml"}, Words{"kubectl", "create", "-f", "x.yaml", "--dry-run=none"},
        Words{"kubectl", "create", "-f", "x", "--dry-run=server", "--dry-run=none"},
        Words{"kubectl", "-n", "get", "delete", "pod", "x"}, Words{"kubectl", "config", "view"},
        Words{"kubectl", "proxy"}, Words{"kubectl", "GET", "pods"}}) {
    CAPTURE(shell_line(argv));
    CHECK_FALSE(only_reads(argv));
  }
}

TEST_CASE("a command that writes never reaches the runner") {
  std::vector<Words> asked;
  testing::RecordedRunner inner(asked, [](const Words&) { return testing::printed("ok"); });
  ReadingRunner runner(inner);
  std::vector<Outcome> outcomes =
      runner.run({Command{{"kubectl", "delete", "pod", "x"}}, Command{{"kubectl", "version"}}});
  CHECK(outcomes[0].ending == Ending::not_started);
  CHECK(outcomes[1].output == "ok");
  CHECK(asked == std::vector<Words>{{"kubectl", "version"}});
}

TEST_CASE("printed commands can be pasted into a shell") {
  CHECK(shell_line({"kubectl", "get", "--raw", "/api/v1/pods?limit=5"}) == "kubectl get --raw '/api/v1/pods?limit=5'");
  CHECK(shell_quote("it's") == "'it'\\''s'");
  CHECK(shell_quote("") == "''");
  std::vector<std::string> lines;
  CHECK(PrintingRunner(lines).run({Command{{"kubectl", "get", "a b"}}}).front().ending == Ending::not_run);
  CHECK(lines == std::vector<std::string>{"kubectl get 'a b'"});
}

TEST_CASE("URLs are encoded") {
  CHECK(url_encode("a=b,c in (d)&e") == "a%3Db%2Cc%20in%20%28d%29%26e");
}
