// Whatever a cluster, a bundle or a kubectl may hold or do: an answer or a note, in bounded time and memory.
#include <doctest/doctest.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/run.hpp"
#include "document/document.hpp"

using namespace podcheck;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/podcheck-input-XXXXXX";
    path_ = mkdtemp(name);
    fs::create_directories(path_ / "objects");
    write("recorded-at", "2026-01-03T00:00:00Z\n");
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  void list(const std::string& resource, const std::string& items) const {
    write("objects/" + resource + ".json", R"({"apiVersion":"v1","kind":"List","items":[)" + items + "]}");
  }
  fs::path path() const { return path_; }

 private:
  fs::path path_;
};

struct Answer {
  int code = 0;
  std::string out;
  std::string err;
  double seconds = 0;
};

Answer ask(std::vector<std::string> words) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  cli::Streams io{in, out, err, [](const char*) { return std::string(); }};
  words.insert(words.begin(), "kubectl-podcheck");
  std::vector<const char*> argv;
  for (const std::string& word : words) {
    argv.push_back(word.c_str());
  }
  auto start = std::chrono::steady_clock::now();
  Answer answer;
  answer.code = cli::run(argv, io);
  answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  answer.out = out.str();
  answer.err = err.str();
  return answer;
}

Answer live(const Folder& bundle, std::vector<std::string> words = {}) {
  words.insert(words.begin(), {"live", "--from", bundle.path().string()});
  return ask(std::move(words));
}

// AddressSanitizer's own share (red zones, quarantine, shadow) on top of what the program asks for.
#if defined(__SANITIZE_ADDRESS__)
constexpr long sanitizer_share = 3;
#else
constexpr long sanitizer_share = 1;
#endif

// What this process has had resident at most, in MiB.
long peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

std::string crashing_pod(const std::string& name = "web") {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name +
         R"(","namespace":"shop","uid":"u1","creationTimestamp":"2026-01-02T23:00:00Z"},"spec":{"nodeName":"worker-1","containers":[{"name":"app","image":"shop/web:1"}]},"status":{"phase":"Running","containerStatuses":[{"name":"app","ready":false,"restartCount":5,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"reason":"Error","startedAt":"2026-01-02T23:59:00Z","finishedAt":"2026-01-02T23:59:02Z"}}}]}})";
}

// A kubectl that answers lists with files of the folder and does what `script` says for events.
std::string fake_kubectl(const Folder& folder, const std::string& script) {
  folder.list("pods", crashing_pod());
  fs::path path = folder.path() / "kubectl";
  std::ofstream(path) << "#!/bin/sh\ncase \"$*\" in\n*config*) echo shop ;;\n*/events*) " << script
                      << " ;;\n*/log*) echo 'panic: no settings' ;;\n*/pods/web*) echo '" << crashing_pod()
                      << "' ;;\n*/pods*) cat " << (folder.path() / "objects/pods.json").string()
                      << " ;;\n*--raw*) echo '{\"kind\":\"List\",\"items\":[]}' ;;\n*) exit 0 ;;\nesac\n";
  ::chmod(path.c_str(), 0755);
  return path.string();
}

}  // namespace

TEST_CASE("a kubectl that misbehaves costs what it was asked for, and is named in a note") {
  struct Case {
    const char* name;
    const char* script;
    const char* note;  // part of it; empty: none
  };
  for (const Case& c : {
           Case{"warnings", "echo 'Warning: policy/v1beta1 is deprecated' >&2; echo '{\"kind\":\"List\",\"items\":[]}'",
                ""},
           Case{"many warnings",
                "yes 'W0102 03:04:05.678901 1 warnings.go:70] old' | head -100000 >&2; echo "
                "'{\"kind\":\"List\",\"items\":[]}'",
                ""},
           Case{"garbage", "echo 'Please log in at https://sso.example.com'", "Please log in"},
           Case{"nothing at all", "true", "kubectl"},
           Case{"cut short", "printf '{\"kind\":\"EventList\",\"items\":[{\"metadata\":{\"na'", "kubectl"},
           Case{"another shape", "echo '[1,2,3]'", "kubectl"},
           Case{"death half-way", "printf '{\"kind\":\"EventList\",'; kill -9 $$", "signal 9"},
           Case{"an exit status without a word", "exit 7", "exit status 7"},
           Case{"a hang", "exec sleep 60", "deadline"},
       }) {
    CAPTURE(c.name);
    Folder folder;
    std::string kubectl = fake_kubectl(folder, c.script);
    Answer answer = ask({"live", "web", "-n", "shop", "--kubectl", kubectl, "--request-timeout", "1s", "--now",
                         "2026-01-03T00:00:00Z", "-o", "json"});
    CAPTURE(answer.out);
    CAPTURE(answer.err);
    CHECK(answer.code == 1);
    CHECK(answer.seconds < 20);
    document::Tree tree;
    std::string error;
    REQUIRE(document::parse_json(answer.out, tree, error));
    CHECK(tree.root()["subjects"][0]["findings"].size() > 0);
    std::string notes;
    for (document::Node note : tree.root()["notes"].items()) {
      notes += note["about"].text() + ": " + note["message"].text() + "\n";
    }
    CAPTURE(notes);
    CHECK((notes.find("events: ") != std::string::npos) == (*c.note != '\0'));
    CHECK(notes.find(c.note) != std::string::npos);
  }
}

TEST_CASE("objects that are incomplete or say what nobody knows yet make no crash and no claim") {
  struct Case {
    const char* name;
    const char* pod;
    int code;
  };
  for (
      const Case& c : {
          Case{"no pods", "", 0},
          Case{"no status",
               R"({"kind":"Pod","metadata":{"name":"a","namespace":"shop"},"spec":{"containers":[{"name":"c"}]}})", 1},
          Case{"nothing but a kind", R"({"kind":"Pod"})", 1},
          Case{
              "nulls",
              R"({"kind":"Pod","metadata":{"name":"a","namespace":"shop","labels":null,"ownerReferences":null,"creationTimestamp":null},"spec":{"containers":null,"volumes":null},"status":{"phase":"Running","conditions":null,"containerStatuses":null}})",
              0},
          Case{
              "wrong types",
              R"({"kind":"Pod","metadata":{"name":7,"namespace":["x"],"ownerReferences":{"a":1}},"spec":{"containers":{"a":1},"nodeName":{}},"status":{"phase":3,"conditions":"x","containerStatuses":[1,"two",null,{"name":{},"restartCount":"many","state":[]}]}})",
              1},
          Case{
              "an unknown phase",
              R"({"kind":"Pod","metadata":{"name":"a","namespace":"shop","creationTimestamp":"2026-01-02T00:00:00Z"},"spec":{"containers":[{"name":"c"}]},"status":{"phase":"Hibernating"}})",
              1},
          Case{
              "an unknown reason",
              R"({"kind":"Pod","metadata":{"name":"a","namespace":"shop","creationTimestamp":"2026-01-02T00:00:00Z"},"spec":{"nodeName":"n","containers":[{"name":"c"}]},"status":{"phase":"Pending","containerStatuses":[{"name":"c","state":{"waiting":{"reason":"FluxCapacitorEmpty","message":"1.21 GW"}}}]}})",
              1},
      }) {
    CAPTURE(c.name);
    Folder folder;
    folder.list("pods", c.pod);
    folder.list(
        "events",
        R"({"kind":"Event","metadata":{"name":"e","namespace":"shop","creationTimestamp":null},"involvedObject":{"kind":"Pod","namespace":"shop","name":"a"},"type":"Warning","reason":"Odd","message":null,"firstTimestamp":null,"lastTimestamp":null,"eventTime":null,"count":null},{"involvedObject":null},{},null,3)");
    for (const char* format : {"text", "json", "markdown", "html"}) {
      Answer answer = live(folder, {"-A", "-o", format});
      CAPTURE(answer.out);
      CHECK(answer.code == c.code);
      CHECK(answer.out.find("confirmed") == std::string::npos);
    }
  }
}

TEST_CASE("a list that breaks off is said, and what else there is is still read") {
  for (const char* json :
       {R"({"kind":"List","items":[{"kind":"Pod","metadata":{"name":"a)", "", "{", "[]", "null", "\x00\xff\xfe"}) {
    Folder folder;
    folder.write("objects/pods.json", json);
    Answer answer = live(folder, {"-n", "shop"});
    CAPTURE(answer.err);
    CHECK(answer.code == 3);
    CHECK(answer.err.find("pods") != std::string::npos);
    Folder events;
    events.list("pods", crashing_pod());
    events.write("objects/events.json", json);
    answer = live(events, {"-n", "shop"});
    CHECK(answer.code == 1);
    CHECK(answer.err.find("events") != std::string::npos);
  }
}

TEST_CASE("a log of two hundred megabytes costs no more than its end") {
  Folder folder;
  folder.list("pods", crashing_pod());
  {
    fs::create_directories(folder.path() / "logs/shop/web");
    std::ofstream log(folder.path() / "logs/shop/web/app.log", std::ios::binary);
    std::string block;
    while (block.size() < (1u << 20)) {
      block += "2026-01-02T23:59:01Z INFO request served in 12 ms for customer 4711\n";
    }
    for (int i = 0; i < 200; ++i) {
      log << block;
    }
    log << "Traceback (most recent call last):\n  File \"app.py\", line 3, in <module>\nKeyError: 'DATABASE_URL'\n";
  }
  Answer answer = live(folder, {"web", "-n", "shop"});
  CHECK(answer.code == 1);
  CHECK(answer.out.find("DATABASE_URL") != std::string::npos);
  CHECK(answer.out.size() < 20000);
  CHECK(answer.seconds < 10);
}

TEST_CASE("a log without line ends, of escape sequences or of zeros stays what it is: text that steers nothing") {
  std::string escapes;
  for (int i = 0; i < 20000; ++i) {
    escapes +=
        "\x1b[2J\x1b[31m\x1b]0;owned\x07\r\x9b"
        "1mERROR\x1b[0m ";
  }
  for (const std::string& log : {escapes, std::string(3 << 20, 'x'), std::string(1 << 20, '\0'),
                                 std::string(1 << 20, '\xff'), std::string("\n\n\n\n")}) {
    Folder folder;
    folder.list("pods", crashing_pod());
    folder.write("logs/shop/web/app.log", log);
    folder.write("logs/shop/web/app.previous.log", log);
    for (const char* format : {"text", "json", "markdown", "html"}) {
      Answer answer = live(folder, {"web", "-n", "shop", "-v", "-o", format});
      CHECK(answer.code == 1);
      CHECK(answer.seconds < 10);
      CHECK(answer.out.size() < 400000);
      for (char c : {'\x1b', '\x07', '\r', '\0'}) {
        CHECK(answer.out.find(c) == std::string::npos);
      }
    }
  }
}

TEST_CASE("a million events are read in bounded time and memory") {
  Folder folder;
  folder.list("pods", crashing_pod());
  {
    std::ofstream out(folder.path() / "objects/events.json", std::ios::binary);
    out << R"({"apiVersion":"v1","kind":"List","items":[)";
    for (int i = 0; i < 1000000; ++i) {
      out << (i > 0 ? ",\n" : "") << R"({"kind":"Event","metadata":{"name":"e)" << i
          << R"(","namespace":"shop"},"involvedObject":{"kind":"Pod","namespace":"shop","name":")"
          << (i % 3 == 0 ? "web" : "job-" + std::to_string(i))
          << R"("},"type":"Warning","reason":"BackOff","message":"Back-off restarting failed container app","count":9,"lastTimestamp":"2026-01-02T23:59:30Z"})";
    }
    out << "]}";
  }
  Answer answer = live(folder, {"web", "-n", "shop"});
  CHECK(answer.code == 1);
  CHECK(answer.err.find("left out") != std::string::npos);
  CHECK(answer.seconds < 240);
  CHECK(peak_memory() < 600 * sanitizer_share);
}
