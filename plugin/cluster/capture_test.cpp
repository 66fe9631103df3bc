#include "cluster/capture.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "cluster/bundle_source.hpp"
#include "cluster/text_file.hpp"

using namespace podcheck;
using namespace podcheck::cluster;
namespace fs = std::filesystem;

namespace {

std::string incident(const std::string& name) {
  return PODCHECK_SOURCE_DIR "/testdata/incidents/" + name;
}

struct Folder {
  fs::path path = fs::temp_directory_path() / "podcheck-capture-test";
  Folder() { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

}  // namespace

TEST_CASE("a captured cluster reads as the original, without its secrets") {
  for (const char* name : {"047-partner-export", "104-cart-with-agent"}) {
    CAPTURE(name);
    Folder folder;
    std::string ns = std::string("pc-") + name;
    Snapshot original(open_bundle(incident(name)));
    CaptureReport report = capture(original, {folder.path.string(), ns, 200, {}});
    REQUIRE(report.error.empty());
    CHECK(report.objects > 10);
    CHECK(report.unreadable.empty());
    Snapshot copy(open_bundle(folder.path.string()));
    CHECK(copy.now() == original.now());
    for (const char* resource : {"pods", "events", "deployments", "nodes", "services"}) {
      CAPTURE(resource);
      const Listing& a = original.list(resource, ns);
      const Listing& b = copy.list(resource, ns);
      REQUIRE(a.items.size() == b.items.size());
      for (std::size_t i = 0; i < a.items.size(); ++i) {
        CHECK(document::equal(a.items[i]["status"], b.items[i]["status"]));
        CHECK(a.items[i]["message"].text() == b.items[i]["message"].text());
      }
    }
    for (document::Node pod : original.list("pods", ns).items) {
      std::string_view pod_name = pod["metadata"]["name"].string();
      for (document::Node container : pod["spec"]["containers"].items()) {
        CHECK(copy.log(ns, pod_name, container["name"].string(), false).text ==
              original.log(ns, pod_name, container["name"].string(), false).text);
      }
    }
    for (document::Node secret : copy.list("secrets", ns).items) {
      std::string_view secret_name = secret["metadata"]["name"].string();
      CHECK(copy.pull_secret_hosts(ns, secret_name) == original.pull_secret_hosts(ns, secret_name));
      CHECK(secret["data"].size() == original.get("secrets", ns, secret_name)["data"].size());
    }
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder.path)) {
      if (entry.is_regular_file()) {
        std::string text = read_file(entry.path().string()).value_or("");
        CAPTURE(entry.path().string());
        CHECK(text.find("s3cret") == std::string::npos);
        CHECK(text.find("czNjcmV0") == std::string::npos);
        CHECK(text.find("last-applied-configuration") == std::string::npos);
      }
    }
  }
}

TEST_CASE("a folder with something in it is left alone") {
  Folder folder;
  fs::create_directories(folder.path / "precious");
  Snapshot original(open_bundle(incident("104-cart-with-agent")));
  CHECK_FALSE(capture(original, {folder.path.string(), "", 200, {}}).error.empty());
  CHECK_FALSE(fs::exists(folder.path / "objects"));
}
