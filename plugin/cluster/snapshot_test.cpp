#include "cluster/snapshot.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "cluster/bundle_source.hpp"

using namespace podcheck;
using namespace podcheck::cluster;
using document::Node;

namespace {

std::string incident(const std::string& name) {
  return PODCHECK_SOURCE_DIR "/testdata/incidents/" + name;
}

// A bundle in a folder of its own, removed again.
class TemporaryBundle {
 public:
  TemporaryBundle() {
    static int number = 0;
    root_ = std::filesystem::temp_directory_path() / ("podcheck-bundle-test-" + std::to_string(++number));
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_ / "objects");
  }
  ~TemporaryBundle() { std::filesystem::remove_all(root_); }
  TemporaryBundle(const TemporaryBundle&) = delete;
  TemporaryBundle& operator=(const TemporaryBundle&) = delete;

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << text;
  }
  Snapshot open() const { return Snapshot(open_bundle(root_.string())); }

 private:
  std::filesystem::path root_;
};

}  // namespace

TEST_CASE("a recorded incident reads as a cluster") {
  Snapshot cluster(open_bundle(incident("047-partner-export")));
  CHECK(format_time(cluster.now()) == "2026-11-23T17:00:06Z");
  CHECK(cluster.kubectl() == "kubectl");
  const Listing& pods = cluster.list("pods", "pc-047-partner-export");
  REQUIRE(pods.items.size() == 1);
  std::string_view name = pods.items[0]["metadata"]["name"].string();
  CHECK(cluster.get("pod", "pc-047-partner-export", name) == pods.items[0]);
  CHECK(cluster.list("po", "elsewhere").items.empty());
  CHECK(cluster.knows("pods", "pc-047-partner-export"));
  CHECK_FALSE(cluster.knows("pods", "elsewhere"));
  CHECK_FALSE(cluster.knows("leases", "pc-047-partner-export"));
  CHECK(cluster.knows("nodes", ""));
  CHECK(cluster.get("nodes", "", "worker-1")["kind"].string() == "Node");

  Failure failure;
  CHECK_FALSE(cluster.get("pods", "pc-047-partner-export", "absent", &failure));
  CHECK(failure.kind == FailureKind::not_found);

  std::vector<Node> events = cluster.events_of(pods.items[0]);
  CHECK(events.size() >= 5);
  CHECK(cluster.pull_secret_hosts("pc-047-partner-export", "registry-login") ==
        std::vector<std::string>{"registry.shop.example:5001"});
  CHECK(cluster.log("pc-047-partner-export", name, "app", false).failure.kind == FailureKind::not_found);
  CHECK(cluster.failures().empty());
}

TEST_CASE("events are found by uid, else by kind and name, oldest first") {
  TemporaryBundle bundle;
  bundle.write("recorded-at", "2026-01-01T01:00:00Z\n");
  bundle.write("objects/pods.json", R"({"kind":"List","items":[
    {"kind":"Pod","metadata":{"name":"db-0","namespace":"a","uid":"new"}},
    {"kind":"Pod","metadata":{"name":"db-0","namespace":"b"}},
    {"kind":"Node","metadata":{"name":"n1","uid":"node-uid"}}]})");
  bundle.write("objects/events.json", R"({"kind":"List","items":[
    {"metadata":{"namespace":"a"},"involvedObject":{"kind":"Pod","name":"db-0","namespace":"a","uid":"old"},"message":"old pod"},
    {"metadata":{"namespace":"a"},"involvedObject":{"kind":"Pod","name":"db-0","namespace":"a","uid":"new"},"message":"third",
     "lastTimestamp":"2026-01-01T00:10:00Z","series":{"count":7,"lastObservedTime":"2026-01-01T00:50:00.000000Z"}},
    {"metadata":{"namespace":"a"},"involvedObject":{"kind":"Pod","name":"db-0","namespace":"a","uid":"new"},"message":"second",
     "lastTimestamp":null,"eventTime":"2026-01-01T00:20:00.123456Z"},
    {"metadata":{"namespace":"a","creationTimestamp":"2026-01-01T00:05:00Z"},"lastTimestamp":null,
     "involvedObject":{"kind":"Pod","name":"db-0","namespace":"a"},"message":"first"},
    {"metadata":{"namespace":"b"},"involvedObject":{"kind":"Pod","name":"db-0","namespace":"b","uid":"x"},"message":"other"},
    {"metadata":{"namespace":"default"},"involvedObject":{"kind":"Node","name":"n1","uid":"n1"},"message":"node"}]})");
  Snapshot cluster = bundle.open();
  auto messages = [&](Node object) {
    std::vector<std::string> texts;
    for (Node event : cluster.events_of(object)) {
      texts.push_back(event["message"].text());
    }
    return texts;
  };
  using Texts = std::vector<std::string>;
  CHECK(messages(cluster.get("pods", "a", "db-0")) == Texts{"first", "second", "third"});
  CHECK(messages(cluster.get("pods", "b", "db-0")) == Texts{"other"});
  CHECK(messages(cluster.list("pods").items[2]) == Texts{"node"});
}

TEST_CASE("a list of all namespaces answers for each of them") {
  TemporaryBundle bundle;
  bundle.write("objects/pods.json", R"({"kind":"PodList","items":[
    {"metadata":{"name":"x","namespace":"a"}},{"metadata":{"name":"y","namespace":"b"}},null,3]})");
  Snapshot cluster = bundle.open();
  CHECK(cluster.list("pods").items.size() == 2);
  CHECK(cluster.list("pods", "a").items.size() == 1);
  CHECK(cluster.list("pods", "c").items.empty());
  // The REST API leaves kind and apiVersion of items out.
  CHECK(cluster.get("pods", "b", "y")["kind"].string() == "Pod");
  CHECK(cluster.get("pods", "b", "y")["apiVersion"].string() == "v1");
}

TEST_CASE("a broken file is a failure, and the rest is still read") {
  TemporaryBundle bundle;
  bundle.write("objects/pods.json", R"({"kind":"List","items":[{"kind":"Pod","metada)");
  bundle.write("objects/nodes.json", "");
  bundle.write("objects/services.json", R"({"kind":"List","items":[]})");
  bundle.write("objects/events.json", R"([1,2])");
  Snapshot cluster = bundle.open();
  CHECK(cluster.list("pods", "a").failure.kind == FailureKind::garbage);
  CHECK(cluster.list("nodes").failure.kind == FailureKind::garbage);
  CHECK(cluster.list("events", "a").failure.kind == FailureKind::garbage);
  CHECK_FALSE(cluster.list("services", "a").failure);
  CHECK_FALSE(cluster.knows("pods", "a"));
  CHECK(cluster.knows("services", "a"));
  CHECK(cluster.failures().size() == 3);
}

TEST_CASE("logs are read from their place and nowhere else") {
  TemporaryBundle bundle;
  bundle.write("logs/a/web/app.log", "one\ntwo\n");
  bundle.write("logs/a/web/app.previous.log", "unable to retrieve container logs for containerd://0123\n");
  bundle.write("logs/a/web/side.err", "Error from server (Forbidden): pods \"web\" is forbidden\n");
  bundle.write("secret.log", "outside\n");
  Snapshot cluster = bundle.open();
  CHECK(cluster.log("a", "web", "app", false).text == "one\ntwo\n");
  CHECK(cluster.log("a", "web", "app", true).failure.kind == FailureKind::not_found);
  CHECK(cluster.log("a", "web", "app", true).text.empty());
  CHECK(cluster.log("a", "web", "side", false).failure.kind == FailureKind::forbidden);
  CHECK(cluster.log("..", "..", "secret", false).text.empty());
  CHECK(cluster.log("a", "web", "../../../secret", false).text.empty());
}

TEST_CASE("a list beyond 20 MB keeps every object and what is looked at in them") {
  TemporaryBundle bundle;
  std::string padding(1000, 'x');
  std::string json = R"({"apiVersion":"v1","kind":"List","metadata":{"items":[1]},"items":[)";
  for (int i = 0; i < 20000; ++i) {
    std::string name = "pod-\\\"{[" + std::to_string(i);
    bool well = i % 100 != 7;
    json += std::string(i == 0 ? "" : " ,\n ") + R"({"kind":"Pod","metadata":{"name":")" + name +
            R"(","namespace":"a","annotations":{"note":")" + padding +
            R"("}},"spec":{"nodeName":"n1"},"status":{"phase":")" + (well ? "Running" : "Pending") + R"("}})";
  }
  bundle.write("objects/pods.json", json + "]}");
  Snapshot cluster = bundle.open();
  const Listing& pods = cluster.list("pods", "a");
  CHECK_FALSE(pods.failure);
  REQUIRE(pods.items.size() == 20000);
  CHECK(pods.items[19999]["metadata"]["name"].string() == "pod-\"{[19999");
  CHECK_FALSE(pods.items[0]["metadata"].has("annotations"));
  CHECK(pods.items[7]["metadata"].has("annotations"));
  CHECK(pods.items[12345]["spec"]["nodeName"].string() == "n1");

  bundle.write("objects/pods.json", json);
  Snapshot cut = bundle.open();
  CHECK(cut.list("pods", "a").failure.kind == FailureKind::garbage);
}
