// What the recorded verdicts do not show: capacity tracking, numeric tolerations, in-tree disks, resized pods, ports.
#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "document/document.hpp"
#include "scheduling/admission.hpp"
#include "scheduling/scheduling.hpp"

using namespace podcheck;
using namespace podcheck::scheduling;

namespace {

struct World {
  std::deque<document::Tree> trees;
  Objects objects;

  std::vector<document::Node> list(const std::string& json) {
    std::string error;
    document::Tree& tree = trees.emplace_back();
    REQUIRE_MESSAGE(document::parse_json(json, tree, error), error);
    std::vector<document::Node> items;
    for (document::Node item : tree.root().items()) {
      items.push_back(item);
    }
    return items;
  }

  // The reasons of the first node, as "id id".
  std::string reasons(const std::string& spec, const std::string& labels = "{}") {
    std::string error;
    document::Tree& pod = trees.emplace_back();
    std::string json = R"({"metadata":{"name":"p","labels":)" + labels + R"(},"spec":)" + spec + "}";
    REQUIRE_MESSAGE(document::parse_json(json, pod, error), error);
    Cluster cluster(objects);
    Admitted admitted = admit(cluster, pod.root()["metadata"], pod.root()["spec"], "shop");
    Placement placement = evaluate(cluster, admitted.pod);
    REQUIRE_FALSE(placement.nodes.empty());
    std::string all;
    for (const Reason& reason : placement.nodes[0].reasons) {
      all += (all.empty() ? "" : " ") + reason.id;
    }
    bool fits = !fitting_nodes(cluster, admitted.pod).empty();
    CHECK(fits == placement.fits());
    return all;
  }
};

std::string node(const std::string& spec = "{}", const std::string& labels = R"({"zone":"a"})") {
  return R"([{"metadata":{"name":"n","labels":)" + labels + R"(},"spec":)" + spec +
         R"(,"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"9"}}}])";
}

}  // namespace

TEST_CASE("numeric tolerations compare integers") {
  World world;
  world.objects.nodes = world.list(node(R"({"taints":[{"key":"sla","value":"960","effect":"NoSchedule"}]})"));
  auto with = [&](const char* op, const char* value) {
    return world.reasons(R"({"tolerations":[{"key":"sla","operator":")" + std::string(op) + R"(","value":")" + value +
                         R"(","effect":"NoSchedule"}]})");
  };
  CHECK(with("Gt", "950").empty());
  CHECK(with("Gt", "960") == "untolerated-taint");
  CHECK(with("Lt", "970").empty());
  CHECK(with("Lt", "high") == "untolerated-taint");
}

TEST_CASE("host ports clash by address, protocol and number") {
  World world;
  world.objects.nodes = world.list(node());
  world.objects.pods = world.list(
      R"([{"metadata":{"name":"x","namespace":"shop"},"spec":{"nodeName":"n","containers":[{"ports":[{"hostPort":80,"hostIP":"10.0.0.1"}]}]}}])");
  auto with = [&](const std::string& port, const std::string& more = "") {
    return world.reasons("{" + more + R"("containers":[{"ports":[)" + port + "]}]}");
  };
  CHECK(with(R"({"hostPort":80})") == "host-port-conflict");
  CHECK(with(R"({"hostPort":80,"hostIP":"10.0.0.2"})").empty());
  CHECK(with(R"({"hostPort":80,"hostIP":"::"})").empty());
  CHECK(with(R"({"hostPort":80,"protocol":"UDP"})").empty());
  CHECK(with(R"({"containerPort":80})").empty());
  CHECK(with(R"({"containerPort":80})", R"("hostNetwork":true,)") == "host-port-conflict");
}

TEST_CASE("a pod that was resized in place counts with the most of what it wants and has") {
  World world;
  world.objects.nodes = world.list(node());
  world.objects.pods = world.list(
      R"([{"metadata":{"name":"x","namespace":"shop"},"spec":{"nodeName":"n","containers":[{"name":"a","resources":{"requests":{"cpu":"1"}}}]},)"
      R"("status":{"phase":"Running","containerStatuses":[{"name":"a","allocatedResources":{"cpu":"3"}}]}}])");
  CHECK(world.reasons(R"({"containers":[{"name":"b","resources":{"requests":{"cpu":"2"}}}]})") == "insufficient-cpu");
  CHECK(world.reasons(R"({"containers":[{"name":"b","resources":{"requests":{"cpu":"1"}}}]})").empty());
}

TEST_CASE("init containers, sidecars, overhead and pod-level requests") {
  struct Row {
    const char* spec;
    std::int64_t milli_cpu;
  };
  const Row rows[] = {
      {R"({"containers":[{"resources":{"requests":{"cpu":"1"}}},{"resources":{"limits":{"cpu":"500m"}}}]})", 1500},
      {R"({"initContainers":[{"resources":{"requests":{"cpu":"3"}}}],"containers":[{"resources":{"requests":{"cpu":"1"}}}]})",
       3000},
      {R"({"initContainers":[{"restartPolicy":"Always","resources":{"requests":{"cpu":"1"}}},{"resources":{"requests":{"cpu":"3"}}}],"containers":[{"resources":{"requests":{"cpu":"1"}}}]})",
       4000},
      {R"({"overhead":{"cpu":"250m"},"containers":[{"resources":{"requests":{"cpu":"1"}}}]})", 1250},
      {R"({"resources":{"requests":{"cpu":"3"}},"containers":[{"resources":{"requests":{"cpu":"1"}}}]})", 3000},
      {R"({"resources":{"limits":{"cpu":"3"}},"containers":[{"resources":{"requests":{"cpu":"1"}}}]})", 1000},
      {R"({"resources":{"limits":{"cpu":"3"}},"containers":[{}]})", 3000},
      {R"({"containers":[{"resources":{"requests":{"cpu":"0.0005"}}},{"resources":{"requests":{"cpu":"0.0005"}}}]})",
       1},
      {R"({"containers":[{"resources":{"requests":{"cpu":"-1"}}},{"resources":{"requests":{"cpu":"many"}}}]})", 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.spec);
    document::Tree tree;
    std::string error;
    REQUIRE(document::parse_json(std::string(R"({"spec":)") + row.spec + "}", tree, error));
    CHECK(requests_of(tree.root()).milli_cpu == row.milli_cpu);
  }
}

TEST_CASE("storage capacity is asked only of drivers that track it") {
  World world;
  world.objects.nodes = world.list(node());
  world.objects.claims = world.list(
      R"([{"metadata":{"name":"d","namespace":"shop"},"spec":{"storageClassName":"l","resources":{"requests":{"storage":"10Gi"}}},"status":{"phase":"Pending"}}])");
  world.objects.storage_classes = world.list(
      R"([{"metadata":{"name":"l"},"provisioner":"lvm.example.com","volumeBindingMode":"WaitForFirstConsumer"}])");
  world.objects.csi_capacities = world.list(
      R"([{"metadata":{"name":"c"},"storageClassName":"l","nodeTopology":{"matchLabels":{"zone":"a"}},"capacity":"5Gi"}])");
  std::string spec = R"({"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"d"}}]})";
  CHECK(world.reasons(spec).empty());
  world.objects.csi_drivers =
      world.list(R"([{"metadata":{"name":"lvm.example.com"},"spec":{"storageCapacity":true}}])");
  CHECK(world.reasons(spec) == "volume-storage-capacity");
  world.objects.csi_capacities = world.list(
      R"([{"metadata":{"name":"c"},"storageClassName":"l","nodeTopology":{"matchLabels":{"zone":"a"}},"capacity":"50Gi"}])");
  CHECK(world.reasons(spec).empty());
  world.objects.csi_capacities = world.list(
      R"([{"metadata":{"name":"c"},"storageClassName":"l","nodeTopology":{"matchLabels":{"zone":"a"}},"capacity":"50Gi","maximumVolumeSize":"9Gi"}])");
  CHECK(world.reasons(spec) == "volume-storage-capacity");
}

TEST_CASE("disks that one pod holds") {
  World world;
  world.objects.nodes = world.list(node());
  world.objects.pods = world.list(
      R"([{"metadata":{"name":"x","namespace":"shop"},"spec":{"nodeName":"n","containers":[{}],"volumes":[{"name":"v","gcePersistentDisk":{"pdName":"one","readOnly":true}},{"name":"w","awsElasticBlockStore":{"volumeID":"vol-1"}}]}}])");
  CHECK(world.reasons(R"({"volumes":[{"name":"v","gcePersistentDisk":{"pdName":"one"}}]})") == "volume-disk-in-use");
  CHECK(world.reasons(R"({"volumes":[{"name":"v","gcePersistentDisk":{"pdName":"one","readOnly":true}}]})").empty());
  CHECK(world.reasons(R"({"volumes":[{"name":"v","awsElasticBlockStore":{"volumeID":"vol-1","readOnly":true}}]})") ==
        "volume-disk-in-use");
}

TEST_CASE("claims that stop a pod everywhere") {
  World world;
  world.objects.nodes = world.list(node());
  world.objects.claims = world.list(
      R"([{"metadata":{"name":"lost","namespace":"shop"},"spec":{"volumeName":"gone"},"status":{"phase":"Lost"}},)"
      R"({"metadata":{"name":"orphan","namespace":"shop"},"spec":{"volumeName":"gone"},"status":{"phase":"Bound"}},)"
      R"({"metadata":{"name":"p-scratch","namespace":"shop"},"spec":{},"status":{"phase":"Bound"}}])");
  CHECK(world.reasons(R"({"volumes":[{"persistentVolumeClaim":{"claimName":"lost"}}]})") == "pvc-lost");
  CHECK(world.reasons(R"({"volumes":[{"persistentVolumeClaim":{"claimName":"orphan"}}]})") == "volume-missing");
  CHECK(world.reasons(R"({"volumes":[{"persistentVolumeClaim":{"claimName":"none"}}]})") == "pvc-not-found");
  CHECK(world.reasons(R"({"volumes":[{"name":"scratch","ephemeral":{}}]})") == "volume-claim-foreign");
  CHECK(world.reasons(R"({"volumes":[{"name":"cache","ephemeral":{}}]})") == "volume-claim-not-created");
}

TEST_CASE("the first of a group may come though nobody matches, where the topology exists") {
  World world;
  std::string spec =
      R"({"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"KEY","labelSelector":{"matchLabels":{"app":"web"}}}]}}})";
  auto with_key = [&](const std::string& key, const std::string& labels) {
    std::string text = spec;
    text.replace(text.find("KEY"), 3, key);
    return world.reasons(text, labels);
  };
  world.objects.nodes = world.list(node());
  CHECK(with_key("zone", R"({"app":"web"})").empty());
  CHECK(with_key("rack", R"({"app":"web"})") == "pod-affinity");
  CHECK(with_key("zone", R"({"app":"api"})") == "pod-affinity");
}
