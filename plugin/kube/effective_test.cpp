#include "kube/effective.hpp"

#include <doctest/doctest.h>

#include "kube/json_test_support.hpp"

using namespace podcheck::kube;

namespace {

PodTemplate pod_of(const Json& json) {
  return pod_template_at({}, json.root());
}

std::string text(const ResourceList& list) {
  std::string result;
  for (const auto& [name, quantity] : list) {
    result += (result.empty() ? "" : " ") + name + "=" + format_resource(name, quantity);
  }
  return result;
}

std::string resources(const std::string& requests, const std::string& limits = "") {
  return "'resources':{'requests':{" + requests + "},'limits':{" + limits + "}}";
}

}  // namespace

TEST_CASE("the container's security context wins over the pod's") {
  Json json(
      "{'securityContext':{'runAsUser':1000,'runAsNonRoot':true},'containers':[{'securityContext':{'runAsUser':0,"
      "'capabilities':{'add':['CAP_net_admin'],'drop':['ALL']}}},{}]}");
  PodTemplate pod = pod_of(json);
  SecurityContext first = security_context(pod.containers[0]);
  CHECK(first.run_as_user.value == 0);
  CHECK(first.run_as_user.from == json.root()["containers"][0]["securityContext"]["runAsUser"]);
  CHECK(first.run_as_non_root.value == true);
  CHECK(first.adds("NET_ADMIN"));
  CHECK(first.drops("CHOWN"));
  SecurityContext second = security_context(pod.containers[1]);
  CHECK(second.run_as_user.value == 1000);
  CHECK_FALSE(second.run_as_group.value);
}

TEST_CASE("a limit implies the request") {
  Json json("{'containers':[{" + resources("'cpu':'100m'", "'cpu':1,'memory':'1Gi'") + "}]}");
  Container container = pod_of(json).containers[0];
  CHECK(text(requests(container)) == "cpu=100m memory=1Gi");
  CHECK(request(container, "memory") == parse_quantity("1Gi"));
  CHECK(text(limits(container)) == "cpu=1 memory=1Gi");
  CHECK_FALSE(request(container, "ephemeral-storage"));
}

TEST_CASE("a pod requests what the scheduler reserves") {
  struct Row {
    const char* what;
    std::string spec;
    const char* requests;
  };
  auto app = [](const char* cpu) { return "{" + resources(std::string("'cpu':'") + cpu + "'") + "}"; };
  auto sidecar = [](const char* cpu) {
    return "{'restartPolicy':'Always'," + resources(std::string("'cpu':'") + cpu + "'") + "}";
  };
  for (const Row& row :
       {Row{"sum of the containers", "'containers':[" + app("1") + "," + app("500m") + "]", "cpu=1500m"},
        Row{"the largest init container",
            "'initContainers':[" + app("3") + "," + app("2") + "],'containers':[" + app("1") + "]", "cpu=3"},
        Row{"sidecars run beside the containers",
            "'initContainers':[" + sidecar("1") + "],'containers':[" + app("1") + "]", "cpu=2"},
        Row{"an init container runs beside the sidecars before it",
            "'initContainers':[" + sidecar("1") + "," + app("3") + "],'containers':[" + app("1") + "]", "cpu=4"},
        Row{"but not beside those after it",
            "'initContainers':[" + app("3") + "," + sidecar("1") + "],'containers':[" + app("1") + "]", "cpu=3"},
        Row{"overhead is added", "'overhead':{'cpu':'250m','memory':'64Mi'},'containers':[" + app("1") + "]",
            "cpu=1250m memory=64Mi"},
        Row{"pod-level requests replace", "'resources':{'requests':{'cpu':'4'}},'containers':[" + app("1") + "]",
            "cpu=4"},
        Row{"pod-level limits only fill in",
            "'resources':{'limits':{'cpu':'4','memory':'1Gi'}},'containers':[" + app("1") + "]", "cpu=1 memory=1Gi"},
        Row{"nothing", "'containers':[{}]", ""}}) {
    CAPTURE(row.what);
    Json json("{" + row.spec + "}");
    CHECK(text(pod_requests(pod_of(json))) == row.requests);
  }
}

TEST_CASE("probes have the server's defaults") {
  Json json(
      "{'containers':[{'livenessProbe':{'tcpSocket':{'port':'http'},'periodSeconds':0},'readinessProbe':{'exec':{},"
      "'initialDelaySeconds':20,'failureThreshold':5,'periodSeconds':2,'timeoutSeconds':3},'ports':[{'name':'http',"
      "'containerPort':8080}]}]}");
  Container container = pod_of(json).containers[0];
  auto live = probe(container, "livenessProbe");
  REQUIRE(live);
  CHECK(live->type == "tcpSocket");
  CHECK(live->period == 10);
  CHECK(live->budget() == 21);
  CHECK(probe(container, "readinessProbe")->budget() == 31);
  CHECK_FALSE(probe(container, "startupProbe"));
  CHECK(resolve_port(container, live->handler["port"]) == 8080);
  CHECK_FALSE(resolve_port(container, Json("'nope'").root()));
  CHECK(resolve_port(container, Json("'8081'").root()) == 8081);
  CHECK(resolve_port(container, Json("8081").root()) == 8081);
}

TEST_CASE("pull policy follows the tag") {
  const std::string hex(64, 'a');
  struct Row {
    std::string image;
    const char* policy;
  };
  for (const Row& row : {Row{"nginx", "Always"}, Row{"nginx:latest", "Always"}, Row{"nginx:1", "IfNotPresent"},
                         Row{"nginx@sha256:" + hex, "IfNotPresent"}, Row{"registry:5000/a", "Always"}}) {
    CAPTURE(row.image);
    Json json("{'containers':[{'image':'" + row.image + "'}]}");
    CHECK(image_pull_policy(pod_of(json).containers[0]) == row.policy);
  }
  Json never("{'containers':[{'image':'a','imagePullPolicy':'Never'}]}");
  CHECK(image_pull_policy(pod_of(never).containers[0]) == "Never");
}

TEST_CASE("pods that are meant to end are one-shot") {
  auto one_shot = [](const char* text) {
    Json json(text);
    auto object = as_object(json.root());
    return is_one_shot(*object, pod_templates(*object).front());
  };
  CHECK(one_shot("{'apiVersion':'batch/v1','kind':'Job','spec':{'template':{'spec':{'containers':[]}}}}"));
  CHECK(one_shot("{'apiVersion':'v1','kind':'Pod','metadata':{'annotations':{'helm.sh/hook':'test'}},'spec':{}}"));
  CHECK(one_shot("{'apiVersion':'v1','kind':'Pod','spec':{'restartPolicy':'Never'}}"));
  CHECK_FALSE(one_shot("{'apiVersion':'v1','kind':'Pod','spec':{}}"));
  CHECK_FALSE(one_shot("{'apiVersion':'apps/v1','kind':'Deployment','spec':{'template':{'spec':{}}}}"));
}

TEST_CASE("a rollout is counted in pods") {
  struct Row {
    const char* spec;
    std::int64_t surge, unavailable;
  };
  for (const Row& row :
       {Row{"{'replicas':3}", 1, 0}, Row{"{}", 1, 0}, Row{"{'replicas':8}", 2, 2},
        Row{"{'replicas':10,'strategy':{'rollingUpdate':{'maxSurge':'30%','maxUnavailable':'35%'}}}", 3, 3},
        Row{"{'replicas':2,'strategy':{'rollingUpdate':{'maxSurge':0,'maxUnavailable':'10%'}}}", 0, 1},
        Row{"{'replicas':2,'strategy':{'type':'Recreate'}}", 0, 0}}) {
    CAPTURE(row.spec);
    Json json(std::string("{'apiVersion':'apps/v1','kind':'Deployment','spec':") + row.spec + "}");
    Rollout made = rollout(*as_object(json.root()));
    CHECK(made.max_surge == row.surge);
    CHECK(made.max_unavailable == row.unavailable);
    CHECK(made.progress_deadline == 600);
  }
}
