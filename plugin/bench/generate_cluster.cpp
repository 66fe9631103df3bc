#include "bench/generate_cluster.hpp"

#include <filesystem>
#include <fstream>

namespace podcheck::bench {

namespace {

constexpr std::size_t zones = 6;
constexpr std::size_t apps = 40;
constexpr std::size_t namespaces = 10;

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

void write_pod(std::ostream& out, std::size_t index, std::size_t nodes) {
  std::size_t app = index * 7 % apps;
  out << R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"app-)" << app << "-" << index
      << R"(","namespace":"team-)" << app % namespaces << R"(","uid":"p-)" << index
      << R"(","creationTimestamp":"2026-01-02T00:00:00Z","labels":{"app":"app-)" << app << R"(","tier":")"
      << (app % 2 == 0 ? "front" : "back")
      << R"(","pod-template-hash":"6d4f8c9b7"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"app-)"
      << app << R"(-6d4f8c9b7","uid":"r-)" << app
      << R"(","controller":true,"blockOwnerDeletion":true}]},"spec":{"nodeName":"worker-)" << index * 13 % nodes
      << R"(","schedulerName":"default-scheduler","priority":0,"serviceAccountName":"default","containers":[{"name":"app","image":"registry.example.com/app:1.0","imagePullPolicy":"IfNotPresent","resources":{"requests":{"cpu":"250m","memory":"512Mi"},"limits":{"memory":"1Gi"}},"env":[{"name":"PORT","value":"8080"}],"ports":[{"containerPort":8080,"protocol":"TCP"}],"terminationMessagePath":"/dev/termination-log"},{"name":"proxy","image":"registry.example.com/proxy:2.0","resources":{"requests":{"cpu":"50m","memory":"64Mi"}}}])";
  if (index % 100 == 3) {
    out << R"(,"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"app-)"
        << app << R"("}},"topologyKey":"kubernetes.io/hostname"}]}})";
  }
  out << R"(,"tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],"volumes":[{"name":"token","projected":{"sources":[{"serviceAccountToken":{"path":"token","expirationSeconds":3607}}]}}]},"status":{"phase":"Running","startTime":"2026-01-02T00:00:05Z","podIP":"10.0.0.1","conditions":[{"type":"Ready","status":"True"},{"type":"PodScheduled","status":"True"}],"containerStatuses":[{"name":"app","ready":true,"restartCount":0,"image":"registry.example.com/app:1.0","containerID":"containerd://0123456789abcdef","state":{"running":{"startedAt":"2026-01-02T00:00:09Z"}}}]}})";
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
  write_list(objects / "pods.json", pods, [&](std::ostream& out, std::size_t index) { write_pod(out, index, nodes); });
  write_list(objects / "namespaces.json", namespaces, [](std::ostream& out, std::size_t index) {
    out << R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"team-)" << index << R"(","labels":{"team":"t)"
        << index % 3 << R"("}}})";
  });
  for (const char* resource :
       {"persistentvolumes", "persistentvolumeclaims", "storageclasses", "csinodes", "csidrivers",
        "csistoragecapacities", "priorityclasses", "runtimeclasses", "resourcequotas", "limitranges", "configmaps",
        "secrets", "serviceaccounts", "replicasets"}) {
    write_list(objects / (std::string(resource) + ".json"), 0, [](std::ostream&, std::size_t) {});
  }
}

std::string incoming_pod() {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"incoming","namespace":"team-3","labels":{"app":"app-3","tier":"back"}},"spec":{"containers":[{"name":"app","image":"registry.example.com/app:1.0","resources":{"requests":{"cpu":"500m","memory":"1Gi"}},"ports":[{"containerPort":8080,"hostPort":18080}]}],"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"disktype","operator":"In","values":["ssd","nvme"]}]}]}},"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"app-13"}},"topologyKey":"topology.kubernetes.io/zone","namespaceSelector":{"matchLabels":{"team":"t0"}}}]},"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchExpressions":[{"key":"app","operator":"In","values":["app-3"]}]},"topologyKey":"kubernetes.io/hostname"}]}},"topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"topology.kubernetes.io/zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"app":"app-3"}}},{"maxSkew":5,"topologyKey":"kubernetes.io/hostname","whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"tier":"back"}}}]}})";
}

}  // namespace podcheck::bench
