// podcheck-test-server --from BUNDLE [--port N] [--fail KIND=PATH]... : an API server to try things on by hand.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cluster/testing/test_server.hpp"

int main(int argc, char** argv) {
  using podcheck::cluster::testing::Fault;
  std::string bundle;
  std::string namespace_ = "default";
  int port = 0;
  std::vector<Fault> faults;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string option = argv[i];
    std::string value = argv[i + 1];
    Fault fault;
    if (option == "--from") {
      bundle = value;
    } else if (option == "--port") {
      port = std::atoi(value.c_str());
    } else if (option == "--namespace") {
      namespace_ = value;
    } else if (option == "--fail" && podcheck::cluster::testing::parse_fault(value, fault)) {
      faults.push_back(fault);
    } else {
      bundle.clear();
      break;
    }
  }
  if (bundle.empty()) {
    std::fprintf(stderr,
                 "usage: podcheck-test-server --from BUNDLE [--port N] [--namespace NS]\n"
                 "         [--fail forbidden=/secrets|429=/pods|hang=/events|truncated=/pods|garbage=/nodes]...\n");
    return 2;
  }
  podcheck::cluster::testing::TestServer server(bundle, faults, port);
  if (server.port() == 0) {
    std::fprintf(stderr, "podcheck-test-server: cannot listen\n");
    return 3;
  }
  std::fputs(server.kubeconfig(namespace_).c_str(), stdout);
  std::fflush(stdout);
  server.wait();
}
