// What people paste, and what must be said of it: the cause where the text has it, and no more where it has not.
#include <doctest/doctest.h>

#include "catalogue/catalogue.hpp"
#include "cluster/text_source.hpp"
#include "live/diagnose.hpp"

using namespace podcheck;

namespace {

finding::Report report_of(const std::string& text) {
  static const catalogue::Catalogue catalogue(catalogue::Language::en);
  auto source = cluster::open_texts({{"-", text}});
  REQUIRE(source);
  cluster::Snapshot snapshot(std::move(source));
  live::Options options;
  options.all_namespaces = true;
  return live::diagnose(snapshot, catalogue, options).report;
}

finding::Finding first(const std::string& text) {
  finding::Report report = report_of(text);
  return report.subjects.empty() || report.subjects.front().findings.empty() ? finding::Finding{}
                                                                             : report.subjects.front().findings.front();
}

struct Case {
  const char* text;
  const char* cause;
  const char* says;
};

void check(const Case& c) {
  CAPTURE(c.text);
  finding::Finding found = first(c.text);
  CHECK(found.id == c.cause);
  CHECK(found.message.find(c.says) != std::string::npos);
  CHECK(found.message.find("  ") == std::string::npos);
}

}  // namespace

TEST_CASE("a message in a sentence decides as the event would") {
  for (const Case& c : {
           Case{"My pod stays Pending: `0/8 nodes are available: 8 Insufficient cpu.` What now?", "insufficient-cpu",
                "8"},
           Case{"Pods go into `CreateContainerConfigError` due to `Error:secret \"tokens\" not found`",
                "env-secret-missing", "tokens"},
           Case{"describe says `Warning  Failed  Failed to pull image \"10.0.0.9:5000/shop\": Error response from "
                "daemon: {\"message\":\"Get https://10.0.0.9:5000/v1/_ping: x509: certificate signed by unknown "
                "authority\"}`",
                "registry-untrusted-certificate", "10.0.0.9:5000"},
           Case{"Error creating: pods \"edge-7\" is forbidden: unable to validate against any security context "
                "constraint: []",
                "scc-violation", ""},
           Case{"Error from server (Forbidden): error when creating \"STDIN\": pods \"demo\" is forbidden: violates "
                "PodSecurity \"restricted:latest\": privileged (container \"demo\" must not set "
                "securityContext.privileged=true)",
                "podsecurity-violation", "restricted"},
           Case{"```\nError response from daemon: pull access denied for shop-web, repository does not exist or may "
                "require 'docker login'\nBack-off pulling image \"shop-web:1\"\n```",
                "image-pull-no-credentials", ""},
           Case{"2026-02-10T10:05:52Z [Warning] MountVolume.MountDevice failed for volume \"pvc-1\" : "
                "kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name "
                "s3.example.com not found in the list of registered CSI drivers",
                "csi-driver-missing", "s3.example.com"},
           Case{"```\nFailed create pod sandbox: rpc error: code = Unknown desc =\nNetworkPlugin cni failed to set up "
                "pod \"hello-1_shop\"\nnetwork: open /run/flannel/subnet.env: no such file or directory\n```",
                "network-agent-down", ""},
       }) {
    check(c);
  }
}

TEST_CASE("rows keep their meaning with a page's marks around them and columns cut out") {
  for (const Case& c : {
           Case{"**Warning  Unhealthy  49m (x4 over 49m)  kubelet  Liveness probe failed: connection refused**",
                "undetermined", ""},
           Case{"`  Warning  FailedCreatePodSandBox  3m (x17 over 6m)  kubelet  Failed to create pod sandbox: plugin "
                "type=\"flannel\" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such "
                "file or directory\n`",
                "network-agent-down", ""},
           Case{"Warning  FailedScheduling  <unknown>        0/4 nodes are available: 4 node(s) had volume node "
                "affinity conflict.",
                "volume-node-affinity-conflict", ""},
           Case{"Warning FailedMount: MountVolume.SetUp failed for volume \"c\" : configmap \"web\" not found",
                "volume-configmap-missing", "web"},
           Case{"  Warning  FailedMount  2m (x8 over 4m)  kubelet, <redacted>  MountVolume.SetUp failed for volume "
                "\"s\" : secrets \"keys-1\" not found",
                "volume-secret-missing", "keys-1"},
           Case{"Warning  Evicted  18m  kubelet, n4  The node was low on resource: ephemeral-storage. Container a was "
                "using 92Ki, which exceeds its request of 0.",
                "evicted-node-disk", ""},
       }) {
    check(c);
  }
}

TEST_CASE("logs of Kubernetes' own components tell of events") {
  for (const Case& c : {
           Case{"I0109 11:21:46.065075 5 event.go:217] Event(api.ObjectReference{Kind:\"Pod\", Namespace:\"shop\", "
                "Name:\"web-1\", UID:\"u\", APIVersion:\"v1\", FieldPath:\"\"}): type: 'Warning' reason: "
                "'FailedScheduling' no nodes available to schedule pods",
                "no-nodes", ""},
           Case{
               "E0828 16:24:06 58 pod_workers.go:1298] \"Error syncing pod, skipping\" err=\"failed to "
               "\\\"StartContainer\\\" for \\\"helm\\\" with RunContainerError: \\\"failed to create containerd task: "
               "OCI runtime create failed: runc create failed: unable to start container process: exec: "
               "\\\\\\\"entry\\\\\\\": executable file not found in $PATH: unknown\\\"\" pod=\"kube-system/install-1\"",
               "command-not-found", "entry"},
           Case{"Apr 28 09:35: INFO: At 2021-04-28 - event for web-1: {kubelet n1} Failed: Failed to pull image "
                "\"busybox:1.29\": toomanyrequests: You have reached your pull rate limit.",
                "registry-rate-limited", ""},
           Case{"E0108 22:07:45 1 factory.go:660] Error scheduling shop/db-0: pod has unbound immediate "
                "PersistentVolumeClaims; retrying",
                "volume-unbound", ""},
       }) {
    check(c);
  }
  CHECK(report_of("I0109 5 event.go:217] Event(v1.ObjectReference{Kind:\"Pod\", Namespace:\"shop\", Name:\"web-1\"}): "
                  "type: 'Warning' reason: 'FailedScheduling' no nodes available to schedule pods")
            .subjects.front()
            .name == "web-1");
}

TEST_CASE("events without a name go to the pod whose status they explain") {
  finding::Report report = report_of(R"(
NAME                    READY   STATUS                       RESTARTS   AGE
web-54744f95f7-2zm7d    2/2     Running                      0          104s
web-76f5f7dc46-vfldl    0/1     CreateContainerConfigError   0          62s
db-0                    0/1     Pending                      0          9m

  Warning  Failed     2s (x5 over 54s)  kubelet            Error: couldn't find key VALUE in Secret shop/web
)");
  REQUIRE(!report.subjects.empty());
  CHECK(report.subjects.front().name == "web-76f5f7dc46-vfldl");
  CHECK(report.subjects.front().findings.front().id == "env-key-missing");
  for (const finding::Subject& subject : report.subjects) {
    CHECK(subject.name != "POD");
  }
}

TEST_CASE("a block with a command is answered by the next block") {
  finding::Report report = report_of(R"(
```
kubectl get pods -w
```
**Output:**
```
initpod     0/1     Init:0/1   0          8s
initpod     0/1     PodInitializing   0          32s
initpod     0/1     Error             1          33s
```
```
kubectl logs initpod
```
**Output:**
```
Defaulted container "web-ctr" out of: web-ctr, init-ctr (init)
exec /bin/sh: exec format error
```
)");
  REQUIRE(report.subjects.size() == 1);
  CHECK(report.subjects.front().status == "Error");
  CHECK(report.subjects.front().findings.front().id == "exec-format-error");
  CHECK(report.subjects.front().findings.front().container == "web-ctr");
}

TEST_CASE("what is explained comes before what is only seen") {
  finding::Report report = report_of(R"(
$ kubectl get pods
NAME        READY   STATUS             RESTARTS   AGE
a-1         0/1     Pending            0          13m
b-1         0/1     CrashLoopBackOff   7          13m
$ kubectl logs -f b-1 -c web
standard_init_linux.go:211: exec user process caused "exec format error"
)");
  REQUIRE(report.subjects.size() == 2);
  CHECK(report.subjects[0].name == "b-1");
  CHECK(report.subjects[0].findings.front().container == "web");
  CHECK(report.subjects[1].findings.front().id == "undetermined");
}

TEST_CASE("a status alone is said with what is known and the command that decides") {
  struct Alone {
    const char* status;
    const char* says;
    const char* command;
  };
  for (const Alone& c : {
           Alone{"CrashLoopBackOff", "ends each time it is started", "logs web-1"},
           Alone{"Pending", "no word of the scheduler", "describe pod web-1"},
           Alone{"ContainerCreating", "its network, its volumes or its image", "describe pod web-1"},
           Alone{"CreateContainerConfigError", "a ConfigMap, a Secret or a key", "describe pod web-1"},
           Alone{"Terminating", "is being deleted", "get pod web-1"},
       }) {
    CAPTURE(c.status);
    finding::Finding found =
        first("NAME    READY   STATUS   RESTARTS   AGE\nweb-1   0/1   " + std::string(c.status) + "   3   5m\n");
    CHECK(found.id == "undetermined");
    CHECK(found.message.find(c.says) != std::string::npos);
    REQUIRE(!found.fixes.empty());
    CHECK(found.fixes.front().command.find(c.command) != std::string::npos);
  }
  CHECK(first("NAME    READY   STATUS   RESTARTS   AGE\nweb-1   0/1   Error   3   5m\n").id == "undetermined");
  CHECK(first("NAME    READY   STATUS   RESTARTS   AGE\nweb-1   0/1   ImagePullBackOff   0   5m\n").id ==
        "image-pull-failed");
}

TEST_CASE("a crash is only called silent when its empty log was read") {
  const std::string described = R"(Name:         web-1
Namespace:    shop
Start Time:   Mon, 23 Nov 2026 17:07:46 +0000
Status:       Running
Containers:
  app:
    Image:          shop/web:1
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Exit Code:    3
      Started:      Mon, 23 Nov 2026 17:08:32 +0000
      Finished:     Mon, 23 Nov 2026 17:08:33 +0000
    Ready:          False
    Restart Count:  3
)";
  finding::Finding found = first(described);
  CHECK(found.id == "application-error");
  CHECK(found.confidence == finding::Confidence::possible);
  CHECK(found.message.find("exit code 3 after 1 s") != std::string::npos);
  REQUIRE(!found.fixes.empty());
  CHECK(found.fixes.front().command == "kubectl -n shop logs web-1 -c app --previous --tail=80");
  CHECK(first(described + "\n$ kubectl -n shop logs web-1\nstarting\nFATAL no route for tenant 4\n")
            .message.find("no route for tenant 4") != std::string::npos);
}

TEST_CASE("what a row and a log do not tell leaves no gap in sentences and no empty proof") {
  finding::Finding found = first(R"($ kubectl get pods
NAME        READY   STATUS             RESTARTS     AGE
web-7-abc   0/1     CrashLoopBackOff   7 (2m ago)   13m
$ kubectl logs web-7-abc
Traceback (most recent call last):
  File "/srv/start.py", line 2, in <module>
    import pika
ModuleNotFoundError: No module named 'pika'
)");
  CHECK(found.id == "module-missing");
  CHECK(found.why.find("with an error") != std::string::npos);
  for (const finding::Evidence& proof : found.evidence) {
    CAPTURE(proof.source);
    CHECK_FALSE(proof.text.empty());
  }
}

TEST_CASE("an init container that has probes is a sidecar, and a template's does not make a Deployment a pod") {
  finding::Report report = report_of(R"(Name:                   shop
Namespace:              shop
CreationTimestamp:      Mon, 23 Nov 2026 17:11:59 +0000
Selector:               app=shop
Replicas:               1 desired | 1 updated | 1 total | 0 available | 1 unavailable
StrategyType:           RollingUpdate
Pod Template:
  Labels:  app=shop
  Init Containers:
   router:
    Image:      shop/router:2
  Containers:
   app:
    Image:      shop/web:1
NewReplicaSet:   shop-5785fc4485 (1/1 replicas created)

Name:             shop-5785fc4485-thc9g
Namespace:        shop
Node:             n1/10.0.0.11
Start Time:       Mon, 23 Nov 2026 17:11:59 +0000
Status:           Pending
Controlled By:  ReplicaSet/shop-5785fc4485
Init Containers:
  router:
    Image:          shop/router:2
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Exit Code:    1
    Ready:          False
    Restart Count:  3
    Startup:   tcp-socket :9000 delay=0s timeout=1s period=2s #success=1 #failure=30
Containers:
  app:
    Image:          shop/web:1
    State:          Waiting
      Reason:       PodInitializing
    Ready:          False
    Restart Count:  0
)");
  REQUIRE(report.subjects.size() == 1);
  CHECK(report.subjects.front().kind == "Deployment");
  CHECK(report.subjects.front().findings.front().id == "native-sidecar-failing");
}

TEST_CASE("a claim or a Service alone is what was meant") {
  check({R"(
$ kubectl describe pvc data
Name:          data
Namespace:     default
StorageClass:  slow
Status:        Pending
Volume:
Events:
  Type    Reason                Age                 From                         Message
  ----    ------                ----                ----                         -------
  Normal  ExternalProvisioning  3m (x203 over 54m)  persistentvolume-controller  waiting for a volume to be created, either by external provisioner "example.com/nfs" or manually created by system administrator
)",
         "provisioner-not-responding", "example.com/nfs"});
  const std::string service = R"(Name:              web
Namespace:         shop
Selector:          app=front
Type:              ClusterIP
Port:              http  80/TCP
TargetPort:        http/TCP
Endpoints:
Session Affinity:  None
)";
  CHECK(first(service).id == "service-selector-mismatch");
  CHECK(first(service).confidence == finding::Confidence::possible);
}

TEST_CASE("a claim that says which pod uses it gives that pod's events their reason") {
  check(
      {R"(**kubectl describe pvc hub-db -n hub** gives no persistent volumes available for this claim and no storage class is set

Name:          hub-db
Namespace:     hub
StorageClass:
Status:        Pending
Volume:
Access Modes:
VolumeMode:    Filesystem
Mounted By:    hub-5b8d96f64b-qk86l

Events:
  Type     Reason            Age                 From               Message
  ----     ------            ----                ----               -------
  Warning  FailedScheduling  55s (x11 over 11m)  default-scheduler  0/3 nodes are available: 3 pod has unbound immediate PersistentVolumeClaims.
)",
       "no-default-storageclass", "hub-db"});
}

TEST_CASE("a pod that was stopped, has ended and is still there is held") {
  const std::string pod = R"(Name:             step-7
Namespace:        flow
Node:             n1/10.0.0.11
Start Time:       Mon, 23 Nov 2026 17:16:18 +0000
Status:           Succeeded
Containers:
  main:
    Image:          shop/step:1
    State:          Terminated
      Reason:       Completed
      Exit Code:    0
      Started:      Mon, 23 Nov 2026 17:16:19 +0000
      Finished:     Mon, 23 Nov 2026 17:16:33 +0000
    Ready:          False
    Restart Count:  0
Events:
  Type     Reason     Age   From               Message
  ----     ------     ----  ----               -------
  Normal   Started    42s   kubelet            spec.containers{main}: Container started
)";
  CHECK(report_of(pod).subjects.empty());
  finding::Finding found = first(pod +
                                 "  Normal   Killing    28s   kubelet            spec.containers{main}: Stopping "
                                 "container main\n");
  CHECK(found.id == "stuck-finalizer");
  CHECK(found.confidence == finding::Confidence::likely);
}

TEST_CASE("a description without ages is of no freshly started pod") {
  const std::string cut = R"(Name:           db-0
Namespace:      default
Node:           n1/10.3.68.11
Start Time:     Sun, 29 Oct 2017 15:25:40 +0100
Status:         Pending
Containers:
  redis:
    Image:         redis:7
    State:          Waiting
      Reason:       ContainerCreating
    Ready:          False
    Restart Count:  0
Conditions:
  Type           Status
  Initialized    True
  Ready          False
  PodScheduled   True
)";
  finding::Report report = report_of(cut);
  REQUIRE(report.subjects.size() == 1);
  CHECK(report.subjects.front().headline.find("for ") == std::string::npos);
}

TEST_CASE("what kubectl logs says of a container that waits is a status") {
  CHECK(first("$ kubectl logs web-1 -n shop\nError from server (BadRequest): container \"app\" in pod \"web-1\" is "
              "waiting to start: trying and failing to pull image")
            .id == "image-pull-failed");
  CHECK(first("Error from server (BadRequest): container \"app\" in pod \"web-1\" is waiting to start: "
              "CreateContainerConfigError")
            .message.find("web-1") != std::string::npos);
}

TEST_CASE("the last state of a container without its container") {
  finding::Finding found =
      first("error:\n\n      Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n");
  CHECK(found.id == "oom-killed");
  CHECK(found.message.find("no memory limit") == std::string::npos);  // nobody told
}

TEST_CASE("a pod whose events end with a start is over what held it up") {
  const std::string held = R"(Events:
  Type     Reason              Age   From                     Message
  ----     ------              ----  ----                     -------
  Warning  FailedAttachVolume  71s   attachdetach-controller  Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node and can't be attached to another
)";
  const std::string started = R"(  Normal   Created             37s   kubelet, n1              Created container app
  Normal   Started             37s   kubelet, n1              Started container app
)";
  CHECK(first(held).id == "volume-multi-attach");
  CHECK(first(held + started).id != "volume-multi-attach");
}

TEST_CASE("rows of nodes do not tell what fits on them") {
  finding::Finding found = first(R"(NAME   STATUS     ROLES    AGE   VERSION
cp     NotReady   master   56m   v1.16.0
w1     NotReady   <none>   52m   v1.16.0

NAMESPACE     NAME                       READY   STATUS    RESTARTS   AGE
kube-system   coredns-5644d7b6d9-4qvm9   0/1     Pending   0          31m
)");
  CHECK(found.id != "too-many-pods");
  CHECK(found.id != "insufficient-cpu");
}

TEST_CASE("a log without a complaint does not tell that its container ends") {
  const std::string log =
      "$ kubectl logs web-1\n2024-01-01T00:00:00Z INFO listening on 8080\n"
      "2024-01-01T00:00:01Z INFO handled request path=/ status=200\n";
  CHECK(first(log).id == "undetermined");
  CHECK(first(log).message.find("ends") == std::string::npos);
  CHECK(first(log + "2024-01-01T00:00:02Z ERROR cannot read /etc/app/routes\n").id != "undetermined");
}
