// The program through the real kubectl, against an API server made of recorded incidents. One run of this program is
// one kubectl: $PODCHECK_TEST_KUBECTL names its version, as fetch-kubectls.sh fetched it.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/testing/program.hpp"
#include "cluster/process.hpp"
#include "cluster/testing/test_server.hpp"
#include "document/document.hpp"

using namespace podcheck;
using namespace podcheck::cli::testing;
namespace fs = std::filesystem;

namespace {

const fs::path root = PODCHECK_SOURCE_DIR;

// The kubectl under test; empty when it was not fetched.
std::string kubectl() {
  const char* wanted = std::getenv("PODCHECK_TEST_KUBECTL");
  for (const auto& [version, path] : cluster::testing::fetched_kubectls()) {
    if (wanted == nullptr || version == wanted) {
      return path;
    }
  }
  return "";
}

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/podcheck-test-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string namespace_of(const fs::path& incident) {
  std::string text = read(incident / "namespace");
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

// What a report claims: subjects, causes, roles and messages. Ages and what was not readable may differ between a
// recording and a server.
std::string claims(const std::string& json) {
  document::Tree tree;
  std::string error;
  if (!document::parse_json(json, tree, error)) {
    return "no report: " + json.substr(0, 200);
  }
  std::string out;
  for (document::Node subject : tree.root()["subjects"].items()) {
    out += std::string(subject["kind"].string()) + "/" + std::string(subject["name"].string()) + "\n";
    for (document::Node found : subject["findings"].items()) {
      out += "  " + found["role"].text() + " " + found["id"].text() + ": " + found["message"].text() + "\n";
    }
  }
  return out;
}

// Every incident through the newest kubectl and, where $PODCHECK_TEST_ALL is set as in CI, through the older ones, too;
// otherwise those see every fifth: their differences are in how they talk, not in what a pod suffers from.
std::size_t stride() {
  const char* version = std::getenv("PODCHECK_TEST_KUBECTL");
  bool older = version != nullptr && std::string_view(version) != "1.36";
  return older && std::getenv("PODCHECK_TEST_ALL") == nullptr ? 5 : 1;
}

}  // namespace

TEST_CASE("live through the real kubectl says what live --from says, for every incident") {
  std::string program = kubectl();
  if (program.empty()) {
    MESSAGE("skipped: no kubectl was fetched (plugin/cluster/testing/fetch-kubectls.sh)");
    return;
  }
  Folder folder;
  std::vector<fs::path> all = incidents(root);
  for (std::size_t i = 0; i < all.size(); i += stride()) {
    const fs::path& incident = all[i];
    fs::path captured = folder.path() / "captured";
    fs::remove_all(captured);
    document::File truth = document::parse("truth.yaml", read(incident / "truth.yaml"));
    std::string target(truth.documents.front().root["target"].string());
    std::string space = namespace_of(incident);
    std::string name = incident.filename().string();
    std::string now = read(incident / "recorded-at");
    now.erase(now.find_last_not_of(" \n") + 1);
    CAPTURE(name);
    cluster::testing::TestServer server(incident.string());
    fs::path kubeconfig = folder.path() / "kubeconfig";
    std::ofstream(kubeconfig) << server.kubeconfig(space);
    // A recording may hold the values of Secrets, which are never fetched from a cluster; a captured copy does not.
    REQUIRE(ask({"capture", "-A", "--from", incident.string(), "--to", captured.string()}).code == 0);
    Answer recorded = ask({"live", target, "-n", space, "--from", captured.string(), "-o", "json"});
    Answer served = ask({"live", target, "-n", space, "--kubectl", program, "--kubeconfig", kubeconfig.string(),
                         "--inspect-pull-secrets", "--now", now, "-o", "json"});
    CHECK(claims(served.out) == claims(recorded.out));
    CHECK(served.code == recorded.code);
    for (const std::string& request : server.requests()) {
      CAPTURE(request);
      bool reads = request.starts_with("GET ") || request.find("selfsubjectaccessreviews") != std::string::npos;
      CHECK(reads);
    }
  }
}

TEST_CASE("kubectl finds podcheck as its plugin, flags and exit codes included") {
  std::string program = kubectl();
  if (program.empty()) {
    MESSAGE("skipped: no kubectl was fetched (plugin/cluster/testing/fetch-kubectls.sh)");
    return;
  }
  Folder folder;
  fs::create_symlink(PODCHECK_BINARY, folder.path() / "kubectl-podcheck");
  std::string path = "PATH=" + folder.path().string() + ":/usr/bin:/bin";
  cluster::Command lint;
  lint.argv = {"/usr/bin/env", path, program, "podcheck", "lint", PODCHECK_SOURCE_DIR "/testdata/demo/storefront.yaml",
               "-o",           "gcc"};
  auto linted = cluster::ProcessRunner().run({lint}).front();
  CHECK(linted.code == 1);
  CHECK(linted.output.find("memory-unit-milli") != std::string::npos);

  fs::path incident = root / "testdata/incidents/116-storefront-live";
  cluster::testing::TestServer server(incident.string());
  fs::path kubeconfig = folder.path() / "kubeconfig";
  std::ofstream(kubeconfig) << server.kubeconfig(namespace_of(incident));
  cluster::Command live;
  live.argv = {
      "/usr/bin/env", path,   "KUBECONFIG=" + kubeconfig.string(), program, "podcheck", "live", "deploy/storefront",
      "--kubectl",    program};
  auto diagnosed = cluster::ProcessRunner().run({live}).front();
  CHECK(diagnosed.code == 1);
  CHECK(diagnosed.output.find("storefront") != std::string::npos);
}

TEST_CASE("trouble with the cluster is one clear sentence and the right exit code") {
  std::string program = kubectl();
  if (program.empty()) {
    MESSAGE("skipped: no kubectl was fetched (plugin/cluster/testing/fetch-kubectls.sh)");
    return;
  }
  struct Case {
    const char* name;
    std::vector<cluster::testing::Fault> faults;
    std::vector<std::string> words;
    int code;
  };
  fs::path incident = root / "testdata/incidents/116-storefront-live";
  std::string space = namespace_of(incident);
  for (const Case& c : {
           Case{"events forbidden", {{"/events", 403}}, {"live", "deploy/storefront"}, 1},
           Case{"everything forbidden", {{"/", 403}}, {"live", "deploy/storefront"}, 3},
           Case{"server errors", {{"/pods", 500}}, {"live"}, 3},
           Case{"no such target", {}, {"live", "deploy/storefrnt"}, 3},
           Case{"garbage", {{"/nodes", 0, false, false, true}}, {"live", "deploy/storefront"}, 1},
       }) {
    CAPTURE(c.name);
    Folder folder;
    cluster::testing::TestServer server(incident.string(), c.faults);
    fs::path kubeconfig = folder.path() / "kubeconfig";
    std::ofstream(kubeconfig) << server.kubeconfig(space);
    std::vector<std::string> words = c.words;
    words.insert(words.end(), {"-n", space, "--kubectl", program, "--kubeconfig", kubeconfig.string()});
    Answer answer = ask(words);
    CAPTURE(answer.out);
    CAPTURE(answer.err);
    CHECK(answer.code == c.code);
    CHECK_FALSE((answer.out + answer.err).empty());
  }
}

TEST_CASE("each right that is missing costs a part of the answer and a note, and the rest stands") {
  std::string program = kubectl();
  if (program.empty()) {
    MESSAGE("skipped: no kubectl was fetched (plugin/cluster/testing/fetch-kubectls.sh)");
    return;
  }
  struct Case {
    const char* incident;
    const char* target;
    std::vector<cluster::testing::Fault> faults;
    const char* note;  // what it is about
    bool cause;        // is still named
  };
  const std::vector<cluster::testing::Fault> all_but_pods = {
      {"/apis/", 403},      {"/events", 403},   {"/nodes", 403},       {"/log?", 403},  {"/secrets", 403},
      {"/configmaps", 403}, {"/services", 403}, {"/namespaces?", 403}, {"claims", 403}, {"/persistentvolumes", 403}};
  for (const Case& c : {
           Case{"116-storefront-live", "deploy/storefront", {{"/events", 403}}, "events", true},
           Case{"116-storefront-live", "deploy/storefront", {{"/log?", 403}}, "logs", true},
           Case{"116-storefront-live", "deploy/storefront", {{"/nodes", 403}}, "nodes", true},
           Case{"001-checkout-burst", "deploy/checkout-api", {{"/nodes", 403}}, "nodes", true},
           Case{"115-shipping-client", "deploy/shipping-client", {{"/secrets", 403}}, "secrets", true},
           Case{"025-orders-db", "sts/orders-db", {{"claims", 403}}, "persistentvolumeclaims", true},
           Case{"116-storefront-live", "", all_but_pods, "events", true},
       }) {
    CAPTURE(c.incident);
    CAPTURE(c.note);
    Folder folder;
    fs::path incident = root / "testdata/incidents" / c.incident;
    if (!fs::exists(incident)) {
      continue;
    }
    cluster::testing::TestServer server(incident.string(), c.faults);
    fs::path kubeconfig = folder.path() / "kubeconfig";
    std::string space = namespace_of(incident);
    std::ofstream(kubeconfig) << server.kubeconfig(space);
    std::vector<std::string> words = {"live", "-n",  space, "--kubectl", program, "--kubeconfig", kubeconfig.string(),
                                      "-o",   "json"};
    if (*c.target != '\0') {
      words.emplace_back(c.target);
    }
    Answer answer = ask(words);
    CAPTURE(answer.out);
    CHECK(answer.code == 1);
    document::Tree tree;
    std::string error;
    REQUIRE(document::parse_json(answer.out, tree, error));
    bool noted = false;
    for (document::Node note : tree.root()["notes"].items()) {
      noted = noted || (note["about"].text() == c.note && note["message"].text().size() > 20);
    }
    CHECK(noted);
    CHECK((tree.root()["subjects"][0]["findings"].size() > 0) == c.cause);
  }
}

TEST_CASE("a missing kubectl is said, not crashed on") {
  Answer answer = ask({"live", "web", "-n", "shop", "--kubectl", "/nonexistent/kubectl"});
  CHECK(answer.code == 3);
  CHECK(answer.err.find("kubectl") != std::string::npos);
}
