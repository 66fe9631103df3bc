#include "kube/object.hpp"

#include <doctest/doctest.h>

#include "kube/json_test_support.hpp"

using namespace podcheck::kube;

namespace {

std::vector<std::string> names(const Json& json) {
  std::vector<std::string> found;
  std::optional<Object> object = as_object(json.root());
  REQUIRE(object);
  for (const PodTemplate& pod : pod_templates(*object)) {
    for (const Container& container : pod.containers) {
      found.emplace_back(container.name);
    }
    found.emplace_back("|");
  }
  return found;
}

const std::string pod = "{'containers':[{'name':'a','image':'i'}]}";

}  // namespace

TEST_CASE("an object needs apiVersion and kind") {
  Json json("{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web','namespace':'shop'}}");
  auto object = as_object(json.root());
  REQUIRE(object);
  CHECK(object->group == "apps");
  CHECK(object->version == "v1");
  CHECK(object->name == "web");
  CHECK(object->namespace_ == "shop");
  CHECK(as_object(Json("{'apiVersion':'v1','kind':'Pod','metadata':{'generateName':'x-'}}").root())->name == "x-");
  for (const char* bad : {"{'kind':'Pod'}", "{'apiVersion':'v1'}", "[]", "3", "{'apiVersion':1,'kind':'Pod'}"}) {
    CHECK_FALSE(as_object(Json(bad).root()));
  }
}

TEST_CASE("lists are taken apart, lists of lists too") {
  Json json(
      "{'kind':'List','apiVersion':'v1','items':[{'kind':'A'},{'kind':'PodList','items':[{'kind':'B'},"
      "{'kind':'C'}]}]}");
  auto found = flatten(json.root());
  REQUIRE(found.size() == 3);
  CHECK(found[2]["kind"].string() == "C");
  CHECK(flatten(Json("{'kind':'Pod'}").root()).size() == 1);
}

TEST_CASE("every workload kind has its pod template") {
  using Names = std::vector<std::string>;
  auto of = [&](const std::string& version, const std::string& kind, const std::string& rest) {
    return names(Json("{'apiVersion':'" + version + "','kind':'" + kind + "'," + rest + "}"));
  };
  const std::string in_template = "'spec':{'template':{'spec':" + pod + "}}";
  const Names one = {"a", "|"};
  CHECK(of("v1", "Pod", "'spec':" + pod) == one);
  CHECK(of("v1", "PodTemplate", "'template':{'spec':" + pod + "}") == one);
  for (const char* kind : {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"}) {
    CHECK(of("apps/v1", kind, in_template) == one);
  }
  CHECK(of("v1", "ReplicationController", in_template) == one);
  CHECK(of("batch/v1", "Job", in_template) == one);
  CHECK(of("batch/v1", "CronJob", "'spec':{'jobTemplate':{'spec':{'template':{'spec':" + pod + "}}}}") == one);
  CHECK(of("extensions/v1beta1", "Deployment", in_template) == one);
  CHECK(of("argoproj.io/v1alpha1", "Rollout", in_template) == one);
  CHECK(of("serving.knative.dev/v1", "Service", in_template) == one);
  CHECK(of("keda.sh/v1alpha1", "ScaledJob", "'spec':{'jobTargetRef':{'template':{'spec':" + pod + "}}}") == one);
  CHECK(of("batch.volcano.sh/v1", "Job",
           "'spec':{'tasks':[{'template':{'spec':" + pod + "}},{'template':{'spec':" + pod + "}}]}") ==
        Names{"a", "|", "a", "|"});
  // Operators merge these into pods of their own.
  CHECK(of("flink.apache.org/v1beta1", "FlinkDeployment",
           "'spec':{'podTemplate':{'spec':{'containers':[{'name':'flink-main-container'}]}}}")
            .empty());
  CHECK(of("monitoring.coreos.com/v1", "Prometheus", "'spec':" + pod).empty());
  CHECK(of("v1", "ConfigMap", "'data':{}").empty());
  CHECK(of("apps/v1", "Deployment", "'spec':{'template':{'spec':[]}}").empty());
}

TEST_CASE("containers come in start order, with their role") {
  Json json(
      "{'initContainers':[{'name':'migrate'},{'name':'proxy','restartPolicy':'Always'}],'containers':[{'name':'app'},3]"
      ","
      "'ephemeralContainers':[{'name':'debug'}]}");
  PodTemplate made = pod_template_at({}, json.root());
  REQUIRE(made.containers.size() == 4);
  CHECK(made.containers[0].role == ContainerRole::init);
  CHECK(made.containers[1].role == ContainerRole::sidecar);
  CHECK(made.containers[1].index == 1);
  CHECK(made.containers[2].name == "app");
  CHECK(made.containers[3].role == ContainerRole::ephemeral);
}
