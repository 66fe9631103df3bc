#include "cluster/kubectl_source.hpp"

#include <doctest/doctest.h>

#include "cluster/kubectl_command.hpp"
#include "cluster/testing/recorded_runner.hpp"

using namespace podcheck;
using namespace podcheck::cluster;
using podcheck::cluster::testing::failed;
using podcheck::cluster::testing::printed;
using podcheck::cluster::testing::RecordedRunner;
using Words = std::vector<std::string>;

namespace {

struct Fake {
  std::vector<Words> asked;
  std::unique_ptr<Source> source;
  explicit Fake(RecordedRunner::Answer answer, KubectlOptions options = {}) {
    source = open_kubectl(std::move(options), std::make_unique<RecordedRunner>(asked, std::move(answer)));
  }
};

std::string pod_json(const std::string& name, const std::string& status) {
  return R"({"metadata":{"name":")" + name + R"(","namespace":"a","managedFields":[{"x":1}]},"spec":{"volumes":[)" +
         R"({"name":"v","configMap":{"name":"c"}}]},"status":)" + status + "}";
}

}  // namespace

TEST_CASE("lists come in pages, with the user's flags unchanged and every item an object") {
  KubectlOptions options;
  options.program = "/opt/kubectl";
  options.flags = {"--context", "my prod", "--as=dev"};
  options.page_size = 2;
  std::vector<std::size_t> counts;
  options.progress = [&](const std::string& resource, std::size_t count) {
    if (!resource.empty()) {
      counts.push_back(count);
    }
  };
  const std::string well = R"({"phase":"Running","containerStatuses":[{"name":"c","ready":true,"restartCount":0}]})";
  Fake fake(
      [&](const Words& argv) {
        bool second = argv[3].find("continue=t%2B1") != std::string::npos;
        return printed(second ? R"({"kind":"PodList","metadata":{},"items":[)" + pod_json("c", well) + "]}"
                              : R"({"kind":"PodList","metadata":{"continue":"t+1"},"items":[)" + pod_json("a", well) +
                                    "," + pod_json("b", R"({"phase":"Pending"})") + "]}");
      },
      options);
  Snapshot cluster(std::move(fake.source));
  const Listing& pods = cluster.query({"po", "a", "", "app=web", ""});
  REQUIRE_FALSE(pods.failure);
  REQUIRE(pods.items.size() == 3);
  CHECK(fake.asked ==
        std::vector<Words>{
            {"/opt/kubectl", "get", "--raw", "/api/v1/namespaces/a/pods?limit=2&labelSelector=app%3Dweb", "--context",
             "my prod", "--as=dev"},
            {"/opt/kubectl", "get", "--raw", "/api/v1/namespaces/a/pods?limit=2&labelSelector=app%3Dweb&continue=t%2B1",
             "--context", "my prod", "--as=dev"}});
  CHECK(counts == std::vector<std::size_t>{2, 3});
  for (document::Node pod : pods.items) {
    CHECK(pod["kind"].string() == "Pod");
    CHECK_FALSE(pod["metadata"].has("managedFields"));
  }
  // A long list keeps little of pods that run well, and everything of the others.
  CHECK_FALSE(pods.items[0]["spec"]["volumes"][0].has("configMap"));
  CHECK(pods.items[1]["spec"]["volumes"][0].has("configMap"));
  CHECK(cluster.kubectl() == "kubectl --context 'my prod' --as=dev");
}

TEST_CASE("what is prefetched is asked together and only once") {
  Fake fake([](const Words& argv) {
    return printed(argv[3].find("/log?") != std::string::npos ? "hello\n" : R"({"kind":"List","items":[]})");
  });
  std::vector<Words>& asked = fake.asked;
  Snapshot cluster(std::move(fake.source));
  cluster.prefetch({{"pods", "a", "web", "", ""}, {"events", "a", "", "", ""}, {"nodes", "a", "", "", ""}},
                   {{"a", "web", "app", true}});
  CHECK(asked.size() == 4);
  CHECK(cluster.log("a", "web", "app", true).text == "hello\n");
  cluster.list("events", "a");
  cluster.list("nodes");
  cluster.get("pods", "a", "web");
  CHECK(asked.size() == 4);
  CHECK(asked[3][3] ==
        "/api/v1/namespaces/a/pods/web/log?container=app&tailLines=400&limitBytes=8388608&previous=true");
}

TEST_CASE("whatever goes wrong with kubectl is a failure of a known kind") {
  struct Case {
    Outcome outcome;
    FailureKind kind;
  };
  for (const Case& c : {
           Case{failed("Error from server (Forbidden): pods is forbidden\n"), FailureKind::forbidden},
           Case{failed("Warning: old\nUnable to connect to the server: dial tcp: i/o timeout\n"),
                FailureKind::unreachable},
           Case{failed("", 2), FailureKind::other},
           Case{printed(""), FailureKind::garbage},
           Case{printed("hello"), FailureKind::garbage},
           Case{printed("<html>login</html>"), FailureKind::garbage},
           Case{printed(R"({"kind":"PodList","items":[{"metadata":{"name":"x"}},{"meta)"), FailureKind::garbage},
           Case{printed(R"({"kind":"PodList","items":[{"a":1}]})"), FailureKind::garbage},
           Case{{Ending::not_found, 0, "", "No such file or directory"}, FailureKind::kubectl_missing},
           Case{{Ending::timed_out, 0, "", ""}, FailureKind::timeout},
           Case{{Ending::signalled, 9, "{\"kind\":", ""}, FailureKind::other},
           Case{{Ending::too_large, 0, "xxx", ""}, FailureKind::garbage},
       }) {
    Fake fake([&](const Words&) { return c.outcome; });
    Listing listing = fake.source->list({"pods", "a", "", "", ""});
    CAPTURE(listing.failure.detail);
    CHECK(listing.failure.kind == c.kind);
    CHECK_FALSE(listing.failure.detail.empty());
    // Of a log that is too long the part that came is kept.
    if (!c.outcome.succeeded() && c.outcome.ending != Ending::too_large) {
      CHECK(fake.source->log({"a", "web", "app", false}).failure);
    }
  }
}

TEST_CASE("an older cluster is asked for the version that it serves") {
  Fake fake([](const Words& argv) {
    return argv[3].find("v1beta1") != std::string::npos
               ? printed(R"({"kind":"CronJobList","items":[]})")
               : failed("Error from server (NotFound): the server could not find the requested resource\n");
  });
  CHECK_FALSE(fake.source->list({"cronjobs", "a", "", "", ""}).failure);
  CHECK(fake.source->list({"services", "a", "", "", ""}).failure.kind == FailureKind::unsupported);
  CHECK(fake.source->list({"gadgets", "a", "", "", ""}).failure.kind == FailureKind::unsupported);
}

TEST_CASE("a list whose continue token has expired is begun again") {
  int calls = 0;
  Fake fake([&](const Words& argv) {
    ++calls;
    if (argv[3].find("continue=") != std::string::npos && calls == 2) {
      return failed(
          "Error from server (Expired): The provided continue parameter is too old to display a consistent "
          "list result.\n");
    }
    return printed(calls == 1 ? R"({"kind":"NodeList","metadata":{"continue":"x"},"items":[{"metadata":{"name":"a"}}]})"
                              : R"({"kind":"NodeList","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]})");
  });
  Listing nodes = fake.source->list({"nodes", "", "", "", ""});
  CHECK_FALSE(nodes.failure);
  CHECK(nodes.items.size() == 2);
}

TEST_CASE("names that could be taken for flags or paths are never asked for") {
  Fake fake([](const Words&) { return printed("{}"); });
  for (const char* name : {"--all", "-f", "../secrets", "a/b", "a?b", "a b", "..", "x;y", "$(x)"}) {
    CAPTURE(name);
    CHECK(fake.source->list({"pods", "a", name, "", ""}).failure.kind == FailureKind::not_found);
    CHECK(fake.source->list({"pods", name, "", "", ""}).failure.kind == FailureKind::not_found);
    CHECK(fake.source->log({"a", name, "app", false}).failure.kind == FailureKind::not_found);
  }
  CHECK(fake.asked.empty());
}

TEST_CASE("secrets are read without their data") {
  Fake fake([](const Words& argv) {
    if (argv[3] == "registry") {
      return printed("podcheck-secret\nkubernetes.io/dockerconfigjson\n.dockerconfigjson\n");
    }
    return printed("registry   kubernetes.io/dockerconfigjson   1      5d\nother      Opaque      2      3m20s\n");
  });
  Snapshot cluster(std::move(fake.source));
  document::Node one = cluster.get("secrets", "a", "registry");
  CHECK(one["type"].string() == "kubernetes.io/dockerconfigjson");
  CHECK(one["data"].has(".dockerconfigjson"));
  CHECK(one["data"][".dockerconfigjson"].string().empty());
  REQUIRE(cluster.list("secrets", "a").items.size() == 2);
  CHECK(cluster.list("secrets", "a").items[1]["type"].string() == "Opaque");
  CHECK_FALSE(cluster.pull_secret_hosts("a", "registry").has_value());
  for (const Words& argv : fake.asked) {
    CAPTURE(shell_line(argv));
    bool whole = std::find(argv.begin(), argv.end(), "--raw") != argv.end() ||
                 std::find(argv.begin(), argv.end(), "json") != argv.end();
    CHECK_FALSE(whole);
  }
}

TEST_CASE("pull secrets are opened only when that is asked for, and only their hosts are kept") {
  KubectlOptions options;
  options.inspect_pull_secrets = true;
  Fake fake(
      [](const Words&) {
        return printed(R"({"kind":"Secret","data":{".dockerconfigjson":"eyJhdXRocyI6eyJnaGNyLmlvIjp7fX19"}})");
      },
      options);
  CHECK(fake.source->pull_secret_hosts("a", "registry") == std::vector<std::string>{"ghcr.io"});
  CHECK(fake.source->pull_secret_hosts("a", "registry") == std::vector<std::string>{"ghcr.io"});
  CHECK(fake.asked.size() == 1);
}

TEST_CASE("a manifest is tried with a server-side dry run and nothing else") {
  std::vector<Words> asked;
  RecordedRunner runner(asked, [](const Words&) { return printed("pod/x\n"); });
  KubectlOptions options;
  options.flags = {"--context", "prod"};
  CHECK(dry_run_create(options, runner, "x.yaml", "shop").succeeded());
  REQUIRE(asked.size() == 1);
  CHECK(asked[0] == Words{"kubectl", "create", "-f", "x.yaml", "-n", "shop", "--context", "prod", "-o", "name",
                          "--dry-run=server"});
}

TEST_CASE("commands are only shown when the runner shows them") {
  std::vector<std::string> lines;
  Snapshot cluster(open_kubectl({}, std::make_unique<PrintingRunner>(lines)));
  cluster.prefetch({{"pods", "a", "web", "", ""}}, {{"a", "web", "app", false}});
  CHECK(cluster.list("pods", "a").items.empty());
  CHECK(cluster.failures().empty());
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "kubectl get --raw /api/v1/namespaces/a/pods/web");
}
