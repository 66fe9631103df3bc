#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "cli/run.hpp"
#include "document/document.hpp"

using namespace podcheck;
namespace fs = std::filesystem;

namespace {

constexpr int namespaces = 40;

// A pod that crashes in each of forty namespaces.
class Bundle {
 public:
  Bundle() {
    char name[] = "/tmp/podcheck-shard-XXXXXX";
    path_ = mkdtemp(name);
    fs::create_directories(path_ / "objects");
    std::ofstream(path_ / "recorded-at") << "2026-01-03T00:00:00Z\n";
    std::ofstream pods(path_ / "objects/pods.json");
    pods << R"({"apiVersion":"v1","kind":"List","items":[)";
    for (int i = 0; i < namespaces; ++i) {
      pods
          << (i > 0 ? "," : "") << R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","namespace":"team-)" << i
          << R"("},"spec":{"nodeName":"a","containers":[{"name":"app","image":"web:1"}]},"status":{"phase":"Running","containerStatuses":[{"name":"app","ready":false,"restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"reason":"Error"}}}]}})";
    }
    pods << "]}";
  }
  ~Bundle() { fs::remove_all(path_); }
  Bundle(const Bundle&) = delete;
  Bundle& operator=(const Bundle&) = delete;
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

struct Answer {
  int code = 0;
  std::vector<std::string> subjects;
};

Answer ask(std::vector<std::string> words) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  cli::Streams io{in, out, err, [](const char*) { return std::string(); }};
  words.insert(words.begin(), {"kubectl-podcheck", "live", "-o", "json"});
  std::vector<const char*> argv;
  for (const std::string& word : words) {
    argv.push_back(word.c_str());
  }
  Answer answer;
  answer.code = cli::run(argv, io);
  document::Tree tree;
  std::string error;
  if (document::parse_json(out.str(), tree, error)) {
    for (document::Node subject : tree.root()["subjects"].items()) {
      answer.subjects.push_back(subject["namespace"].text() + "/" + subject["name"].text());
    }
  }
  return answer;
}

}  // namespace

TEST_CASE("shards together say what one run says, each part once") {
  Bundle bundle;
  Answer whole = ask({"-A", "--from", bundle.path()});
  REQUIRE(whole.subjects.size() == namespaces);
  for (int count : {1, 3, 8}) {
    std::multiset<std::string> together;
    for (int index = 0; index < count; ++index) {
      std::string shard = std::to_string(index) + "/" + std::to_string(count);
      Answer part = ask({"-A", "--shard", shard, "--from", bundle.path()});
      CHECK(part.subjects.size() < static_cast<std::size_t>(count == 1 ? namespaces + 1 : namespaces));
      together.insert(part.subjects.begin(), part.subjects.end());
    }
    CHECK(together == std::multiset<std::string>(whole.subjects.begin(), whole.subjects.end()));
  }
}

TEST_CASE("a shard that is none, or is asked for without -A, is a wrong command line") {
  Bundle bundle;
  for (const char* shard : {"4/4", "1", "x/2", "-1/2", ""}) {
    CAPTURE(shard);
    CHECK(ask({"-A", std::string("--shard=") + shard, "--from", bundle.path()}).code == 2);
  }
  CHECK(ask({"-n", "team-1", "--shard=0/2", "--from", bundle.path()}).code == 2);
}
