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

TEST_CASE("resource claims have to exist, to stay and to be reachable") {
  World world;
  world.objects.nodes = world.list(node());
  std::string spec = R"({"resourceClaims":[{"name":"gpu","resourceClaimName":"shared"}],"containers":[{"name":"c"}]})";
  // Not read: nothing can be said.
  CHECK(world.reasons(spec).empty());
  world.objects.resource_claims_known = true;
  CHECK(world.reasons(spec) == "resource-claim-missing");
  CHECK(world.reasons(R"({"resourceClaims":[{"name":"gpu","resourceClaimTemplateName":"t"}],"containers":[]})") ==
        "resource-claim-missing");

  auto claim = [&](const std::string& metadata, const std::string& rest) {
    world.objects.resource_claims =
        world.list(R"([{"metadata":{"name":"shared","namespace":"shop")" + metadata + "}," + rest + "}]");
  };
  const std::string request = R"("spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"gpu"}}]}})";
  claim("", request);
  CHECK(world.reasons(spec) == "device-class-missing");
  world.objects.device_classes = world.list(R"([{"metadata":{"name":"gpu"}}])");
  CHECK(world.reasons(spec).empty());
  claim(R"(,"deletionTimestamp":"2026-01-01T00:00:00Z")", request);
  CHECK(world.reasons(spec) == "resource-claim-missing");
  auto allocated = [&](const std::string& zone, const std::string& reserved) {
    claim("", request + R"(,"status":{"reservedFor":[)" + reserved +
                  R"(],"allocation":{"nodeSelector":{"nodeSelectorTerms":[{"matchExpressions":)" +
                  R"([{"key":"zone","operator":"In","values":[")" + zone + R"("]}]}]}}})");
  };
  allocated("a", R"({"uid":"x"})");
  CHECK(world.reasons(spec).empty());
  allocated("b", R"({"uid":"x"})");
  CHECK(world.reasons(spec) == "resource-claim-elsewhere");
  std::string many;
  for (int index = 0; index < 256; ++index) {
    many += std::string(many.empty() ? "" : ",") + R"({"uid":")" + std::to_string(index) + R"("})";
  }
  allocated("a", many);
  CHECK(world.reasons(spec) == "resource-claim-in-use");
}

TEST_CASE("what no filter looks at is said") {
  World world;
  world.objects.nodes = world.list(node());
  auto not_judged = [&](const std::string& spec) {
    document::Node pod = world.list("[" + (R"({"metadata":{"name":"p","namespace":"shop"},"spec":)" + spec) + "}]")[0];
    Cluster cluster(world.objects);
    std::string all;
    for (const Reason& reason : evaluate(cluster, pod).not_judged) {
      all += (all.empty() ? "" : " ") + reason.id + "=" + reason.values.front().second;
    }
    return all;
  };
  CHECK(not_judged(R"({"containers":[]})").empty());
  CHECK(not_judged(R"({"schedulingGroup":{"podGroupName":"train"},"containers":[]})") == "pod-group=train");
  CHECK(not_judged(R"({"resourceClaims":[{"name":"gpu","resourceClaimName":"g"}],"containers":[]})") == "devices=g");
  std::string gpu =
      R"({"containers":[{"name":"c","resources":{"requests":{"example.com/gpu":1},"limits":{"example.com/gpu":1}}}]})";
  CHECK(not_judged(gpu).empty());
  CHECK(world.reasons(gpu) == "extended-resource-missing");
  world.objects.device_classes =
      world.list(R"([{"metadata":{"name":"g"},"spec":{"extendedResourceName":"example.com/gpu"}}])");
  CHECK(not_judged(gpu) == "device-resource=example.com/gpu");
  CHECK(world.reasons(gpu).empty());
}

TEST_CASE("a namespace is known by its name even where its label was not recorded") {
  World world;
  world.objects.nodes = world.list(node());
  world.objects.pods = world.list(
      R"([{"metadata":{"name":"x","namespace":"other","labels":{"app":"db"}},"spec":{"nodeName":"n","containers":[]}}])");
  auto wants = [](const std::string& space) {
    return R"({"containers":[],"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[)" +
           std::string(R"({"topologyKey":"zone","labelSelector":{"matchLabels":{"app":"db"}},"namespaceSelector":)") +
           R"({"matchLabels":{"kubernetes.io/metadata.name":")" + space + R"("}}}]}}})";
  };
  CHECK(world.reasons(wants("other")).empty());
  CHECK(world.reasons(wants("third")) == "pod-affinity");
}

TEST_CASE("volumes that are attached without a pod count against the limit") {
  World world;
  world.objects.nodes = world.list(node());
  world.objects.csi_nodes =
      world.list(R"([{"metadata":{"name":"n"},"spec":{"drivers":[{"name":"ebs.csi","allocatable":{"count":1}}]}}])");
  world.objects.claims = world.list(
      R"([{"metadata":{"name":"c","namespace":"shop"},"spec":{"volumeName":"new"},"status":{"phase":"Bound"}}])");
  world.objects.volumes = world.list(R"([
    {"metadata":{"name":"new"},"spec":{"csi":{"driver":"ebs.csi","volumeHandle":"1"}}},
    {"metadata":{"name":"old"},"spec":{"csi":{"driver":"ebs.csi","volumeHandle":"2"}}}])");
  std::string spec = R"({"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}],"containers":[]})";
  CHECK(world.reasons(spec).empty());
  auto attach = [&](const std::string& volume, const std::string& node_name) {
    world.objects.volume_attachments = world.list(R"([{"spec":{"attacher":"ebs.csi","nodeName":")" + node_name +
                                                  R"(","source":{"persistentVolumeName":")" + volume + R"("}}}])");
  };
  attach("old", "n");
  CHECK(world.reasons(spec) == "volume-limit");
  attach("old", "elsewhere");
  CHECK(world.reasons(spec).empty());
  attach("new", "n");
  CHECK(world.reasons(spec).empty());
}

TEST_CASE("a pod that was resized as a whole holds what it was allotted") {
  World world;
  world.objects.nodes = world.list(node());
  auto running = [&](const std::string& status) {
    world.objects.pods = world.list(
        R"([{"metadata":{"name":"x","namespace":"shop"},"spec":{"nodeName":"n","resources":{"requests":{"cpu":"1"}},)"
        R"("overhead":{"cpu":"500m"},"containers":[{"name":"c"}]},"status":)" +
        status + "}]");
  };
  std::string two = R"({"containers":[{"name":"c","resources":{"requests":{"cpu":"2"}}}]})";
  running("{}");
  CHECK(world.reasons(two).empty());
  running(R"({"allocatedResources":{"cpu":"2500m"},"resources":{"requests":{"cpu":"1500m"}}})");
  CHECK(world.reasons(two) == "insufficient-cpu");
}

TEST_CASE("an empty topology term lets a class make volumes nowhere") {
  World world;
  world.objects.nodes = world.list(node());
  world.objects.claims = world.list(
      R"([{"metadata":{"name":"c","namespace":"shop"},"spec":{"storageClassName":"fast","resources":{"requests":{"storage":"1Gi"}}}}])");
  auto terms = [&](const std::string& json) {
    world.objects.storage_classes = world.list(
        R"([{"metadata":{"name":"fast"},"provisioner":"ebs.csi","volumeBindingMode":"WaitForFirstConsumer","allowedTopologies":)" +
        json + "}]");
    return world.reasons(R"({"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"c"}}],"containers":[]})");
  };
  CHECK(terms("[]").empty());
  CHECK(terms(R"([{"matchLabelExpressions":[{"key":"zone","values":["a"]}]}])").empty());
  CHECK(terms(R"([{"matchLabelExpressions":[]}])") == "volume-topology-mismatch");
}

TEST_CASE("a pod that is nominated for a node holds its place from those that are no more important") {
  World world;
  world.objects.nodes = world.list(node());
  auto nominated = [&](const std::string& name, int priority) {
    world.objects.pods = world.list(
        R"([{"metadata":{"name":")" + name + R"(","namespace":"shop"},"spec":{"priority":)" + std::to_string(priority) +
        R"(,"containers":[{"resources":{"requests":{"cpu":"3"}},"ports":[{"hostPort":80}]}]},"status":{"phase":"Pending","nominatedNodeName":"n"}}])");
  };
  std::string spec =
      R"({"priority":10,"containers":[{"name":"c","resources":{"requests":{"cpu":"2"}},"ports":[{"hostPort":80}]}]})";
  nominated("other", 10);
  CHECK(world.reasons(spec) == "host-port-conflict insufficient-cpu");
  nominated("other", 9);
  CHECK(world.reasons(spec).empty());
  nominated("p", 10);  // the newcomer itself
  CHECK(world.reasons(spec).empty());
}
