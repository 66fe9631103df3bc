#include "bench/generate_cluster.hpp"

#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

namespace podcheck::bench {

namespace {

constexpr std::size_t zones = 6;
constexpr std::size_t namespaces = 19;
constexpr std::size_t replicas = 10;
constexpr std::size_t broken_every = 50;  // Deployments

std::string number(std::size_t value) {
  return std::to_string(value);
}

void write_node(std::ostream& out, std::size_t index) {
  std::string name = "worker-" + number(index);
  std::string zone = "zone-" + number(index % zones);
  out << R"({"apiVersion":"v1","kind":"Node","metadata":{"name":")" << name << R"(","uid":"n-)" << index
      << R"(","creationTimestamp":"2026-01-01T00:00:00Z","labels":{"kubernetes.io/hostname":")" << name
      << R"(","kubernetes.io/os":"linux","kubernetes.io/arch":"amd64","topology.kubernetes.io/zone":")" << zone
      << R"(","disktype":")" << (index % 3 == 0 ? "ssd" : "hdd")
      << R"("},"annotations":{"node.alpha.kubernetes.io/ttl":"0","volumes.kubernetes.io/controller-managed-attach-detach":"true"}},"spec":{)";
  if (index % 50 == 7) {
    out << R"("taints":[{"key":"dedicated","value":"batch","effect":"NoSchedule"}])";
  } else if (index % 50 == 19) {
    out << R"("unschedulable":true)";
  }
  out << R"(},"status":{"allocatable":{"cpu":"16","memory":"64Gi","ephemeral-storage":"200Gi","pods":"110"},)"
      << R"("capacity":{"cpu":"16","memory":"66Gi","ephemeral-storage":"220Gi","pods":"110"},)"
      << R"("conditions":[{"type":"Ready","status":"True","lastHeartbeatTime":"2026-01-02T00:00:00Z","reason":"KubeletReady","message":"kubelet is posting ready status"}],)"
      << R"("nodeInfo":{"kubeletVersion":"v1.36.2","osImage":"Linux","containerRuntimeVersion":"containerd://2.1.9","kernelVersion":"6.1.0"},"images":[)";
  for (int image = 0; image < 8; ++image) {
    out << (image > 0 ? "," : "") << R"({"names":["registry.example.com/app-)" << image
        << R"(@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"],"sizeBytes":123456789})";
  }
  out << "]}}";
}

// What is wrong with a Deployment's pods.
enum class Fault { none, missing_config, image_on_one_node, crash, memory, too_large };

Fault fault_of(std::size_t app) {
  constexpr Fault faults[] = {Fault::missing_config, Fault::image_on_one_node, Fault::crash, Fault::memory,
                              Fault::too_large};
  return app % broken_every == 17 ? faults[app / broken_every % 5] : Fault::none;
}

// One pod by its number, and all that is derived from it.
struct Pod {
  std::size_t index, app, replica, node;
  Fault fault;
  Pod(std::size_t number_of, std::size_t nodes)
      : index(number_of),
        app(number_of / replicas),
        replica(number_of % replicas),
        node(number_of * 13 % nodes),
        fault(fault_of(app)) {
    if (fault == Fault::image_on_one_node) {
      node = replica < 7 ? 3 % nodes : node;
      fault = replica < 7 ? fault : Fault::none;
    }
  }
  std::string app_name() const { return "app-" + number(app); }
  std::string set_name() const { return app_name() + "-6d4f8c9b7"; }
  std::string name() const { return set_name() + "-p" + number(index); }
  std::string space() const { return "team-" + number(app % namespaces); }
  std::string uid() const { return "p-" + number(index); }
};

void write_managed_fields(std::ostream& out) {
  out << R"("managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","time":"2026-01-02T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:generateName":{},"f:labels":{".":{},"f:app":{},"f:pod-template-hash":{},"f:tier":{}},"f:ownerReferences":{".":{},"k:{\"uid\":\"r\"}":{}}},"f:spec":{"f:containers":{)";
  for (const char* name : {"app", "proxy"}) {
    out << (name[0] == 'a' ? "" : ",") << R"("k:{\"name\":\")" << name
        << R"(\"}":{".":{},"f:env":{".":{},"k:{\"name\":\"PORT\"}":{".":{},"f:name":{},"f:value":{}},"k:{\"name\":\"LOG_LEVEL\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:imagePullPolicy":{},"f:livenessProbe":{".":{},"f:failureThreshold":{},"f:httpGet":{".":{},"f:path":{},"f:port":{},"f:scheme":{}},"f:periodSeconds":{},"f:successThreshold":{},"f:timeoutSeconds":{}},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:protocol":{}}},"f:resources":{".":{},"f:limits":{".":{},"f:memory":{}},"f:requests":{".":{},"f:cpu":{},"f:memory":{}}},"f:terminationMessagePath":{},"f:terminationMessagePolicy":{}})";
  }
  out << R"(},"f:dnsPolicy":{},"f:enableServiceLinks":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{}}}},{"manager":"kubelet","operation":"Update","apiVersion":"v1","time":"2026-01-02T00:00:10Z","fieldsType":"FieldsV1","fieldsV1":{"f:status":{"f:conditions":{"k:{\"type\":\"ContainersReady\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}},"k:{\"type\":\"Ready\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:status":{},"f:type":{}}},"f:containerStatuses":{},"f:hostIP":{},"f:phase":{},"f:podIP":{},"f:podIPs":{".":{},"k:{\"ip\":\"10.0.0.1\"}":{".":{},"f:ip":{}}},"f:startTime":{}}},"subresource":"status"}])";
}

void write_spec(std::ostream& out, const Pod& pod, bool in_pod) {
  out << R"({)";
  if (in_pod && pod.fault != Fault::too_large) {
    out << R"("nodeName":"worker-)" << pod.node << R"(",)";
  }
  out << R"("schedulerName":"default-scheduler","priority":0,"preemptionPolicy":"PreemptLowerPriority","serviceAccountName":"default","serviceAccount":"default","restartPolicy":"Always","dnsPolicy":"ClusterFirst","enableServiceLinks":true,"terminationGracePeriodSeconds":30,"securityContext":{},"containers":[{"name":"app","image":"registry.example.com/shop/app-)"
      << pod.app << R"(:1.0","imagePullPolicy":"IfNotPresent","resources":{"requests":{"cpu":"250m","memory":")"
      << (pod.fault == Fault::too_large ? "96Gi" : "512Mi") << R"("},"limits":{"memory":")"
      << (pod.fault == Fault::too_large ? "96Gi" : "1Gi")
      << R"("}},"env":[{"name":"PORT","value":"8080"},{"name":"LOG_LEVEL","value":"info"},{"name":"POD_NAME","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}},{"name":"GREETING","value":"A sentence that is as long as values of variables sometimes are"}],)";
  if (pod.fault == Fault::missing_config) {
    out << R"("envFrom":[{"configMapRef":{"name":")" << pod.app_name() << R"(-settings"}}],)";
  }
  out << R"("ports":[{"containerPort":8080,"protocol":"TCP"}],"livenessProbe":{"httpGet":{"path":"/healthz","port":8080,"scheme":"HTTP"},"initialDelaySeconds":10,"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},"readinessProbe":{"httpGet":{"path":"/ready","port":8080,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":5,"successThreshold":1,"failureThreshold":3},"volumeMounts":[{"name":"token","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"},{"name":"tmp","mountPath":"/tmp"}],"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"},{"name":"proxy","image":"registry.example.com/proxy:2.0","imagePullPolicy":"IfNotPresent","resources":{"requests":{"cpu":"50m","memory":"64Mi"}},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}])";
  if (pod.index % 100 == 3) {
    out << R"(,"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"app-)"
        << pod.app << R"("}},"topologyKey":"kubernetes.io/hostname"}]}})";
  }
  out << R"(,"tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],"volumes":[{"name":"token","projected":{"defaultMode":420,"sources":[{"serviceAccountToken":{"path":"token","expirationSeconds":3607}},{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}}]}},{"name":"tmp","emptyDir":{}}]})";
}

void write_metadata(std::ostream& out, const std::string& name, const Pod& pod, const std::string& uid,
                    const char* owner_kind, const std::string& owner, const std::string& owner_uid) {
  out << R"("metadata":{"name":")" << name << R"(","namespace":")" << pod.space() << R"(","uid":")" << uid
      << R"(","resourceVersion":")" << 1000 + pod.index
      << R"(","generation":1,"creationTimestamp":"2026-01-02T00:00:00Z","labels":{"app":")" << pod.app_name()
      << R"(","tier":")" << (pod.app % 2 == 0 ? "front" : "back") << R"(","pod-template-hash":"6d4f8c9b7"})";
  if (owner_kind != nullptr) {
    out << R"(,"ownerReferences":[{"apiVersion":"apps/v1","kind":")" << owner_kind << R"(","name":")" << owner
        << R"(","uid":")" << owner_uid << R"(","controller":true,"blockOwnerDeletion":true}])";
  }
}

std::string state_of(Fault fault, std::size_t app) {
  std::string name = "app-" + number(app);
  std::string image = "registry.example.com/shop/" + name + ":1.0";
  switch (fault) {
    case Fault::missing_config:
      return R"("ready":false,"started":false,"restartCount":0,"state":{"waiting":{"reason":"CreateContainerConfigError","message":"configmap \")" +
             name + R"(-settings\" not found"}})";
    case Fault::image_on_one_node:
      return R"("ready":false,"started":false,"restartCount":0,"state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image \")" +
             image + R"(\""}})";
    case Fault::crash:
    case Fault::memory:
      return std::string(
                 R"("ready":false,"started":false,"restartCount":7,"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 5m0s restarting failed container=app"}},"lastState":{"terminated":{"exitCode":)") +
             (fault == Fault::crash ? R"(1,"reason":"Error")" : R"(137,"reason":"OOMKilled")") +
             R"(,"startedAt":"2026-01-02T23:57:00Z","finishedAt":"2026-01-02T23:57:04Z","containerID":"containerd://0123456789abcdef"}})";
    default:
      return R"("ready":true,"started":true,"restartCount":0,"state":{"running":{"startedAt":"2026-01-02T00:00:09Z"}})";
  }
}

void write_status(std::ostream& out, const Pod& pod) {
  bool placed = pod.fault != Fault::too_large;
  bool runs = pod.fault == Fault::none;
  bool pending = !placed || pod.fault == Fault::missing_config || pod.fault == Fault::image_on_one_node;
  out << R"({"phase":")" << (pending ? "Pending" : "Running") << R"(","qosClass":"Burstable","conditions":[)";
  if (!placed) {
    out << R"({"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/1000 nodes are available: 1000 Insufficient memory.","lastProbeTime":null,"lastTransitionTime":"2026-01-02T00:00:01Z"}]})";
    return;
  }
  for (const char* type : {"PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"}) {
    bool ready = std::string_view(type) == "Ready" || std::string_view(type) == "ContainersReady";
    out << R"({"type":")" << type << R"(","status":")" << (ready && !runs ? "False" : "True")
        << (ready && !runs ? R"(","reason":"ContainersNotReady","message":"containers with unready status: [app])" : "")
        << R"(","lastProbeTime":null,"lastTransitionTime":"2026-01-02T00:00:05Z"},)";
  }
  out << R"({"type":"PodScheduled","status":"True","lastProbeTime":null,"lastTransitionTime":"2026-01-02T00:00:01Z"}],"hostIP":"10.1.0.1","hostIPs":[{"ip":"10.1.0.1"}],"podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}],"startTime":"2026-01-02T00:00:05Z","containerStatuses":[{"name":"app","image":"registry.example.com/shop/app-)"
      << pod.app
      << R"(:1.0","imageID":"registry.example.com/shop/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","containerID":"containerd://0123456789abcdef",)"
      << state_of(pod.fault, pod.app)
      << R"(},{"name":"proxy","image":"registry.example.com/proxy:2.0","imageID":"registry.example.com/proxy@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","containerID":"containerd://fedcba9876543210","ready":true,"started":true,"restartCount":0,"state":{"running":{"startedAt":"2026-01-02T00:00:09Z"}}}]})";
}

void write_pod(std::ostream& out, const Pod& pod) {
  out << R"({"apiVersion":"v1","kind":"Pod",)";
  write_metadata(out, pod.name(), pod, pod.uid(), "ReplicaSet", pod.set_name(), "r-" + number(pod.app));
  out << R"(,"generateName":")" << pod.set_name() << R"(-",)";
  write_managed_fields(out);
  out << R"(},"spec":)";
  write_spec(out, pod, true);
  out << R"(,"status":)";
  write_status(out, pod);
  out << "}";
}

std::size_t ready_of(std::size_t app) {
  Fault fault = fault_of(app);
  return fault == Fault::none ? replicas : fault == Fault::image_on_one_node ? replicas - 7 : 0;
}

// A Deployment or its ReplicaSet.
void write_workload(std::ostream& out, std::size_t app, bool is_set) {
  Pod pod(app * replicas, 1);
  out << R"({"apiVersion":"apps/v1","kind":")" << (is_set ? "ReplicaSet" : "Deployment") << R"(",)";
  write_metadata(out, is_set ? pod.set_name() : pod.app_name(), pod, (is_set ? "r-" : "d-") + number(app),
                 is_set ? "Deployment" : nullptr, pod.app_name(), "d-" + number(app));
  out << R"(},"spec":{"replicas":)" << replicas << R"(,"selector":{"matchLabels":{"app":")" << pod.app_name()
      << R"("}},"template":{"metadata":{"labels":{"app":")" << pod.app_name() << R"("}},"spec":)";
  write_spec(out, pod, false);
  std::size_t ready = ready_of(app);
  out << R"(}},"status":{"observedGeneration":1,"replicas":)" << replicas << R"(,"updatedReplicas":)" << replicas
      << R"(,"readyReplicas":)" << ready << R"(,"availableReplicas":)" << ready << R"(,"unavailableReplicas":)"
      << replicas - ready << R"(,"conditions":[{"type":"Available","status":")" << (ready > 0 ? "True" : "False")
      << R"("}]}})";
}

struct Happening {
  const char* type;
  const char* reason;
  std::string message;
  std::size_t count;
};

std::vector<Happening> happenings(const Pod& pod) {
  std::string image = "registry.example.com/shop/" + pod.app_name() + ":1.0";
  switch (pod.fault) {
    case Fault::missing_config:
      return {{"Warning", "Failed", "Error: configmap \\\"" + pod.app_name() + "-settings\\\" not found", 120}};
    case Fault::image_on_one_node:
      return {
          {"Warning", "Failed",
           "Failed to pull image \\\"" + image +
               "\\\": failed to do request: Head https://registry.example.com/v2/: dial tcp 10.9.9.9:443: i/o timeout",
           9},
          {"Warning", "Failed", "Error: ImagePullBackOff", 80}};
    case Fault::crash:
    case Fault::memory:
      return {{"Warning", "BackOff", "Back-off restarting failed container app in pod " + pod.name(), 300}};
    case Fault::too_large:
      return {{"Warning", "FailedScheduling", "0/1000 nodes are available: 1000 Insufficient memory.", 40}};
    default:
      break;
  }
  if (pod.index % 20 != 0) {
    return {};
  }
  return {{"Normal", "Scheduled", "Successfully assigned " + pod.name() + " to worker-" + number(pod.node), 1},
          {"Normal", "Pulled", "Container image \\\"" + image + "\\\" already present on machine", 1},
          {"Normal", "Created", "Created container app", 1},
          {"Normal", "Started", "Started container app", 1}};
}

void write_events(std::ostream& out, std::size_t pods, std::size_t nodes) {
  std::size_t written = 0;
  for (std::size_t index = 0; index < pods; ++index) {
    Pod pod(index, nodes);
    for (const Happening& event : happenings(pod)) {
      out << (written > 0 ? ",\n" : "") << R"({"apiVersion":"v1","kind":"Event","metadata":{"name":")" << pod.name()
          << ".e" << written << R"(","namespace":")" << pod.space() << R"(","uid":"e-)" << written
          << R"(","creationTimestamp":"2026-01-02T23:00:00Z"},"involvedObject":{"kind":"Pod","namespace":")"
          << pod.space() << R"(","name":")" << pod.name() << R"(","uid":")" << pod.uid()
          << R"(","apiVersion":"v1","fieldPath":"spec.containers{app}"},"reason":")" << event.reason
          << R"(","message":")" << event.message << R"(","source":{"component":")"
          << (pod.fault == Fault::too_large ? "default-scheduler" : "kubelet")
          << R"("},"firstTimestamp":"2026-01-02T23:00:00Z","lastTimestamp":"2026-01-02T23:59:00Z","count":)"
          << event.count << R"(,"type":")" << event.type << R"("})";
      ++written;
    }
  }
}

void write_logs(const std::filesystem::path& directory, std::size_t pods, std::size_t nodes) {
  for (std::size_t index = 0; index < pods; ++index) {
    Pod pod(index, nodes);
    if (pod.fault != Fault::crash && pod.fault != Fault::memory) {
      continue;
    }
    std::filesystem::path folder = directory / "logs" / pod.space() / pod.name();
    std::filesystem::create_directories(folder);
    for (const char* name : {"app.log", "app.previous.log"}) {
      std::ofstream log(folder / name, std::ios::binary);
      log << "2026-01-02T23:57:00Z INFO starting\n";
      if (pod.fault == Fault::crash) {
        log << "2026-01-02T23:57:04Z FATAL dial tcp: lookup ledger-db on 10.96.0.10:53: no such host\n";
      }
    }
    std::ofstream(folder / "proxy.log") << "proxy: ready\n";
  }
}

template <typename Write>
void write_list(const std::filesystem::path& path, std::size_t count, Write write) {
  std::ofstream out(path, std::ios::binary);
  out << R"({"apiVersion":"v1","kind":"List","items":[)";
  for (std::size_t index = 0; index < count; ++index) {
    out << (index > 0 ? ",\n" : "");
    write(out, index);
  }
  out << "]}\n";
}

}  // namespace

void generate_cluster(const std::string& directory, std::size_t nodes, std::size_t pods) {
  std::filesystem::path objects = std::filesystem::path(directory) / "objects";
  std::filesystem::create_directories(objects);
  std::ofstream(std::filesystem::path(directory) / "recorded-at") << "2026-01-03T00:00:00Z\n";
  write_list(objects / "nodes.json", nodes, [](std::ostream& out, std::size_t index) { write_node(out, index); });
  write_list(objects / "pods.json", pods,
             [&](std::ostream& out, std::size_t index) { write_pod(out, Pod(index, nodes)); });
  for (bool is_set : {false, true}) {
    write_list(objects / (is_set ? "replicasets.json" : "deployments.json"), (pods + replicas - 1) / replicas,
               [&](std::ostream& out, std::size_t app) { write_workload(out, app, is_set); });
  }
  write_list(objects / "events.json", 1, [&](std::ostream& out, std::size_t) { write_events(out, pods, nodes); });
  write_logs(directory, pods, nodes);
  write_list(objects / "namespaces.json", namespaces, [](std::ostream& out, std::size_t index) {
    out << R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"team-)" << index << R"(","labels":{"team":"t)"
        << index % 3 << R"("}}})";
  });
  for (const char* resource : {"persistentvolumes", "persistentvolumeclaims",
                               "storageclasses",    "csinodes",
                               "csidrivers",        "csistoragecapacities",
                               "priorityclasses",   "runtimeclasses",
                               "resourcequotas",    "limitranges",
                               "configmaps",        "secrets",
                               "serviceaccounts",   "services",
                               "endpointslices",    "statefulsets",
                               "daemonsets",        "jobs",
                               "cronjobs",          "replicationcontrollers"}) {
    write_list(objects / (std::string(resource) + ".json"), 0, [](std::ostream&, std::size_t) {});
  }
}

std::string incoming_pod() {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"incoming","namespace":"team-3","labels":{"app":"app-3","tier":"back"}},"spec":{"containers":[{"name":"app","image":"registry.example.com/app:1.0","resources":{"requests":{"cpu":"500m","memory":"1Gi"}},"ports":[{"containerPort":8080,"hostPort":18080}]}],"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"disktype","operator":"In","values":["ssd","nvme"]}]}]}},"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"app-13"}},"topologyKey":"topology.kubernetes.io/zone","namespaceSelector":{"matchLabels":{"team":"t1"}}}]},"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchExpressions":[{"key":"app","operator":"In","values":["app-3"]}]},"topologyKey":"kubernetes.io/hostname"}]}},"topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"topology.kubernetes.io/zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"app":"app-3"}}},{"maxSkew":5,"topologyKey":"kubernetes.io/hostname","whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"tier":"back"}}}]}})";
}

}  // namespace podcheck::bench
