// What a manifest comes to once the API server has filled in what it leaves out. All defaults are those of
// k8s.io/kubernetes pkg/apis/{core,apps,batch}/v1/defaults.go.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/object.hpp"
#include "kube/quantity.hpp"

namespace podcheck::kube {

using ResourceList = std::map<std::string, Quantity, std::less<>>;

// A value and the field it comes from: the container's when it has one, else the pod's.
template <typename T>
struct Effective {
  std::optional<T> value;
  document::Node from;  // missing when nobody sets it
};

struct SecurityContext {
  Effective<std::int64_t> run_as_user;
  Effective<std::int64_t> run_as_group;
  Effective<bool> run_as_non_root;
  bool privileged = false;
  bool read_only_root_filesystem = false;
  std::optional<bool> allow_privilege_escalation;
  std::vector<std::string> added;  // capabilities without CAP_, upper case
  std::vector<std::string> dropped;
  bool adds(std::string_view capability) const;   // or ALL
  bool drops(std::string_view capability) const;  // or ALL
};
SecurityContext security_context(const Container& container);

// Resources. Quantities that do not parse count as absent.
std::optional<Quantity> limit(const Container& container, std::string_view resource);
// The container's own request, or its limit, which the server copies when there is no request.
std::optional<Quantity> request(const Container& container, std::string_view resource);
ResourceList limits(const Container& container);
ResourceList requests(const Container& container);
// What the scheduler reserves for the pod: the larger of all app containers with all sidecars, and of each init
// container with the sidecars that started before it; pod-level resources replace that, overhead is added.
// k8s.io/component-helpers resource.PodRequests
ResourceList pod_requests(const PodTemplate& pod);
void add(ResourceList& sum, const ResourceList& more);

struct Probe {
  document::Node node;     // the probe
  document::Node handler;  // its httpGet, tcpSocket, grpc or exec; missing when it has none
  std::string_view type;   // "httpGet" …
  std::int64_t initial_delay = 0;
  std::int64_t timeout = 1;
  std::int64_t period = 10;
  std::int64_t success_threshold = 1;
  std::int64_t failure_threshold = 3;
  std::optional<std::int64_t> grace;  // the probe's own terminationGracePeriodSeconds
  // Seconds from the start of the container until the kubelet acts on a process that never answers at all:
  // initialDelay + (failureThreshold - 1) * period + timeout.
  std::int64_t budget() const;
};
// `name` is livenessProbe, readinessProbe or startupProbe; nothing when the container has none.
std::optional<Probe> probe(const Container& container, std::string_view name);

struct Port {
  document::Node node;
  std::string_view name;
  std::int64_t number = 0;
  std::int64_t host_port = 0;
  std::string_view protocol = "TCP";
};
std::vector<Port> ports(const Container& container);
// A probe's or hook's `port`: a number, or the number of the container's port of that name; nothing when undefined.
std::optional<std::int64_t> resolve_port(const Container& container, document::Node port);

std::int64_t grace_seconds(document::Node pod_spec);             // 30
std::string_view restart_policy(document::Node pod_spec);        // Always
std::string_view image_pull_policy(const Container& container);  // Always for :latest and no tag, else IfNotPresent
bool runs_to_completion(const Object& object);                   // Job, CronJob
// The pods stop by themselves, or somebody expects them to: Job, CronJob, a hook of Helm or Argo CD, a pod that is
// not restarted for ever.
bool is_one_shot(const Object& object, const PodTemplate& pod);

// How a Deployment, StatefulSet or DaemonSet replaces its pods.
struct Rollout {
  std::string_view type = "RollingUpdate";
  std::int64_t replicas = 1;
  std::int64_t max_surge = 0;        // in pods, percentages rounded up
  std::int64_t max_unavailable = 0;  // in pods, percentages rounded down
  std::int64_t min_ready_seconds = 0;
  std::int64_t progress_deadline = 600;
};
Rollout rollout(const Object& object);
// An integer or a percentage of `total`; nothing when it is neither.
std::optional<std::int64_t> scaled(document::Node value, std::int64_t total, bool round_up);

}  // namespace podcheck::kube
