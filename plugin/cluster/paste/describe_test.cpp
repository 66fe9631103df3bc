#include <doctest/doctest.h>

#include <filesystem>

#include "cluster/bundle_source.hpp"
#include "cluster/paste/describe_fields.hpp"
#include "cluster/paste/paste_of.hpp"

using namespace podcheck;
using namespace podcheck::cluster;
using document::Node;

namespace {

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

TEST_CASE("an absurd duration is bounded") {
  CHECK(paste::seconds_of("1m30s") == 90);
  CHECK(paste::seconds_of("2h") == 7200);
  CHECK(paste::seconds_of("10000000000000000000s") == 1000000000000);
  CHECK(paste::seconds_of("99999999999999999999999999h") == 1000000000000);
}
