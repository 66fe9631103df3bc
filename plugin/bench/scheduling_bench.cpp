// podcheck_scheduling_bench [NODES PODS]: one incoming pod against a large recorded cluster. Prints milliseconds, the
// processor time of all threads and the most memory that was used, as JSON; the cluster is made in a temporary folder
// and removed again.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/generate_cluster.hpp"
#include "cluster/bundle_source.hpp"
#include "cluster/snapshot.hpp"
#include "document/document.hpp"
#include "scheduling/admission.hpp"
#include "scheduling/scheduling.hpp"

using namespace podcheck;

namespace {

class Watch {
 public:
  double lap() {
    auto now = std::chrono::steady_clock::now();
    double milliseconds = std::chrono::duration<double, std::milli>(now - last_).count();
    last_ = now;
    return milliseconds;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// VmHWM of Linux; 0 elsewhere.
std::size_t peak_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::strtoull(line.c_str() + 6, nullptr, 10) / 1024;
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t nodes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 5000;
  std::size_t pods = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100000;
  if (nodes == 0) {
    std::fprintf(stderr, "usage: podcheck_scheduling_bench [NODES PODS]\n");
    return 2;
  }
  std::filesystem::path folder = std::filesystem::temp_directory_path() / "podcheck-scheduling-bench";
  std::filesystem::remove_all(folder);
  bench::generate_cluster(folder.string(), nodes, pods);

  Watch watch;
  std::clock_t before = std::clock();
  cluster::Snapshot snapshot(cluster::open_bundle(folder.string()));
  scheduling::Objects objects;
  objects.nodes = snapshot.list("nodes").items;
  objects.pods = snapshot.list("pods").items;
  objects.namespaces = snapshot.list("namespaces").items;
  double load = watch.lap();
  scheduling::Cluster cluster(objects);
  double prepare = watch.lap();
  document::Tree tree;
  std::string error;
  if (!document::parse_json(bench::incoming_pod(), tree, error)) {
    return 1;
  }
  document::Node pod = tree.root();
  scheduling::Admitted admitted = scheduling::admit(cluster, pod["metadata"], pod["spec"], "team-3");
  watch.lap();
  scheduling::Placement placement = scheduling::evaluate(cluster, admitted.pod);
  double filters = watch.lap();
  double processor = 1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  std::size_t fitting = scheduling::fitting_nodes(cluster, admitted.pod).size();
  double quick = watch.lap();
  std::size_t changes = scheduling::smallest_changes(cluster, admitted.pod, placement).size();
  double search = watch.lap();
  std::printf(
      "{\"nodes\": %zu, \"pods\": %zu, \"fitting\": %zu, \"load_ms\": %.0f, \"prepare_ms\": %.0f, \"filters_ms\": "
      "%.1f, "
      "\"fitting_only_ms\": %.1f, \"changes\": %zu, \"changes_ms\": %.0f, \"total_ms\": %.0f, \"cpu_ms\": %.0f, "
      "\"peak_mb\": %zu}\n",
      cluster.nodes().size(), cluster.pods().size(), fitting, load, prepare, filters, quick, changes, search,
      load + prepare + filters, processor, peak_megabytes());
  std::filesystem::remove_all(folder);
  return 0;
}
