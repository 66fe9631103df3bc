// podcheck_generate_cluster DIRECTORY NODES PODS: a large cluster as a bundle, for the test server.
#include <cstdio>
#include <cstdlib>

#include "bench/generate_cluster.hpp"

int main(int argc, char** argv) {
  std::size_t nodes = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  std::size_t pods = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 0;
  if (nodes == 0 || pods == 0) {
    std::fprintf(stderr, "usage: podcheck_generate_cluster DIRECTORY NODES PODS\n");
    return 2;
  }
  podcheck::bench::generate_cluster(argv[1], nodes, pods);
}
