#include <doctest/doctest.h>

#include <string>

#include "catalogue/catalogue.hpp"
#include "document/document.hpp"
#include "scheduling/admission.hpp"
#include "scheduling/rows.hpp"
#include "scheduling/verdict.hpp"

using namespace podcheck;
using namespace podcheck::scheduling;

namespace {

struct World {
  document::Tree nodes, pods, pod;
  Objects objects;

  World(const std::string& nodes_json, const std::string& pods_json, const std::string& spec) {
    std::string error;
    REQUIRE_MESSAGE(document::parse_json(nodes_json, nodes, error), error);
    REQUIRE_MESSAGE(document::parse_json(pods_json, pods, error), error);
    REQUIRE_MESSAGE(
        document::parse_json(R"({"metadata":{"name":"web","labels":{"app":"web"}},"spec":)" + spec + "}", pod, error),
        error);
    for (document::Node node : nodes.root().items()) {
      objects.nodes.push_back(node);
    }
    for (document::Node item : pods.root().items()) {
      objects.pods.push_back(item);
    }
  }

  std::string changes(std::size_t most = 3) const {
    Cluster cluster(objects);
    Admitted admitted = admit(cluster, pod.root()["metadata"], pod.root()["spec"], "shop");
    Placement placement = evaluate(cluster, admitted.pod);
    catalogue::Catalogue words(catalogue::Language::en);
    std::string text;
    for (const Change& change : smallest_changes(cluster, admitted.pod, placement, most)) {
      text += (text.empty() ? "" : "\n") + sentence(change, words);
    }
    return text;
  }

  std::string says() const {
    Cluster cluster(objects);
    Admitted admitted = admit(cluster, pod.root()["metadata"], pod.root()["spec"], "shop");
    catalogue::Catalogue words(catalogue::Language::en);
    return sentence(judge(cluster, admitted.pod, evaluate(cluster, admitted.pod)), words);
  }

  std::string verdict() const {
    Cluster cluster(objects);
    Admitted admitted = admit(cluster, pod.root()["metadata"], pod.root()["spec"], "shop");
    return judge(cluster, admitted.pod, evaluate(cluster, admitted.pod)).cause;
  }
};

std::string node(const std::string& name, const std::string& cpu, const std::string& spec = "{}",
                 const std::string& labels = "{}") {
  return R"({"metadata":{"name":")" + name + R"(","labels":)" + labels + R"(},"spec":)" + spec +
         R"(,"status":{"allocatable":{"cpu":")" + cpu + R"(","memory":"8Gi","pods":"10"}}})";
}

std::string running(const std::string& name, const std::string& on, const std::string& cpu) {
  return R"({"metadata":{"name":")" + name + R"(","namespace":"shop"},"spec":{"nodeName":")" + on +
         R"(","containers":[{"name":"a","resources":{"requests":{"cpu":")" + cpu + R"("}}}]}})";
}

std::string asks(const std::string& cpu, const std::string& more = "") {
  return R"({"containers":[{"name":"a","resources":{"requests":{"cpu":")" + cpu + R"("}}}])" + more + "}";
}

const char* gpu_taint = R"({"taints":[{"key":"dedicated","value":"gpu","effect":"NoSchedule"}]})";

}  // namespace

TEST_CASE("a request is lowered to what is free on the emptiest node") {
  World world("[" + node("a", "2") + "," + node("b", "2") + "]",
              "[" + running("x", "a", "1500m") + "," + running("y", "b", "1800m") + "]", asks("800m"));
  CHECK(world.changes() == "lower the cpu request from 800m to 500m: fits a");
  CHECK(world.verdict() == "insufficient-cpu");
}

TEST_CASE("each kind of single edit is offered, the mildest first") {
  World world(
      "[" + node("a", "2") + "," + node("b", "4", gpu_taint) + "," + node("c", "4", R"({"unschedulable":true})") + "]",
      "[" + running("x", "a", "1500m") + "]", asks("800m"));
  CHECK(world.changes() ==
        "lower the cpu request from 800m to 500m: fits a\n"
        "tolerate dedicated=gpu:NoSchedule: fits b\n"
        "uncordon c: fits c");
  CHECK(world.changes(1) == "lower the cpu request from 800m to 500m: fits a");
}

TEST_CASE("two edits are offered where no single one helps") {
  World world("[" + node("b", "4", gpu_taint) + "]", "[]", asks("5"));
  CHECK(world.changes() == "tolerate dedicated=gpu:NoSchedule and lower the cpu request from 5 to 4: fits b");
}

TEST_CASE("a selector is turned to a value that a node has, or the node is labelled") {
  World other("[" + node("a", "2", "{}", R"({"disktype":"hdd"})") + "]", "[]",
              asks("1", R"(,"nodeSelector":{"disktype":"ssd"})"));
  CHECK(other.changes() ==
        "select disktype=hdd instead of ssd: fits a\n"
        "drop disktype=ssd from the node selector: fits a");
  World none("[" + node("a", "2") + "]", "[]", asks("1", R"(,"nodeSelector":{"disktype":"ssd"})"));
  CHECK(none.changes(1) == "label a with disktype=ssd: fits a");
  World fact("[" + node("a", "2") + "]", "[]", asks("1", R"(,"nodeSelector":{"kubernetes.io/arch":"arm64"})"));
  CHECK(fact.changes() == "drop kubernetes.io/arch=arm64 from the node selector: fits a");
}

TEST_CASE("a full node and an unhealthy one are no matter of edits") {
  World sick("[" + node("a", "2", R"({"taints":[{"key":"node.kubernetes.io/not-ready","effect":"NoSchedule"}]})") + "]",
             "[]", asks("1"));
  CHECK(sick.changes().empty());
  CHECK(sick.verdict() == "node-not-ready");
}

TEST_CASE("one verdict stands for all nodes") {
  SUBCASE("larger than every node") {
    World world("[" + node("a", "2") + "," + node("b", "4") + "]", "[]", asks("5"));
    CHECK(world.verdict() == "request-exceeds-node-capacity");
  }
  SUBCASE("free in total, on no single node") {
    World world("[" + node("a", "2") + "," + node("b", "2") + "]",
                "[" + running("x", "a", "1") + "," + running("y", "b", "1") + "]", asks("1500m"));
    CHECK(world.verdict() == "fragmented-capacity");
  }
  SUBCASE("tainted control planes do not blur a shortage") {
    World world(
        "[" + node("a", "2") + "," +
            node("cp", "2", R"({"taints":[{"key":"node-role.kubernetes.io/control-plane","effect":"NoSchedule"}]})") +
            "]",
        "[" + running("x", "a", "1500m") + "]", asks("800m"));
    CHECK(world.verdict() == "insufficient-cpu");
  }
  SUBCASE("each node for another reason") {
    World world("[" + node("a", "2", R"({"unschedulable":true})") + "," + node("b", "2", gpu_taint) + "]", "[]",
                asks("1"));
    CHECK(world.verdict() == "mixed-shortage");
  }
  SUBCASE("no nodes at all") {
    World world("[]", "[]", asks("1"));
    CHECK(world.verdict() == "no-nodes");
  }
}

TEST_CASE("absurd input gets an answer") {
  World world(
      R"([{"metadata":{"name":"a"}},{"metadata":{}},7,{"metadata":{"name":"b"},"status":{"allocatable":{"cpu":"-5","memory":"x","pods":9e99}}}])",
      R"([{"spec":{"nodeName":"gone"}},null,{"spec":{"nodeName":"a","containers":{"cpu":1}}}])",
      asks("999999999999999999999999E"));
  CHECK_FALSE(world.verdict().empty());
  world.changes();
}

TEST_CASE("nodes with different taints have one sentence, and control planes are proposed last") {
  auto tainted = [](const std::string& name, const std::string& key) {
    return node(name, "4", R"({"taints":[{"key":")" + key + R"(","effect":"NoSchedule"}]})");
  };
  World world("[" + tainted("c", "node-role.kubernetes.io/control-plane") + "," + tainted("a", "gpu") + "," +
                  tainted("b", "batch") + "]",
              "[]", R"({"containers":[{"name":"c"}]})");
  CHECK(world.verdict() == "untolerated-taint");
  CHECK(world.says() == "no node can take it: their taints are not tolerated (gpu:NoSchedule, batch:NoSchedule)");
  CHECK(world.changes(9) ==
        "tolerate batch:NoSchedule: fits b\n"
        "tolerate gpu:NoSchedule: fits a\n"
        "tolerate node-role.kubernetes.io/control-plane:NoSchedule: fits c");
}

TEST_CASE("too little of an extended resource and none of it are one shortage") {
  auto gpus = [](const std::string& name, const std::string& more) {
    return R"({"metadata":{"name":")" + name + R"("},"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"9")" +
           more + "}}}";
  };
  std::string spec =
      R"({"containers":[{"name":"c","resources":{"requests":{"example.com/gpu":4},"limits":{"example.com/gpu":4}}}]})";
  World some("[" + gpus("a", "") + "," + gpus("b", R"(,"example.com/gpu":2)") + "]", "[]", spec);
  CHECK(some.verdict() == "insufficient-extended-resource");
  World none("[" + gpus("a", "") + "," + gpus("b", "") + "]", "[]", spec);
  CHECK(none.verdict() == "extended-resource-missing");
}

TEST_CASE("a lowered request is told without the overhead that comes on top") {
  World world("[" + node("a", "1") + "]", "[]",
              R"({"overhead":{"cpu":"250m"},"containers":[{"name":"c","resources":{"requests":{"cpu":"2"}}}]})");
  CHECK(world.changes() == "lower the cpu request from 2 to 750m: fits a");
}

TEST_CASE("replicas that keep apart are told of once") {
  std::string apart =
      R"("affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"host","labelSelector":{"matchLabels":{"app":"web"}}}]}})";
  World world("[" + node("a", "1", "{}", R"({"host":"a"})") + "]",
              R"([{"metadata":{"name":"other","namespace":"shop","labels":{"app":"web"}},"spec":{"nodeName":"a",)" +
                  apart + R"(,"containers":[]}}])",
              "{" + apart + R"(,"containers":[{"name":"c"}]})");
  Cluster cluster(world.objects);
  catalogue::Catalogue words(catalogue::Language::en);
  Admitted admitted = admit(cluster, world.pod.root()["metadata"], world.pod.root()["spec"], "shop");
  std::vector<finding::NodeVerdict> table = rows(cluster, admitted.pod, evaluate(cluster, admitted.pod), words);
  CHECK(table[0].reasons.size() == 2);
  CHECK(table[0].detail == "shop/other in host=a excludes it by the pod's anti-affinity (app=web)");
}
