// Whom preemption evicts, with disruption budgets in the way.
#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <vector>

#include "document/document.hpp"
#include "scheduling/scheduling.hpp"

using namespace podcheck;
using namespace podcheck::scheduling;

namespace {

struct Scene {
  std::deque<document::Tree> trees;
  Objects objects;

  document::Node read(const std::string& json) {
    std::string error;
    document::Tree& tree = trees.emplace_back();
    REQUIRE_MESSAGE(document::parse_json(json, tree, error), error, json);
    return tree.root();
  }
  void node(const std::string& name) {
    objects.nodes.push_back(read(R"({"metadata":{"name":")" + name +
                                 R"("},"status":{"allocatable":{"cpu":"2","memory":"8Gi","pods":"9"}}})"));
  }
  void pod(const std::string& name, const std::string& node, const std::string& app, int cpu, int priority) {
    objects.pods.push_back(read(R"({"metadata":{"name":")" + name + R"(","namespace":"shop","labels":{"app":")" + app +
                                R"("}},"spec":{"nodeName":")" + node + R"(","priority":)" + std::to_string(priority) +
                                R"(,"containers":[{"resources":{"requests":{"cpu":)" + std::to_string(cpu) + "}}}]}}"));
  }
  void budget(const std::string& app, int allowed, const std::string& status = "") {
    objects.disruption_budgets.push_back(
        read(R"({"metadata":{"name":"b","namespace":"shop"},"spec":{"selector":{"matchLabels":{"app":")" + app +
             R"("}}},"status":{"disruptionsAllowed":)" + std::to_string(allowed) + status + "}}"));
  }
  // "node: victim victim (violating)"
  std::string preempt(int cpu) {
    document::Node incoming = read(
        R"({"metadata":{"name":"p","namespace":"shop"},"spec":{"priority":100,"containers":[{"resources":{"requests":{"cpu":)" +
        std::to_string(cpu) + "}}}]}}");
    Cluster cluster(objects);
    Preemption preemption = preemption_for(cluster, incoming, evaluate(cluster, incoming));
    std::string text = preemption.node + ":";
    for (document::Node victim : preemption.victims) {
      text += " " + std::string(victim["metadata"]["name"].string());
    }
    return text + " (" + std::to_string(preemption.violating) + ")";
  }
};

}  // namespace

TEST_CASE("of two pods on a node the one without a budget goes") {
  Scene scene;
  scene.node("n");
  scene.pod("important", "n", "web", 1, 20);
  scene.pod("humble", "n", "batch", 1, 10);
  CHECK(scene.preempt(1) == "n: humble (0)");
  scene.budget("batch", 0);
  CHECK(scene.preempt(1) == "n: important (0)");
  CHECK(scene.preempt(2) == "n: important humble (1)");
}

TEST_CASE("a node without violated budgets wins over one with lower priorities") {
  Scene scene;
  scene.node("a");
  scene.node("b");
  scene.pod("low", "a", "batch", 2, 1);
  scene.pod("high", "b", "web", 2, 50);
  CHECK(scene.preempt(1) == "a: low (0)");
  scene.budget("batch", 0);
  CHECK(scene.preempt(1) == "b: high (0)");
}

TEST_CASE("a budget allows as many as it says, and not again those that are on their way out") {
  Scene scene;
  scene.node("n");
  scene.pod("x", "n", "web", 1, 10);
  scene.pod("y", "n", "web", 1, 10);
  scene.budget("web", 1);
  CHECK(scene.preempt(1) == "n: x (0)");
  CHECK(scene.preempt(2) == "n: x y (1)");
  scene.objects.disruption_budgets.clear();
  scene.budget("web", 0, R"(,"disruptedPods":{"y":"2026-01-01T00:00:00Z"})");
  CHECK(scene.preempt(1) == "n: y (0)");
}

TEST_CASE("a budget that selects everything by an empty selector protects nobody") {
  Scene scene;
  scene.node("n");
  scene.pod("x", "n", "web", 2, 10);
  scene.objects.disruption_budgets.push_back(scene.read(
      R"({"metadata":{"name":"b","namespace":"shop"},"spec":{"selector":{}},"status":{"disruptionsAllowed":0}})"));
  CHECK(scene.preempt(1) == "n: x (0)");
}
