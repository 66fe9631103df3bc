#include "cluster/dump_source.hpp"

#include <doctest/doctest.h>

#include "cluster/bundle_source.hpp"

using namespace podcheck;
using namespace podcheck::cluster;

namespace {
std::string incident(const std::string& name) {
  return PODCHECK_SOURCE_DIR "/testdata/incidents/" + name;
}
}  // namespace

TEST_CASE("a cluster-info dump shows the same pods, nodes, events and logs as the bundle of the same incident") {
  struct Case {
    const char* incident;
    const char* container;
  };
  for (const Case& c : {Case{"104-cart-with-agent", "metrics-agent"}, Case{"098-nginx-routes", nullptr}}) {
    CAPTURE(c.incident);
    std::string directory = incident(c.incident);
    std::string dump_directory = directory + "/cluster-info-dump";
    REQUIRE(is_dump(dump_directory));
    CHECK_FALSE(is_dump(directory));
    CHECK_FALSE(is_bundle(dump_directory));
    Snapshot bundle(open_bundle(directory));
    Snapshot dump(open_dump(dump_directory));
    std::string ns = std::string("pc-") + c.incident;
    REQUIRE(dump.list("pods", ns).items.size() == bundle.list("pods", ns).items.size());
    for (document::Node pod : bundle.list("pods", ns).items) {
      std::string_view name = pod["metadata"]["name"].string();
      document::Node other = dump.get("pods", ns, name);
      CHECK(other["kind"].string() == "Pod");
      CHECK(document::equal(other["spec"], pod["spec"]));
      CHECK(dump.events_of(other).size() == bundle.events_of(pod).size());
      if (c.container != nullptr) {
        CHECK(dump.log(ns, name, c.container, false).text == bundle.log(ns, name, c.container, false).text);
      }
    }
    CHECK(dump.get("nodes", "", "worker-1")["kind"].string() == "Node");
    CHECK(dump.knows("pods", ns));
    CHECK_FALSE(dump.knows("pods", ""));
    CHECK_FALSE(dump.knows("persistentvolumeclaims", ns));
    CHECK(dump.now() < bundle.now() + std::chrono::minutes(10));
    CHECK(dump.now() > bundle.now() - std::chrono::minutes(10));
  }
}

TEST_CASE("one container's log is cut out of a dump's logs") {
  const char* logs =
      "==== START logs for container app of pod a/web ====\none\n==== END logs for container app of pod a/web ====\n"
      "==== START logs for container app-2 of pod a/web ====\ntwo\nthree";
  CHECK(dumped_log(logs, "app") == "one\n");
  CHECK(dumped_log(logs, "app-2") == "two\nthree");
  CHECK_FALSE(dumped_log(logs, "other").has_value());
  CHECK_FALSE(dumped_log("", "app").has_value());
}

TEST_CASE("controllers that a dump leaves out are known from their pods") {
  struct Case {
    const char* incident;
    const char* resource;
  };
  for (const Case& c : {Case{"047-partner-export", "cronjobs"}, Case{"148-import-done", "jobs"},
                        Case{"025-orders-db", "statefulsets"}}) {
    CAPTURE(c.incident);
    Snapshot bundle(open_bundle(incident(c.incident)));
    Snapshot dump(open_dump(incident(c.incident) + "/cluster-info-dump"));
    std::string ns = std::string("pc-") + c.incident;
    REQUIRE(bundle.list(c.resource, ns).items.size() == 1);
    REQUIRE(dump.list(c.resource, ns).items.size() == 1);
    CHECK(dump.list(c.resource, ns).items[0]["metadata"]["name"].text() ==
          bundle.list(c.resource, ns).items[0]["metadata"]["name"].text());
    CHECK_FALSE(dump.knows(c.resource, ns));
  }
}
