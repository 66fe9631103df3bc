// An API server made of a recorded cluster, for tests with a real kubectl. Loopback only.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace podcheck::cluster::testing {

// What goes wrong with requests whose path and query contain `path`.
struct Fault {
  std::string path;
  int status = 0;          // answered with this HTTP status and a Status object
  bool hang = false;       // never answered
  bool truncated = false;  // the connection ends in the middle of the body
  bool garbage = false;    // 200, and no JSON
  int times = 0;           // the first so many requests only; 0: all of them
};

class TestServer {
 public:
  // Answers from the bundle, with the discovery documents in testdata/discovery. Listens on a free port when `port` is
  // 0.
  TestServer(const std::string& bundle, std::vector<Fault> faults = {}, int port = 0);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  // From now on the cluster is this bundle: what a rollout looks like a moment later.
  void show(const std::string& bundle);

  int port() const;                                             // 0 when it could not listen
  std::string kubeconfig(const std::string& namespace_) const;  // the text of one that leads here
  std::vector<std::string> requests() const;                    // "GET /api/v1/pods?limit=500", in order
  void wait();                                                  // until the process ends

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// "forbidden=/secrets", "hang=/events", "429=/pods", "truncated=/pods", "garbage=/nodes"; false when it is none.
bool parse_fault(const std::string& text, Fault& fault);

// The kubectls that fetch-kubectls.sh has fetched, oldest first: {"1.20", path}.
std::vector<std::pair<std::string, std::string>> fetched_kubectls();

}  // namespace podcheck::cluster::testing
