#include "cluster/paste/reader.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "cluster/bundle_source.hpp"
#include "cluster/snapshot.hpp"
#include "cluster/text_source.hpp"

using namespace podcheck;
using namespace podcheck::cluster;
using document::Node;

namespace {

Snapshot paste_of(std::string text) {
  std::unique_ptr<Source> source = open_texts({{"-", std::move(text)}});
  REQUIRE(source != nullptr);
  return Snapshot(std::move(source));
}

Node only_pod(Snapshot& cluster) {
  REQUIRE(cluster.list("pods").items.size() == 1);
  return cluster.list("pods").items[0];
}

// Every member that the described object has must be in the recorded one with the same value; how it says "nothing" may
// differ.
void check_within(Node described, Node recorded, const std::string& path) {
  if (described.is_mapping()) {
    for (const document::Member& member : described.members()) {
      check_within(member.value, recorded[member.key], path + "." + std::string(member.key));
    }
  } else if (described.is_sequence()) {
    for (std::size_t i = 0; i < described.size(); ++i) {
      check_within(described[i], recorded[i], path + "[" + std::to_string(i) + "]");
    }
  } else {
    CAPTURE(path);
    CHECK(described.text() == recorded.text());
  }
}

// Both lists hold the same names with the same states.
bool check_statuses(Node described, Node recorded) {
  CHECK(described.size() == recorded.size());
  // The text was recorded a moment later than the object: a container may have gone on in between.
  for (std::size_t i = 0; i < described.size(); ++i) {
    if (described[i]["containerID"].text() != recorded[i]["containerID"].text() ||
        described[i]["state"]["waiting"]["reason"].text() != recorded[i]["state"]["waiting"]["reason"].text() ||
        described[i]["ready"].text() != recorded[i]["ready"].text()) {
      return false;
    }
  }
  for (std::size_t i = 0; i < described.size(); ++i) {
    for (const char* field : {"name", "ready", "restartCount", "imageID"}) {
      CAPTURE(field);
      CHECK(described[i][field].text() == recorded[i][field].text());
    }
    for (const char* state : {"state", "lastState"}) {
      for (const char* kind : {"waiting", "running", "terminated"}) {
        CHECK(described[i][state].has(kind) == recorded[i][state].has(kind));
        for (const char* field : {"reason", "exitCode", "startedAt", "finishedAt"}) {
          CAPTURE(field);
          Node original = recorded[i][state][kind][field];
          CHECK(described[i][state][kind][field].text() == (original.is_null() ? std::string() : original.text()));
        }
      }
    }
  }
  return true;
}

}  // namespace

TEST_CASE("the describe text of every recorded pod tells the same as its object") {
  namespace fs = std::filesystem;
  std::size_t compared = 0;
  std::size_t unchanged = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(PODCHECK_SOURCE_DIR "/testdata/incidents")) {
    if (!entry.is_directory()) {
      continue;
    }
    std::string directory = entry.path().string();
    Snapshot bundle(open_bundle(directory));
    for (const fs::directory_entry& file : fs::directory_iterator(entry.path())) {
      std::string file_name = file.path().filename().string();
      if (!file_name.starts_with("describe-pod-")) {
        continue;
      }
      CAPTURE(directory);
      CAPTURE(file_name);
      std::optional<std::string> text = read_file(file.path().string());
      REQUIRE(text.has_value());
      Snapshot paste = paste_of(*text);
      Node pod = only_pod(paste);
      std::string_view ns = pod["metadata"]["namespace"].string();
      Node recorded = bundle.get("pods", ns, pod["metadata"]["name"].string());
      REQUIRE(recorded);
      ++compared;
      check_within(pod["metadata"]["labels"], recorded["metadata"]["labels"], "labels");
      CHECK(pod["metadata"]["labels"].size() == recorded["metadata"]["labels"].size());
      CHECK(pod["metadata"]["ownerReferences"][0]["name"].text() ==
            recorded["metadata"]["ownerReferences"][0]["name"].text());
      CHECK(pod["spec"]["nodeName"].text() == recorded["spec"]["nodeName"].text());
      CHECK(pod["spec"]["serviceAccountName"].text() == recorded["spec"]["serviceAccountName"].text());
      check_within(pod["spec"]["nodeSelector"], recorded["spec"]["nodeSelector"], "nodeSelector");
      CHECK(pod["spec"]["tolerations"].size() == recorded["spec"]["tolerations"].size());  // sorted by describe
      if (pod["status"]["phase"].text() != "") {
        CHECK(pod["status"]["phase"].text() == recorded["status"]["phase"].text());
      }
      for (const char* list : {"containers", "initContainers"}) {
        Node described = pod["spec"][list];
        Node original = recorded["spec"][list];
        REQUIRE(described.size() == original.size());
        for (std::size_t i = 0; i < described.size(); ++i) {
          CHECK(described[i]["name"].text() == original[i]["name"].text());
          CHECK(described[i]["image"].text() == original[i]["image"].text());
          for (const char* field : {"resources", "livenessProbe", "readinessProbe", "startupProbe"}) {
            CAPTURE(field);
            if (std::string(field) == "resources" || !described[i][field]["exec"]) {
              check_within(described[i][field], original[i][field], field);
            }
            CHECK(described[i].has(field) == (original[i][field].size() > 0));
          }
          CHECK(described[i]["env"].size() == original[i]["env"].size());
          CHECK(described[i]["envFrom"].size() == original[i]["envFrom"].size());
          CHECK(described[i]["volumeMounts"].size() == original[i]["volumeMounts"].size());
          CHECK(described[i]["ports"].size() == original[i]["ports"].size());
        }
      }
      unchanged += check_statuses(pod["status"]["containerStatuses"], recorded["status"]["containerStatuses"]) ? 1 : 0;
      check_statuses(pod["status"]["initContainerStatuses"], recorded["status"]["initContainerStatuses"]);
      for (Node condition : pod["status"]["conditions"].items()) {
        for (Node original : recorded["status"]["conditions"].items()) {
          if (original["type"].text() == condition["type"].text()) {
            CHECK(condition["status"].text() == original["status"].text());
          }
        }
      }
      CHECK(pod["spec"]["volumes"].size() == recorded["spec"]["volumes"].size());
      for (std::size_t i = 0; i < pod["spec"]["volumes"].size(); ++i) {
        CHECK(pod["spec"]["volumes"][i]["name"].text() == recorded["spec"]["volumes"][i]["name"].text());
      }
      CHECK(paste.events_of(pod).size() >= std::min<std::size_t>(bundle.events_of(recorded).size(), 1));
    }
  }
  CHECK(compared > 100);
  CHECK(unchanged > compared / 2);
}

TEST_CASE("a describe text of Kubernetes 1.5 in a quoted mail is read") {
  Snapshot cluster = paste_of(R"(> Hi all,
> my pod does not start:
>
> $ kubectl describe pod web-2035384211-9xk2p
> Name:		web-2035384211-9xk2p
> Namespace:	shop
> Node:		ip-10-0-1-17.ec2.internal/10.0.1.17
> Start Time:	Tue, 14 Feb 2017 10:03:21 +0100
> Labels:		app=web,pod-template-hash=2035384211
> Status:		Running
> IP:		10.2.44.3
> Controllers:	ReplicaSet/web-2035384211
> Containers:
>   web:
>     Container ID:	docker://6c1b
>     Image:		registry.example.com/web:1.4
>     Image ID:		docker://sha256:77
>     Port:		8080/TCP
>     Limits:
>       memory:	256Mi
>     State:		Waiting
>       Reason:		CrashLoopBackOff
>     Last State:		Terminated
>       Reason:		Error
>       Exit Code:	1
>       Started:		Tue, 14 Feb 2017 10:08:40 +0100
>       Finished:		Tue, 14 Feb 2017 10:08:41 +0100
>     Ready:		False
>     Restart Count:	6
>     Environment Variables:
>       DB_HOST:	db
> Conditions:
>   Type		Status
>   Initialized 	True
>   Ready 	False
>   PodScheduled 	True
> QoS Class:	Burstable
> Tolerations:	<none>
> Events:
>   FirstSeen	LastSeen	Count	From					SubObjectPath		Type		Reason		Message
>   ---------	--------	-----	----					-------------		--------	------		-------
>   6m		6m		1	{default-scheduler }						Normal		Scheduled	Successfully assigned web-2035384211-9xk2p to ip-10-0-1-17.ec2.internal
>   6m		1m		7	{kubelet ip-10-0-1-17.ec2.internal}	spec.containers{web}	Normal		Pulled		Container image "registry.example.com/web:1.4" already present on machine
>   5m		12s		25	{kubelet ip-10-0-1-17.ec2.internal}	spec.containers{web}	Warning		BackOff		Back-off restarting failed docker container
>
> $ kubectl logs web-2035384211-9xk2p -n shop
> panic: dial tcp 10.0.0.9:5432: connection refused
)");
  Node pod = only_pod(cluster);
  CHECK(pod["metadata"]["namespace"].string() == "shop");
  CHECK(pod["metadata"]["labels"]["app"].string() == "web");
  CHECK(pod["metadata"]["labels"]["pod-template-hash"].string() == "2035384211");
  CHECK(pod["metadata"]["ownerReferences"][0]["kind"].string() == "ReplicaSet");
  CHECK(pod["spec"]["nodeName"].string() == "ip-10-0-1-17.ec2.internal");
  CHECK(pod["status"]["startTime"].string() == "2017-02-14T09:03:21Z");
  Node container = pod["spec"]["containers"][0];
  CHECK(container["name"].string() == "web");
  CHECK(container["resources"]["limits"]["memory"].string() == "256Mi");
  CHECK(container["env"][0]["value"].string() == "db");
  Node status = pod["status"]["containerStatuses"][0];
  CHECK(status["state"]["waiting"]["reason"].string() == "CrashLoopBackOff");
  CHECK(status["lastState"]["terminated"]["exitCode"].integer() == 1);
  CHECK(status["restartCount"].integer() == 6);
  CHECK_FALSE(status["ready"].boolean().value_or(true));
  CHECK(format_time(cluster.now()) == "2017-02-14T09:09:21Z");
  std::vector<Node> events = cluster.events_of(pod);
  REQUIRE(events.size() == 3);
  CHECK(events[2]["reason"].string() == "BackOff");
  CHECK(events[2]["count"].integer() == 25);
  CHECK(events[2]["involvedObject"]["fieldPath"].string() == "spec.containers{web}");
  CHECK(events[2]["source"]["component"].string() == "kubelet");
  CHECK(cluster.log("shop", "web-2035384211-9xk2p", "web", false).text ==
        "panic: dial tcp 10.0.0.9:5432: connection refused\n");
}

TEST_CASE("a text that has lost its indentation is read by its keys") {
  Snapshot cluster = paste_of(R"(Name: api-7d9c7b6f4-abcde
Namespace: default
Priority: 0
Node: worker-2/10.0.0.12
Start Time: Wed, 05 Jun 2024 08:00:00 +0000
Labels: app=api
pod-template-hash=7d9c7b6f4
Status: Running
IP: 10.1.2.3
Controlled By: ReplicaSet/api-7d9c7b6f4
Containers:
api:
Image: api:2
Port: 8080/TCP
State: Waiting
Reason: CrashLoopBackOff
Last State: Terminated
Reason: OOMKilled
Exit Code: 137
Started: Wed, 05 Jun 2024 08:01:00 +0000
Finished: Wed, 05 Jun 2024 08:01:05 +0000
Ready: False
Restart Count: 4
Limits:
memory: 64Mi
Requests:
cpu: 100m
memory: 64Mi
Environment:
MODE: fast
Mounts:
/etc/conf from conf (ro)
Conditions:
Type Status
Initialized True
Ready False
Volumes:
conf:
Type: ConfigMap (a volume populated by a ConfigMap)
Name: api-conf
Optional: false
QoS Class: Burstable
Node-Selectors: <none>
Events:
Type Reason Age From Message
---- ------ ---- ---- -------
Warning BackOff 1m (x5 over 3m) kubelet Back-off restarting failed container api in pod api-7d9c7b6f4-abcde_default(0e8)
)");
  Node pod = only_pod(cluster);
  CHECK(pod["metadata"]["labels"].size() == 2);
  CHECK(pod["metadata"]["name"].string() == "api-7d9c7b6f4-abcde");
  REQUIRE(pod["spec"]["containers"].size() == 1);
  CHECK(pod["spec"]["containers"][0]["resources"]["limits"]["memory"].string() == "64Mi");
  CHECK(pod["spec"]["containers"][0]["volumeMounts"][0]["mountPath"].string() == "/etc/conf");
  CHECK(pod["spec"]["volumes"][0]["configMap"]["name"].string() == "api-conf");
  Node status = pod["status"]["containerStatuses"][0];
  CHECK(status["state"]["waiting"]["reason"].string() == "CrashLoopBackOff");
  CHECK(status["lastState"]["terminated"]["reason"].string() == "OOMKilled");
  CHECK_FALSE(pod["status"].has("reason"));
  REQUIRE(cluster.events_of(pod).size() == 1);
  CHECK(cluster.events_of(pod)[0]["count"].integer() == 5);
}

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
                "Pod", "pod", "Unhealthy", "Liveness probe failed: connection refused", "spec.containers{app}", 9},
           Case{"Warning   FailedMount   33s   kubelet, node-7   MountVolume.SetUp failed for volume \"c\"\n", "Pod",
                "pod", "FailedMount", "MountVolume.SetUp failed for volume \"c\"", "", 1},
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

TEST_CASE("a claim, a deployment and a service are read from their describe texts") {
  Snapshot cluster = paste_of(R"(Name:          data-db-0
Namespace:     shop
StorageClass:  fast
Status:        Pending
Volume:        
Labels:        app=db
Capacity:      
Access Modes:  
Mounted By:    db-0
Events:
  Type     Reason              Age                From                         Message
  ----     ------              ----               ----                         -------
  Warning  ProvisioningFailed  9s (x4 over 40s)   persistentvolume-controller  storageclass.storage.k8s.io "fast" not found
Name:                   web
Namespace:              shop
CreationTimestamp:      Mon, 01 Apr 2019 12:00:00 +0200
Selector:               app=web,tier=front
Replicas:               3 desired | 2 updated | 3 total | 1 available | 2 unavailable
StrategyType:           RollingUpdate
Pod Template:
  Labels:  app=web
           tier=front
  Containers:
   web:
    Image:        web:2
    Port:         80/TCP
    Readiness:    http-get http://:80/ready delay=5s timeout=1s period=10s #success=1 #failure=3
    Environment:
      KEY:        <set to the key 'k' of config map 'cm'>  Optional: false
    Mounts:       <none>
  Volumes:        <none>
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Progressing    False   ProgressDeadlineExceeded
Events:          <none>
Name:              front
Namespace:         shop
Labels:            <none>
Selector:          app=wbe
Type:              ClusterIP
IP:                10.0.0.5
Port:              http  80/TCP
TargetPort:        8080/TCP
Endpoints:         <none>
Session Affinity:  None
Events:            <none>
)");
  Node claim = cluster.get("pvc", "shop", "data-db-0");
  CHECK(claim["status"]["phase"].string() == "Pending");
  CHECK(claim["spec"]["storageClassName"].string() == "fast");
  CHECK(cluster.events_of(claim).size() == 1);
  Node deployment = cluster.get("deploy", "shop", "web");
  CHECK(deployment["spec"]["replicas"].integer() == 3);
  CHECK(deployment["status"]["unavailableReplicas"].integer() == 2);
  CHECK(deployment["status"]["conditions"][0]["reason"].string() == "ProgressDeadlineExceeded");
  CHECK(deployment["spec"]["selector"]["matchLabels"]["tier"].string() == "front");
  Node container = deployment["spec"]["template"]["spec"]["containers"][0];
  CHECK(container["readinessProbe"]["httpGet"]["path"].string() == "/ready");
  CHECK(container["env"][0]["valueFrom"]["configMapKeyRef"]["name"].string() == "cm");
  Node service = cluster.get("svc", "shop", "front");
  CHECK(service["spec"]["selector"]["app"].string() == "wbe");
  CHECK(service["spec"]["ports"][0]["targetPort"].integer() == 8080);
  CHECK(cluster.list("pods").items.empty());
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

TEST_CASE("a pod is led to its Deployment and its CronJob by their names") {
  namespace fs = std::filesystem;
  struct Case {
    std::string name;
    const char* resource;
    const char* middle;
  };
  for (const Case& c :
       {Case{"094-edge-nginx", "deployments", "replicasets"}, Case{"047-partner-export", "cronjobs", "jobs"}}) {
    CAPTURE(c.name);
    std::string text;
    for (const fs::directory_entry& entry :
         fs::directory_iterator(PODCHECK_SOURCE_DIR "/testdata/incidents/" + c.name)) {
      if (entry.path().filename().string().starts_with("describe-")) {
        text += read_file(entry.path().string()).value_or("") + "\n";
      }
    }
    Snapshot cluster = paste_of(text);
    std::string ns = "pc-" + c.name;
    REQUIRE(cluster.list(c.resource, ns).items.size() == 1);
    std::string_view top = cluster.list(c.resource, ns).items[0]["metadata"]["name"].string();
    bool linked = false;
    for (Node object : cluster.list(c.middle, ns).items) {
      linked = linked || object["metadata"]["ownerReferences"][0]["name"].string() == top;
    }
    CHECK(linked);
    CHECK(cluster.list("nodes").items.size() >= 1);
    CHECK(cluster.list("nodes").items[0]["status"]["allocatable"]["pods"].text() == "110");
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
