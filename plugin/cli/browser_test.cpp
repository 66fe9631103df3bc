// The HTML page in a real Chromium ($CHROMIUM, else chromium in PATH): it asks for nothing, runs nothing, and shows
// what it should.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/run.hpp"
#include "cluster/process.hpp"

using namespace podcheck;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/podcheck-browser-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~Folder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Shown {
  std::string dom;
  std::string console;  // what page and browser have to complain about
};

std::string chromium() {
  const char* named = std::getenv("CHROMIUM");
  return named != nullptr && *named != '\0' ? named : "chromium";
}

bool there_is_a_browser() {
  cluster::Command command;
  command.argv = {chromium(), "--version"};
  if (cluster::ProcessRunner().run({command}).front().succeeded()) {
    return true;
  }
  MESSAGE("skipped: no Chromium (set CHROMIUM, or install it)");
  return false;
}

// No name is resolved, so that a request of the page shows as a failure on the console.
Shown show(const std::string& page) {
  Folder folder;
  fs::path file = folder.path() / "page.html";
  std::ofstream(file, std::ios::binary) << page;
  cluster::Command command;
  command.argv = {chromium(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-quic",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--enable-logging=stderr",
                  "--host-resolver-rules=MAP * ~NOTFOUND",
                  "--user-data-dir=" + (folder.path() / "profile").string(),
                  "--window-size=1000,1200",
                  "--dump-dom",
                  "file://" + file.string()};
  command.deadline = std::chrono::seconds(90);
  cluster::Outcome outcome = cluster::ProcessRunner().run({command}).front();
  Shown shown{outcome.output, ""};
  std::istringstream lines(outcome.error);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("CONSOLE") != std::string::npos) {
      shown.console += line + "\n";
    }
  }
  return shown;
}

std::string page_of(const std::string& incident, const char* language) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  cli::Streams io{in, out, err, [](const char*) { return std::string(); }};
  std::string from = std::string(PODCHECK_SOURCE_DIR "/testdata/incidents/") + incident;
  std::vector<const char*> argv = {"kubectl-podcheck", "live",  "--from", from.c_str(), "-o", "html",
                                   "--lang",           language};
  cli::run(argv, io);
  return out.str();
}

}  // namespace

TEST_CASE("the test sees a page that asks the network or fails in a script") {
  if (!there_is_a_browser()) {
    return;
  }
  std::string page = page_of("145-healthy-web", "en");
  std::size_t end = page.find("</body>");
  REQUIRE(end != std::string::npos);
  CHECK_FALSE(show(page.substr(0, end) + "<img src=\"https://example.com/x.png\">" + page.substr(end)).console.empty());
  CHECK_FALSE(show("<!doctype html><script>throw new Error('no')</script>").console.empty());
  CHECK_FALSE(show("<!doctype html><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">"
                   "<style>a{}</style>")
                  .console.empty());
}

TEST_CASE(
    "a report in a browser asks for nothing, complains of nothing and shows cause, proof, fix, timeline and nodes") {
  if (!there_is_a_browser()) {
    return;
  }
  struct Case {
    const char* incident;
    const char* language;
    std::vector<const char*> texts;
  };
  for (const Case& c : {
           Case{"116-storefront-live",
                "en",
                {"asks port 8081", "<svg class=\"strip\"", "class=\"mark bad\"", "kubectl -n", "lang=\"en\""}},
           Case{"116-storefront-live", "ja", {"8081", "根拠", "対処", "経過", "lang=\"ja\""}},
           Case{"001-checkout-burst", "en", {"<svg class=\"bar\"", "500m / 2", "worker-1"}},
           Case{"145-healthy-web", "en", {"Nothing found."}},
       }) {
    CAPTURE(c.incident);
    std::string page = page_of(c.incident, c.language);
    CHECK(page.find("<script") == std::string::npos);
    for (const char* outside : {"src=\"http", "href=\"http", "url(http", "@import"}) {
      CHECK(page.find(outside) == std::string::npos);
    }
    Shown shown = show(page);
    CHECK(shown.console == "");
    for (const char* text : c.texts) {
      CAPTURE(text);
      CHECK(shown.dom.find(text) != std::string::npos);
    }
  }
}
