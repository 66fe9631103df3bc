#include "cluster/testing/test_server.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cluster/bundle_source.hpp"
#include "cluster/kubectl_source.hpp"

using namespace podcheck;
using namespace podcheck::cluster;
using namespace podcheck::cluster::testing;
using document::Node;
namespace fs = std::filesystem;

namespace {

std::string incident(const std::string& name) {
  return PODCHECK_SOURCE_DIR "/testdata/incidents/" + name;
}

// A home of its own for kubectl, with a kubeconfig that leads to the server.
class Home {
 public:
  explicit Home(const TestServer& server, const std::string& namespace_ = "default")
      : path_(fs::temp_directory_path() / ("podcheck-kubectl-test-" + std::to_string(server.port()))) {
    fs::create_directories(path_);
    std::ofstream(path_ / "config") << server.kubeconfig(namespace_);
    ::setenv("HOME", path_.c_str(), 1);
  }
  ~Home() { fs::remove_all(path_); }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  KubectlOptions options(const std::string& kubectl) const {
    KubectlOptions options;
    options.program = kubectl;
    options.flags = {"--kubeconfig", (path_ / "config").string()};
    options.deadline = std::chrono::seconds(20);
    return options;
  }

 private:
  fs::path path_;
};

std::vector<std::pair<std::string, std::string>> kubectls() {
  auto found = fetched_kubectls();
  if (found.empty()) {
    MESSAGE("skipped: no kubectl; run plugin/cluster/testing/fetch-kubectls.sh");
  }
  return found;
}

std::unique_ptr<Source> live(KubectlOptions options) {
  return open_kubectl(std::move(options), std::make_unique<ProcessRunner>());
}

// managedFields are not read, and kubectl writes last-applied-configuration as it is: all else must be the same.
void check_same(const std::vector<Node>& a, const std::vector<Node>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CAPTURE(a[i]["metadata"]["name"].text());
    CHECK(document::equal(a[i], b[i]));
  }
}

}  // namespace

TEST_CASE("through every real kubectl a recorded cluster reads as it does from disk") {
  for (const auto& found : kubectls()) {
    const auto& version = found.first;
    const auto& kubectl = found.second;
    CAPTURE(version);
    for (const char* name : {"104-cart-with-agent", "047-partner-export", "138-legacy-batch"}) {
      CAPTURE(name);
      TestServer server(incident(name));
      REQUIRE(server.port() != 0);
      Home home(server);
      KubectlOptions options = home.options(kubectl);
      options.page_size = 3;  // so that lists come in several pages
      options.inspect_pull_secrets = true;
      Snapshot cluster(live(options));
      Snapshot bundle(open_bundle(incident(name)));
      std::string ns = std::string("pc-") + name;
      cluster.prefetch({{"pods", ns, "", "", ""}, {"events", ns, "", "", ""}, {"nodes", "", "", "", ""}});
      for (const char* resource : {"pods", "nodes", "events", "deployments"}) {
        CAPTURE(resource);
        CHECK_FALSE(cluster.list(resource, ns).failure);
        if (std::string(resource) == "events" || std::string(resource) == "pods") {
          CHECK(cluster.list(resource, ns).items.size() == bundle.list(resource, ns).items.size());
        } else {
          check_same(cluster.list(resource, ns).items, bundle.list(resource, ns).items);
        }
      }
      for (Node pod : bundle.list("pods", ns).items) {
        std::string_view pod_name = pod["metadata"]["name"].string();
        Listing one = cluster.source().list({"pods", ns, std::string(pod_name), "", ""});
        check_same(one.items, {pod});
        CHECK(cluster.events_of(pod).size() == bundle.events_of(pod).size());
        for (Node container : pod["spec"]["containers"].items()) {
          for (bool previous : {false, true}) {
            const Log& through = cluster.log(ns, pod_name, container["name"].string(), previous);
            const Log& recorded = bundle.log(ns, pod_name, container["name"].string(), previous);
            CHECK(through.text == recorded.text);
            CHECK(through.failure.kind == recorded.failure.kind);
          }
        }
      }
      for (Node secret : bundle.list("secrets", ns).items) {
        std::string_view secret_name = secret["metadata"]["name"].string();
        Node seen = cluster.get("secrets", ns, secret_name);
        CHECK(seen["type"].text() == secret["type"].text());
        CHECK(seen["data"].size() == secret["data"].size());
        CHECK(cluster.pull_secret_hosts(ns, secret_name) == bundle.pull_secret_hosts(ns, secret_name));
      }
      CHECK(cluster.list("secrets", ns).items.size() == bundle.list("secrets", ns).items.size());
    }
  }
}

TEST_CASE("kubectl's own describe and get work on the test server") {
  for (const auto& found : kubectls()) {
    const auto& version = found.first;
    const auto& kubectl = found.second;
    CAPTURE(version);
    TestServer server(incident("104-cart-with-agent"));
    Home home(server, "pc-104-cart-with-agent");
    KubectlOptions options = home.options(kubectl);
    ProcessRunner runner;
    auto run = [&](std::vector<std::string> arguments) {
      arguments.insert(arguments.begin(), kubectl);
      arguments.insert(arguments.end(), options.flags.begin(), options.flags.end());
      Command command;
      command.argv = arguments;
      command.deadline = std::chrono::seconds(30);
      return runner.run({command}).front();
    };
    Outcome described = run({"describe", "pods"});
    CAPTURE(described.error);
    CHECK(described.succeeded());
    CHECK(described.output.find("metrics-agent") != std::string::npos);
    CHECK(described.output.find("Events:") != std::string::npos);
    CHECK(run({"get", "deployments"}).output.find("storefront") != std::string::npos);
    CHECK(run({"get", "pods", "absent"}).error.find("(NotFound)") != std::string::npos);
    CHECK(can_i(options, runner, "get", "pods", "pc-104-cart-with-agent") == true);
  }
}

TEST_CASE("through a real kubectl every failure of a server has its kind") {
  struct Case {
    const char* fault;
    FailureKind kind;
  };
  auto found = kubectls();
  if (found.empty()) {
    return;
  }
  std::string kubectl = found.back().second;
  for (const Case& c : {Case{"forbidden=/pods", FailureKind::forbidden}, Case{"401=/pods", FailureKind::unauthorized},
                        Case{"404=/pods", FailureKind::not_found}, Case{"500=/pods", FailureKind::other},
                        Case{"hang=/pods", FailureKind::timeout}, Case{"garbage=/pods", FailureKind::garbage}}) {
    CAPTURE(c.fault);
    Fault fault;
    REQUIRE(parse_fault(c.fault, fault));
    TestServer server(incident("104-cart-with-agent"), {fault});
    Home home(server);
    KubectlOptions options = home.options(kubectl);
    options.deadline = std::chrono::seconds(fault.hang ? 2 : 20);
    Snapshot cluster(live(options));
    const Listing& pods = cluster.list("pods", "pc-104-cart-with-agent");
    CAPTURE(pods.failure.detail);
    CHECK(pods.failure.kind == c.kind);
    CHECK_FALSE(cluster.list("nodes").failure);
  }
  TestServer server(incident("104-cart-with-agent"), {{"/pods", 0, false, true, false}});
  Home home(server);
  Listing cut = live(home.options(kubectl))->list({"pods", "pc-104-cart-with-agent", "", "", ""});
  CAPTURE(cut.failure.detail);
  CHECK(cut.failure);
  CHECK(cut.items.empty());
}

TEST_CASE("a server that is busy for a moment, or forgets where a list was, is asked again") {
  auto found = kubectls();
  if (found.empty()) {
    return;
  }
  struct Case {
    const char* name;
    Fault fault;
    bool fails;
  };
  for (const Case& c : {
           Case{"one 429", {"/pods", 429, false, false, false, 1}, false},
           Case{"two 503", {"/pods", 503, false, false, false, 2}, false},
           Case{"a 500 in the middle of a list", {"continue=", 500, false, false, false, 1}, false},
           Case{"a connection that breaks once", {"/pods", 0, false, true, false, 1}, false},
           Case{"a token that has expired", {"continue=", 410, false, false, false, 1}, false},
           Case{"tokens that always expire", {"continue=", 410, false, false, false, 0}, true},
           Case{"always 503", {"/pods", 503, false, false, false, 0}, true},
       }) {
    CAPTURE(c.name);
    TestServer server(incident("104-cart-with-agent"), {c.fault});
    Home home(server);
    KubectlOptions options = home.options(found.back().second);
    options.page_size = 1;
    options.retry_pause = std::chrono::milliseconds(10);
    Listing events = live(options)->list({"events", "pc-104-cart-with-agent", "", "", ""});
    Listing pods = live(options)->list({"pods", "pc-104-cart-with-agent", "", "", ""});
    Listing& asked = c.fault.path == "/pods" ? pods : events;
    CAPTURE(asked.failure.detail);
    CHECK(static_cast<bool>(asked.failure) == c.fails);
    if (!c.fails) {
      CHECK(
          events.items.size() ==
          Snapshot(open_bundle(incident("104-cart-with-agent"))).list("events", "pc-104-cart-with-agent").items.size());
      CHECK_FALSE(pods.items.empty());
    }
  }
}

TEST_CASE("nobody listening is told as unreachable") {
  auto found = kubectls();
  if (found.empty()) {
    return;
  }
  int port = 0;
  {
    TestServer server(incident("104-cart-with-agent"));
    port = server.port();
  }
  KubectlOptions options;
  options.program = found.back().second;
  options.flags = {"--server", "http://127.0.0.1:" + std::to_string(port)};
  CHECK(live(options)->list({"pods", "a", "", "", ""}).failure.kind == FailureKind::unreachable);
}
