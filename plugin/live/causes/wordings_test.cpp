// The words of Kubernetes' components, version by version, and the cause that each must lead to.
#include <doctest/doctest.h>

#include "catalogue/catalogue.hpp"
#include "cluster/text_source.hpp"
#include "live/causes/fit_error.hpp"
#include "live/diagnose.hpp"

using namespace podcheck;

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return out + "\"";
}

std::string event(std::string_view kind, std::string_view name, std::string_view reason, std::string_view message) {
  return "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"type\":\"Warning\",\"metadata\":{\"name\":\"e\",\"namespace\":"
         "\"shop\"},"
         "\"lastTimestamp\":\"2026-01-01T10:05:00Z\",\"count\":3,\"reason\":" +
         quoted(reason) + ",\"message\":" + quoted(message) + ",\"involvedObject\":{\"kind\":" + quoted(kind) +
         ",\"namespace\":\"shop\",\"name\":" + quoted(name) + "}}";
}

std::string pod(std::string_view spec, std::string_view status, std::string_view metadata = "") {
  return "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\","
         "\"creationTimestamp\":\"2026-01-01T10:00:00Z\"" +
         std::string(metadata) + "},\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"nginx:1.27\"}]" +
         std::string(spec) + "},\"status\":{" + std::string(status) + "}}";
}

std::string list(const std::vector<std::string>& objects) {
  std::string text = "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[";
  for (const std::string& object : objects) {
    text += (text.ends_with('[') ? "" : ",") + object;
  }
  return text + "]}";
}

finding::Finding verdict(const std::vector<std::string>& objects, const std::string& target) {
  static const catalogue::Catalogue catalogue(catalogue::Language::en);
  auto source = cluster::open_texts({{"recorded.json", list(objects)}});
  REQUIRE(source);
  cluster::Snapshot snapshot(std::move(source));
  live::Options options;
  options.targets = {target};
  options.namespace_ = "shop";
  live::Result result = live::diagnose(snapshot, catalogue, options);
  if (result.report.subjects.empty() || result.report.subjects.front().findings.empty()) {
    return {};
  }
  return result.report.subjects.front().findings.front();
}

constexpr const char* creating =
    "\"phase\":\"Pending\",\"containerStatuses\":[{\"name\":\"app\",\"ready\":false,\"restartCount\":0,\"state\":{"
    "\"waiting\":"
    "{\"reason\":\"ContainerCreating\"}}}]";

struct Case {
  const char* reason;
  const char* message;
  const char* cause;
  const char* says;
};

}  // namespace

TEST_CASE("what stops a pod between its node and its first container") {
  const Case cases[] = {
      {"FailedMount", "MountVolume.SetUp failed for volume \"config\" : configmap \"gateway\" not found",
       "volume-configmap-missing", "gateway"},
      {"FailedMount", "MountVolume.SetUp failed for volume \"tls\" : secret \"front-tls\" not found",
       "volume-secret-missing", "front-tls"},
      {"FailedMount",
       "MountVolume.SetUp failed for volume \"c\" : configmap references non-existent config key: a.yaml",
       "volume-key-missing", "a.yaml"},
      {"FailedMount", "MountVolume.SetUp failed for volume \"s\" : references non-existent secret key: pw",
       "volume-key-missing", "pw"},
      {"FailedMount",
       "MountVolume.SetUp failed for volume \"s\" : kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: "
       "driver name x.csi.io not found in the list of registered CSI drivers",
       "csi-driver-missing", "x.csi.io"},
      {"FailedMount",
       "MountVolume.SetUp failed for volume \"d\" : hostPath type check failed: /data is not a directory",
       "hostpath-type-mismatch", "/data"},
      {"FailedMount",
       "MountVolume.SetUp failed for volume \"n\" : mount failed: exit status 32\nMounting command: mount\nMounting "
       "arguments: -t nfs nas:/x /var/lib/y\nOutput: mount.nfs: access denied by server while mounting nas:/x",
       "nfs-mount-failed", "access denied"},
      {"FailedMount",
       "MountVolume.SetUp failed for volume \"n\" : mount failed: exit status 32\nMounting arguments: -t nfs nas:/x "
       "/y\nOutput: mount: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> "
       "helper program.",
       "nfs-mount-failed", "NFS client"},
      {"FailedAttachVolume",
       "Multi-Attach error for volume \"pv1\" Volume is already exclusively attached to one node and can't be attached "
       "to another",
       "volume-multi-attach", "pv1"},
      {"FailedAttachVolume", "Multi-Attach error for volume \"pv1\" Volume is already used by pod(s) web-0",
       "volume-multi-attach", "web-0"},
      {"FailedAttachVolume",
       "AttachVolume.Attach failed for volume \"pv1\" : timed out waiting for external-attacher of ebs.csi.aws.com CSI "
       "driver to attach volume vol-1",
       "volume-attach-failed", "ebs.csi.aws.com"},
      {"FailedCreatePodSandBox",
       "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "
       "\"kata\" is configured",
       "runtime-handler-missing", "kata"},
      {"FailedCreatePodSandBox",
       "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to find runtime handler kata from "
       "runtime list map[crun:x]",
       "runtime-handler-missing", "kata"},
      {"FailedCreatePodSandBox",
       "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox \"a\": "
       "plugin type=\"host-local\" failed (add): failed to allocate for range 0: no IP addresses available in range "
       "set: 10.1.0.1-10.1.0.254",
       "pod-ip-exhausted", "10.1.0.1"},
      {"FailedCreatePodSandBox",
       "Failed to create pod sandbox: failed to set up sandbox container \"a\" network for pod \"web\": networkPlugin "
       "cni failed to set up pod \"web_shop\" network: add cmd: failed to assign an IP address to container",
       "pod-ip-exhausted", "n1"},
      {"FailedCreatePodSandBox",
       "Failed to create pod sandbox: plugin type=\"calico\" failed (add): stat /var/lib/calico/nodename: no such file "
       "or directory: check that the calico/node container is running",
       "network-agent-down", "calico"},
      {"NetworkNotReady",
       "network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
       "message:docker: network plugin is not ready: cni config uninitialized",
       "network-not-initialised", "n1"},
  };
  for (const Case& one : cases) {
    CAPTURE(std::string(one.message));
    auto found =
        verdict({pod(",\"nodeName\":\"n1\"", creating), event("Pod", "web", one.reason, one.message)}, "pod/web");
    CHECK(found.id == std::string(one.cause));
    CHECK(found.message.find(one.says) != std::string::npos);
    CHECK(found.message.find('{') == std::string::npos);
    CHECK_FALSE(found.evidence.empty());
  }
  // The kubelet's own race in the first seconds is no cause.
  auto race = verdict(
      {pod(",\"nodeName\":\"n1\"", creating), event("Pod", "web", "FailedMount",
                                                    "MountVolume.SetUp failed for volume \"c\" : failed to sync "
                                                    "configmap cache: timed out waiting for the condition")},
      "pod/web");
  CHECK(race.id == "undetermined");
}

TEST_CASE("what the API server's admission answers a controller") {
  const Case cases[] = {
      {"FailedCreate",
       "Error creating: pods \"web-x\" is forbidden: exceeded quota: team, requested: requests.cpu=750m, used: "
       "requests.cpu=0, limited: requests.cpu=500m",
       "quota-exceeded", "750m"},
      {"FailedCreate",
       "(combined from similar events): Error creating: pods \"web-x\" is forbidden: exceeded quota: team, requested: "
       "pods=1, used: pods=5, limited: pods=5",
       "quota-exceeded", "team"},
      {"FailedCreate",
       "Error creating: pods \"web-x\" is forbidden: failed quota: team: must specify limits.cpu,limits.memory",
       "quota-requires-limits", "limits.cpu"},
      {"FailedCreate",
       "Error creating: pods \"web-x\" is forbidden: failed quota: team: must specify limits.cpu for: app; "
       "limits.memory for: app",
       "quota-requires-limits", "limits.memory"},
      {"FailedCreate",
       "Error creating: pods \"web-x\" is forbidden: maximum memory usage per Container is 512Mi, but limit is 1Gi",
       "limitrange-violation", "512Mi"},
      {"FailedCreate",
       "Error creating: pods \"web-x\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true "
       "(pod or container \"app\" must set securityContext.runAsNonRoot=true)",
       "podsecurity-violation", "restricted:latest"},
      {"FailedCreate",
       "Error creating: Internal error occurred: failed calling webhook \"v.example.com\": Post "
       "\"https://hook.ops.svc:443/v?timeout=10s\": dial tcp 10.0.0.1:443: connect: connection refused",
       "admission-webhook-unreachable", "ops/hook"},
      {"FailedCreate",
       "Error creating: Internal error occurred: failed calling webhook \"v.example.com\": failed to call webhook: "
       "Post \"https://hook.ops.svc:443/v?timeout=10s\": no endpoints available for service \"hook\"",
       "admission-webhook-unreachable", "no endpoints"},
      {"FailedCreate",
       "Error creating: admission webhook \"v.example.com\" denied the request: [team] label is missing",
       "admission-webhook-denied", "label is missing"},
      {"FailedCreate",
       "Error creating: pods \"web-x\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no "
       "latest",
       "admission-policy-denied", "no latest"},
      {"FailedCreate",
       "Error creating: pods \"web-x\" is forbidden: error looking up service account shop/robot: serviceaccount "
       "\"robot\" not found",
       "serviceaccount-missing", "robot"},
      {"FailedCreate", "Error creating: pods \"web-x\" is forbidden: no PriorityClass with name high was found",
       "priorityclass-missing", "high"},
      {"FailedCreate", "Error creating: pods \"web-x\" is forbidden: pod rejected: RuntimeClass \"gvisor\" not found",
       "runtimeclass-missing", "gvisor"},
      {"FailedCreate",
       "Error creating: pods \"web-x\" is forbidden: unable to create new content in namespace shop because it is "
       "being terminated",
       "namespace-terminating", "shop"},
      {"FailedCreate", "Error creating: Pod \"web-x\" is invalid: spec.containers[0].name: Invalid value: \"A\"",
       "template-invalid", "spec.containers[0].name"},
  };
  std::string set =
      "{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\"},"
      "\"spec\":{\"replicas\":2,\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{"
      "\"name\":\"app\"}]}}}}";
  for (const Case& one : cases) {
    CAPTURE(std::string(one.message));
    auto found = verdict({set, event("ReplicaSet", "web", one.reason, one.message)}, "rs/web");
    CHECK(found.id == std::string(one.cause));
    CHECK(found.message.find(one.says) != std::string::npos);
    CHECK(found.message.find('{') == std::string::npos);
  }
}

TEST_CASE("pods that the kubelet refused or ended") {
  const Case cases[] = {
      {"OutOfcpu", "Node didn't have enough resource: cpu, requested: 3000, used: 420, capacity: 2000",
       "kubelet-admission-resources", "3000m"},
      {"OutOfcpu",
       "Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 420, capacity: 2000",
       "kubelet-admission-resources", "420m"},
      {"NodeAffinity", "Predicate NodeAffinity failed", "kubelet-admission-affinity", "n1"},
      {"SysctlForbidden", "forbidden sysctl: \"kernel.msgmax\" not allowlisted", "sysctl-forbidden", "kernel.msgmax"},
      {"UnexpectedAdmissionError",
       "Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, "
       "which is unexpected",
       "kubelet-admission-device", "nvidia.com/gpu"},
      {"Evicted", "Usage of EmptyDir volume \"cache\" exceeds the limit \"64Mi\". ", "emptydir-size-limit", "64Mi"},
      {"Evicted", "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
       "ephemeral-storage-limit", "1Gi"},
      {"Evicted",
       "The node was low on resource: memory. Container app was using 300Mi, which exceeds its request of 64Mi. ",
       "evicted-node-memory", "300Mi / 64Mi"},
      {"Evicted",
       "The node was low on resource: memory. Threshold quantity: 100Mi, available: 90Mi. Container app was using "
       "300Mi, request is 64Mi, has larger consumption of memory. ",
       "evicted-node-memory", "300Mi / 64Mi"},
      {"DeadlineExceeded", "Pod was active on the node longer than the specified deadline", "pod-deadline-exceeded",
       "activeDeadlineSeconds"},
      {"Terminated", "Pod was terminated in response to imminent node shutdown.", "node-shutdown", "n1"},
  };
  for (const Case& one : cases) {
    CAPTURE(std::string(one.message));
    std::string status =
        "\"phase\":\"Failed\",\"reason\":" + quoted(one.reason) + ",\"message\":" + quoted(one.message);
    auto found = verdict({pod(",\"nodeName\":\"n1\"", status)}, "pod/web");
    CHECK(found.id == std::string(one.cause));
    CHECK(found.message.find(one.says) != std::string::npos);
  }
}

TEST_CASE("the scheduler's sentence of every version names the same cause") {
  const Case cases[] = {
      {"", "0/3 nodes are available: 3 node(s) had taint {dedicated: gpu}, that the pod didn't tolerate.",
       "untolerated-taint", "dedicated: gpu"},
      {"",
       "0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: gpu}. preemption: 0/3 nodes are "
       "available: 3 Preemption is not helpful for scheduling..",
       "untolerated-taint", "dedicated"},
      {"",
       "0/3 nodes are available: 3 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/3 "
       "nodes are available: 3 Preemption is not helpful for scheduling.",
       "untolerated-taint", "untolerated taint(s)"},
      {"", "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.", "mixed-shortage",
       "1 Insufficient cpu"},
      {"", "0/2 nodes are available: 2 Insufficient memory.", "insufficient-memory", "Insufficient memory"},
      {"", "0/2 nodes are available: 2 node(s) had volume node affinity conflict.", "volume-node-affinity-conflict",
       "affinity"},
      {"",
       "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity. preemption: 0/2 nodes are "
       "available: 2 Preemption is not helpful for scheduling.",
       "volume-node-affinity-conflict", "affinity"},
      {"",
       "0/2 nodes are available: 2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode "
       "already in-use by another pod.",
       "rwop-claim-in-use", "ReadWriteOncePod"},
      {"",
       "0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod "
       "access mode.",
       "rwop-claim-in-use", "ReadWriteOncePod"},
      {"", "0/1 nodes are available: persistentvolumeclaim \"data\" not found. not found", "pvc-not-found", "data"},
      {"", "0/3 nodes are available: 3 persistentvolumeclaim \"data\" not found.", "pvc-not-found", "data"},
      {"", "no nodes available to schedule pods", "no-nodes", "no nodes"},
  };
  for (const Case& one : cases) {
    CAPTURE(std::string(one.message));
    auto found =
        verdict({pod("", "\"phase\":\"Pending\""), event("Pod", "web", "FailedScheduling", one.message)}, "pod/web");
    CHECK(found.id == std::string(one.cause));
    CHECK(found.message.find(one.says) != std::string::npos);
  }
}

TEST_CASE("reasons are split where a count begins, not at every comma") {
  auto said = live::parse_fit_error(
      "0/5 nodes are available: 1 node(s) had taint {a: b}, that the pod didn't tolerate, 10 Insufficient cpu, 2 Too "
      "many pods.");
  REQUIRE(said.reasons.size() == 3);
  CHECK(said.total == 5);
  CHECK(said.reasons[0].detail == "a: b");
  CHECK(said.reasons[1].nodes == 10);
  CHECK(said.reasons[2].cause == "too-many-pods");
  CHECK(live::parse_fit_error("Back-off pulling image").total == -1);
}

TEST_CASE("a Service whose workload has no pods is not blamed for its selector") {
  std::string service =
      "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\"},"
      "\"spec\":{\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80}]}}";
  std::string workload =
      "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\"},"
      "\"spec\":{\"replicas\":0,\"template\":{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{\"containers\":[]}}"
      "}}";
  // Texts prove no absence of pods, so a Service alone is not judged.
  CHECK(verdict({service, workload}, "svc/web").id != "service-selector-mismatch");
  // Scaled to zero on purpose is nothing to explain.
  CHECK(verdict({workload}, "deploy/web").id.empty());
}
