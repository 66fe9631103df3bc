#include "cluster/paste/reader.hpp"

#include <doctest/doctest.h>

#include "cluster/paste/paste_of.hpp"

using namespace podcheck;
using namespace podcheck::cluster;
using document::Node;

TEST_CASE("an events table alone makes a pod that has what the events tell") {
  Snapshot cluster = paste_of(R"(What does this mean?

```
Events:
  Type     Reason            Age                From               Message
  ----     ------            ----               ----               -------
  Warning  FailedScheduling  30s (x3 over 2m)   default-scheduler  0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: },
2 Insufficient memory. preemption: 0/3 nodes are available.
```
)");
  Node pod = only_pod(cluster);
  CHECK(pod["status"]["phase"].string() == "Pending");
  Node condition = pod["status"]["conditions"][0];
  CHECK(condition["type"].string() == "PodScheduled");
  CHECK(condition["message"].text().find("2 Insufficient memory") != std::string::npos);
  CHECK(cluster.events_of(pod).size() == 1);
}

TEST_CASE("events name their container and pod, whatever the table") {
  struct Case {
    const char* text;
    const char* kind;
    const char* name;
    const char* reason;
    const char* message;
    const char* path;
    int count;
  };
  for (const Case& c : {
           Case{"LAST SEEN   TYPE      REASON    OBJECT          MESSAGE\n"
                "2m10s       Warning   Failed    pod/web-1       Error: ErrImagePull\n",
                "Pod", "web-1", "Failed", "Error: ErrImagePull", "", 1},
           Case{"NAMESPACE   LAST SEEN   TYPE      REASON             OBJECT          MESSAGE\n"
                "shop        5s          Warning   FailedCreate       replicaset/w-7  Error creating: pods \"w\" is "
                "forbidden: exceeded quota: q\n",
                "ReplicaSet", "w-7", "FailedCreate", "Error creating: pods \"w\" is forbidden: exceeded quota: q", "",
                1},
           Case{
               "LAST SEEN   TYPE      REASON    OBJECT     SUBOBJECT             SOURCE         MESSAGE                "
               "FIRST SEEN   COUNT   NAME\n"
               "1m          Warning   BackOff   pod/w-1    spec.containers{app}  kubelet, n-1   Back-off restarting "
               "failed container   10m          42      w-1.16a\n",
               "Pod", "w-1", "BackOff", "Back-off restarting failed container", "spec.containers{app}", 42},
           Case{"LASTSEEN   FIRSTSEEN   COUNT     NAME                 KIND      SUBOBJECT              TYPE      "
                "REASON  "
                "  SOURCE             MESSAGE\n"
                "3m         1h          17        w-1.14f9c2e3a        Pod       spec.containers{app}   Warning   "
                "Failed "
                "   kubelet, node-1   Error: ImagePullBackOff\n",
                "Pod", "w-1", "Failed", "Error: ImagePullBackOff", "spec.containers{app}", 17},
           Case{"  Warning  Unhealthy  4m (x9 over 6m)  kubelet  spec.containers{app}: Liveness probe failed: "
                "connection refused\n",
                "Pod", "POD", "Unhealthy", "Liveness probe failed: connection refused", "spec.containers{app}", 9},
           Case{"Warning   FailedMount   33s   kubelet, node-7   MountVolume.SetUp failed for volume \"c\"\n", "Pod",
                "POD", "FailedMount", "MountVolume.SetUp failed for volume \"c\"", "", 1},
       }) {
    CAPTURE(c.text);
    Snapshot cluster = paste_of(c.text);
    REQUIRE(cluster.list("events").items.size() == 1);
    Node event = cluster.list("events").items[0];
    CHECK(event["involvedObject"]["kind"].text() == c.kind);
    CHECK(event["involvedObject"]["name"].text() == c.name);
    CHECK(event["involvedObject"]["fieldPath"].text() == c.path);
    CHECK(event["reason"].text() == c.reason);
    CHECK(event["message"].text() == c.message);
    CHECK(event["count"].integer() == c.count);
  }
}

TEST_CASE("rows of kubectl get pods show what they tell") {
  Snapshot cluster = paste_of(R"(root@master:~# kubectl get po -n shop -o wide
NAME                   READY   STATUS              RESTARTS        AGE     IP           NODE       NOMINATED NODE
web-1                  0/1     ImagePullBackOff    0               5m12s   10.1.0.4     worker-1   <none>
api-2                  1/2     CrashLoopBackOff    12 (3m ago)     40m     10.1.0.5     worker-2   <none>
job-x                  0/1     Completed           0               3d      <none>       worker-2   <none>
init-1                 0/1     Init:Error          3               9m      10.1.0.9     worker-1   <none>
old                    0/1     Evicted             0               20h     <none>       worker-3   <none>
wait                   0/1     Pending             0               2m      <none>       <none>     <none>
)");
  REQUIRE(cluster.list("pods", "shop").items.size() == 6);
  auto pod = [&](const char* name) { return cluster.get("pods", "shop", name); };
  CHECK(pod("web-1")["status"]["containerStatuses"][0]["state"]["waiting"]["reason"].string() == "ImagePullBackOff");
  CHECK(pod("web-1")["spec"]["nodeName"].string() == "worker-1");
  CHECK(pod("api-2")["status"]["phase"].string() == "Running");
  CHECK(pod("api-2")["status"]["containerStatuses"][1]["restartCount"].integer() == 12);
  CHECK(pod("job-x")["status"]["phase"].string() == "Succeeded");
  CHECK(pod("init-1")["status"]["initContainerStatuses"][0]["state"]["terminated"]["reason"].string() == "Error");
  CHECK(pod("old")["status"]["reason"].string() == "Evicted");
  CHECK(pod("wait")["status"]["phase"].string() == "Pending");
  CHECK_FALSE(pod("wait")["spec"].has("nodeName"));
  CHECK_FALSE(cluster.knows("pods", "shop"));
}

TEST_CASE("YAML and JSON between other text are read, cut ones too") {
  Snapshot cluster = paste_of(R"(Here is the status:

```yaml
status:
  phase: Pending
  containerStatuses:
  - name: app
    ready: false
    restartCount: 0
    image: web:1
    state:
      waiting:
        reason: CreateContainerConfigError
        message: secret "db" not found
  condi
```

and the node

```json
{
  "apiVersion": "v1",
  "kind": "Node",
  "metadata": {"name": "n1", "labels": {"disk": "ssd"}},
  "spec": {"taints": [{"key": "a", "effect": "NoSchedule"}, {"key": "b", "eff
```
)");
  Node pod = only_pod(cluster);
  CHECK(pod["status"]["containerStatuses"][0]["state"]["waiting"]["message"].string() == "secret \"db\" not found");
  Node node = cluster.get("nodes", "", "n1");
  CHECK(node["spec"]["taints"][0]["key"].string() == "a");
}

TEST_CASE("logs go to the pod that they were asked of") {
  Snapshot cluster = paste_of(R"($ kubectl get pods
NAME    READY   STATUS             RESTARTS   AGE
web-1   0/1     CrashLoopBackOff   5          10m
$ kubectl logs web-1 -c app --previous
Name: this is no describe text
Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
KeyError: 'DB_URL'
$ kubectl logs web-1 -c side
Error from server (BadRequest): container "side" in pod "web-1" is waiting to start: ContainerCreating
)");
  CHECK(cluster.log("default", "web-1", "app", true).text.find("KeyError: 'DB_URL'") != std::string::npos);
  CHECK(cluster.log("default", "web-1", "side", false).failure.kind == FailureKind::not_found);
}

TEST_CASE("text of nothing that podcheck knows is no cluster") {
  for (const char* text : {"", "hello", "\n\n\n", "kubectl is great", "{", "[1,2]", "apiVersion", "- a\n- b\n"}) {
    CAPTURE(text);
    CHECK(open_texts({{"-", text}}) == nullptr);
  }
}

TEST_CASE("hostile text ends in bounded time") {
  std::string braces;
  std::string keys;
  std::string events;
  for (int i = 0; i < 5000; ++i) {
    braces += "{\n";
    keys += "State: x\nkind: y\n\n";
    events += "Warning  Failed  3m  kubelet  x\n\n";
  }
  for (const std::string& text : {braces, keys, events, std::string(300000, ':'), std::string(300000, '>'),
                                  std::string("\x1b[") + std::string(100000, '9')}) {
    auto start = std::chrono::steady_clock::now();
    open_texts({{"-", text}});
    CAPTURE(text.substr(0, 20));
    REQUIRE(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
  }
}

TEST_CASE("cut-outs without a head are read by what they have") {
  Snapshot states = paste_of(R"(State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Completed
      Exit Code:    0
      Started:      Thu, 11 Jun 2020 03:27:11 +0000
      Finished:     Thu, 11 Jun 2020 03:27:12 +0000
...
### Kubectl events log:
Type     Reason     Age                  From                                        Message
  ----     ------     ----                 ----                                        -------
  Normal   Scheduled  13m                  default-scheduler                           Successfully assigned default/cpweb-1 to pool-0
  Warning  BackOff    3m (x40 over 12m)    kubelet, aks-agentpool-17573332-vmss000000  Back-off restarting failed container
)");
  Node pod = only_pod(states);
  Node status = pod["status"]["containerStatuses"][0];
  CHECK(status["state"]["waiting"]["reason"].string() == "CrashLoopBackOff");
  CHECK(status["lastState"]["terminated"]["exitCode"].integer() == 0);
  CHECK(status["lastState"]["terminated"]["reason"].string() == "Completed");
  CHECK(states.events_of(pod).size() == 2);

  Snapshot late = paste_of(R"(ame:         centos-new-6846f658db-w4qhj
Namespace:    default
Status:       Running
Containers:
  centos-new:
    Image:          centos
    State:          Waiting
      Reason:       CrashLoopBackOff
)");
  CHECK(only_pod(late)["metadata"]["name"].string() == "centos-new-6846f658db-w4qhj");

  Snapshot containers = paste_of(R"(  web:
    Container ID:   docker://1
    Image:          web:1
    State:          Waiting
      Reason:       ErrImageNeverPull
    Ready:          False
    Restart Count:  0
)");
  CHECK(only_pod(containers)["status"]["containerStatuses"][0]["state"]["waiting"]["reason"].string() ==
        "ErrImageNeverPull");

  Snapshot yaml = paste_of(R"(containerStatuses:
- containerID: docker://96
image: debian
lastState:
terminated:
exitCode: 137
reason: OOMKilled
name: app
ready: false
restartCount: 3
state:
waiting:
reason: CrashLoopBackOff
)");
  Node loose = only_pod(yaml)["status"]["containerStatuses"][0];
  CHECK(loose["lastState"]["terminated"]["exitCode"].integer() == 137);
  CHECK(loose["state"]["waiting"]["reason"].string() == "CrashLoopBackOff");
  CHECK(loose["name"].string() == "app");

  Snapshot table = paste_of(
      "Events:\nType Reason Message\n---- ------ -------\nWarning FailedScheduling 0/3 nodes are "
      "available: 1 Insufficient cpu.\n");
  CHECK(table.events_of(only_pod(table)).size() == 1);

  Snapshot message = paste_of(
      "My pod is pending since an hour and says\n\n> 0/2 nodes are available: 2 Insufficient "
      "memory.\n\nAny idea?\n");
  REQUIRE(message.events_of(only_pod(message)).size() == 1);
  CHECK(message.events_of(only_pod(message))[0]["reason"].string() == "FailedScheduling");
  CHECK(only_pod(message)["status"]["phase"].string() == "Pending");
}

TEST_CASE("messages name the container and the image that a lone events table has not") {
  struct Row {
    const char* text;
    const char* name;
    const char* image;
    const char* reason;
  };
  const Row rows[] = {
      {"Warning  Failed  4m  kubelet  Failed to pull image \"shop:1\": rpc error: code = Unknown desc = no such host\n"
       "Warning  Failed  4m  kubelet  Error: ErrImagePull\n",
       "CONTAINER", "shop:1", "ErrImagePull"},
      {"Normal   Created  8m  kubelet  Created container api\n"
       "Warning  BackOff  5s (x20 over 6m)  kubelet  Back-off restarting failed container\n",
       "api", "", "CrashLoopBackOff"},
      {"Warning  BackOff  5s  kubelet  Back-off restarting failed container api in pod web_shop(1-2)\n", "api", "",
       "CrashLoopBackOff"},
      {"Warning  Failed  9s  kubelet, node-2  Error: configmap \"web\" not found\n", "CONTAINER", "",
       "CreateContainerConfigError"},
      {"Warning  Failed  9s  kubelet  Error: container has runAsNonRoot and image will run as root (pod: \"a_b(1)\", "
       "container: web)\n",
       "web", "", "CreateContainerConfigError"},
      {"Warning  Failed  2s  kubelet  Error: failed to start container \"api\": Error response from daemon: OCI "
       "runtime "
       "create failed: no\n",
       "api", "", "RunContainerError"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    Snapshot cluster = paste_of(std::string("Events:\n  ") + row.text);
    Node pod = only_pod(cluster);
    CHECK(pod["spec"]["containers"][0]["name"].string() == row.name);
    CHECK(pod["spec"]["containers"][0]["image"].string() == row.image);
    CHECK(pod["status"]["containerStatuses"][0]["name"].string() == row.name);
    CHECK(pod["status"]["containerStatuses"][0]["state"]["waiting"]["reason"].string() == row.reason);
  }
}
