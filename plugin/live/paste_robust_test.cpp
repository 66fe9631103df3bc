// Text that is cut, empty, strange or very long: no crash, no false claim, bounded time.
#include <doctest/doctest.h>

#include <chrono>

#include "catalogue/catalogue.hpp"
#include "cluster/text_source.hpp"
#include "live/diagnose.hpp"

using namespace podcheck;

namespace {

// The first cause of each unhealthy subject; nothing when the text has nothing of a cluster.
std::vector<std::string> causes_of(std::string text) {
  static const catalogue::Catalogue catalogue(catalogue::Language::en);
  auto source = cluster::open_texts({{"-", std::move(text)}});
  std::vector<std::string> causes;
  if (source == nullptr) {
    return causes;
  }
  cluster::Snapshot snapshot(std::move(source));
  live::Options options;
  options.all_namespaces = true;
  for (const finding::Subject& subject : live::diagnose(snapshot, catalogue, options).report.subjects) {
    causes.push_back(subject.findings.empty() ? "" : subject.findings.front().id);
  }
  return causes;
}

using Causes = std::vector<std::string>;

constexpr const char* crashing =
    R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop","creationTimestamp":"2026-01-01T10:00:00Z"},"spec":{"containers":[{"name":"app","image":"shop/web:1"}]},"status":{"phase":"Running","containerStatuses":[{"name":"app","ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"reason":"OOMKilled","exitCode":137,"startedAt":"2026-01-01T10:02:00Z","finishedAt":"2026-01-01T10:03:00Z"}}}]}})";

}  // namespace

TEST_CASE("JSON that ends anywhere is read as far as it goes, and never tells of another cause") {
  std::string whole = crashing;
  CHECK(causes_of(whole) == Causes{"oom-killed"});
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    CAPTURE(size);
    for (const std::string& cause : causes_of(whole.substr(0, size))) {
      CHECK((cause == "oom-killed" || cause == "undetermined" || cause == "application-error"));
    }
  }
}

TEST_CASE("lists without items are of no pod") {
  for (const char* text : {R"({"apiVersion":"v1","kind":"List","items":[]})", R"({"apiVersion":"v1","kind":"PodList"})",
                           R"({"apiVersion":"v1","kind":"PodList","items":null})",
                           "apiVersion: v1\nkind: List\nitems: []\n", "No resources found in default namespace.\n"}) {
    CAPTURE(text);
    CHECK(causes_of(text).empty());
  }
}

TEST_CASE("a pod without status, or with words nobody knows, is not explained") {
  for (
      const char* text :
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"app"}]}})",
       R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{},"status":{"phase":"Pondering"}})",
       R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"app"}]},"status":{"phase":"Running","containerStatuses":[{"name":"app","ready":false,"restartCount":"many","state":{"waiting":{"reason":"Hesitating"}}}]}})",
       R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":[],"status":{"phase":7,"containerStatuses":{}}})",
       "NAME    READY   STATUS       RESTARTS   AGE\nweb-1   0/1     Hesitating   0          5m\n"}) {
    CAPTURE(text);
    CHECK(causes_of(text) == Causes{"undetermined"});
  }
}

TEST_CASE("events whose times are null count all the same") {
  std::string event =
      R"({"apiVersion":"v1","kind":"Event","metadata":{"name":"e","namespace":"shop","creationTimestamp":null},"type":"Warning","reason":"FailedScheduling","message":"0/3 nodes are available: 3 Insufficient memory.","firstTimestamp":null,"lastTimestamp":null,"eventTime":null,"count":null,"involvedObject":{"kind":"Pod","name":"web","namespace":"shop"}})";
  std::string pod =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop"},"spec":{"containers":[{"name":"app"}]},"status":{"phase":"Pending"}})";
  CHECK(causes_of(R"({"apiVersion":"v1","kind":"List","items":[)" + pod + "," + event + "]}") ==
        Causes{"insufficient-memory"});
}

TEST_CASE("a description that ends anywhere makes no claim that the whole does not make") {
  const std::string whole = R"(Name:         web-1
Namespace:    shop
Node:         n1/10.0.0.1
Start Time:   Mon, 23 Nov 2026 17:07:46 +0000
Status:       Running
Containers:
  app:
    Image:          shop/web:1
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Mon, 23 Nov 2026 17:08:32 +0000
      Finished:     Mon, 23 Nov 2026 17:08:33 +0000
    Ready:          False
    Restart Count:  3
    Limits:
      memory:  64Mi
Conditions:
  Type           Status
  Initialized    True
  Ready          False
  PodScheduled   True
Events:
  Type     Reason   Age                From     Message
  ----     ------   ----               ----     -------
  Warning  BackOff  5s (x20 over 6m)   kubelet  Back-off restarting failed container app in pod web-1_shop(u)
)";
  CHECK(causes_of(whole) == Causes{"oom-killed"});
  for (std::size_t size = 20; size < whole.size(); size += 11) {
    CAPTURE(whole.substr(0, size));
    for (const std::string& cause : causes_of(whole.substr(0, size))) {
      CHECK((cause == "oom-killed" || cause == "undetermined" || cause == "application-error"));
    }
  }
}

TEST_CASE("a log of escape sequences and control characters passes none of them on") {
  static const catalogue::Catalogue catalogue(catalogue::Language::en);
  std::string text = "$ kubectl logs web-1\n";
  for (int i = 0; i < 200; ++i) {
    text += "\x1b[31mERROR\x1b]0;title\x07\x1b[2J no route \x01\x02\xff for tenant " + std::to_string(i) + "\r\n";
  }
  auto source = cluster::open_texts({{"-", text}});
  REQUIRE(source);
  cluster::Snapshot snapshot(std::move(source));
  live::Options options;
  options.all_namespaces = true;
  finding::Report report = live::diagnose(snapshot, catalogue, options).report;
  REQUIRE(report.subjects.size() == 1);
  std::string shown = report.subjects.front().findings.front().message;
  for (const finding::Evidence& proof : report.subjects.front().findings.front().evidence) {
    shown += proof.text;
  }
  CHECK(std::none_of(shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
}

TEST_CASE("long logs and long lists of events end in bounded time") {
  using std::chrono::steady_clock;
  std::string log = "$ kubectl logs web-1\n";
  while (log.size() < (4u << 20)) {
    log += "2026-11-23T17:08:33Z level=info msg=\"served 200\" path=/ volume=7 resource=ok\n";
  }
  std::string last = log + "panic: no route for tenant 4\n";
  auto begin = steady_clock::now();
  CHECK(causes_of(last) == Causes{"application-panic"});
  CHECK(causes_of(log.substr(log.find('\n') + 1)).size() <= 1);
  std::string events = "LAST SEEN   TYPE      REASON    OBJECT          MESSAGE\n";
  for (int i = 0; i < 10000; ++i) {
    events +=
        "2m10s       Warning   BackOff    pod/web-" + std::to_string(i % 50) + "       Back-off pulling image \"a\"\n";
  }
  CHECK(causes_of(events).size() == 50);
  CHECK(steady_clock::now() - begin < std::chrono::seconds(60));
}
