// What a pod's status and events say, read once for all diagnosers, with the parsing rules that Kubernetes' own
// components follow (event times and counts, attribution by uid and fieldPath, message prefixes).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/snapshot.hpp"
#include "document/node.hpp"
#include "finding/finding.hpp"
#include "kube/object.hpp"
#include "live/cause.hpp"

namespace podcheck::live {

// One end of a container: state.terminated or lastState.terminated.
struct Termination {
  document::Node node;
  std::string_view reason;
  std::string_view message;
  std::int64_t exit_code = 0;  // -1: an error whose code is not told (a row of `get pods`, a cut description)
  std::optional<cluster::Time> started;
  std::optional<cluster::Time> finished;
  std::optional<std::chrono::seconds> duration() const;
};

struct ContainerFacts {
  kube::Container spec;
  document::Node status;  // missing while the kubelet has not reported
  std::string_view name;
  kube::ContainerRole role = kube::ContainerRole::app;
  bool ready = false;
  bool running = false;
  std::int64_t restarts = 0;
  std::string_view waiting_reason;
  std::string waiting_message;  // normalised
  std::optional<cluster::Time> running_since;
  std::optional<Termination> now;   // state.terminated
  std::optional<Termination> last;  // lastState.terminated
  // The latest end known, current state first.
  const Termination* latest() const { return now ? &*now : last ? &*last : nullptr; }
  bool is_init() const { return role == kube::ContainerRole::init; }
  bool is_sidecar() const { return role == kube::ContainerRole::sidecar; }
  // ".status.containerStatuses[0]"
  std::string status_path;
  // "spec.containers[0]"
  std::string spec_path;
};

// Init containers and sidecars first, in start order, then the app containers.
std::vector<ContainerFacts> containers_of(document::Node pod);

struct EventFacts {
  document::Node node;
  bool warning = false;
  std::string_view reason;
  std::string message;    // normalised
  std::string container;  // by fieldPath; empty for the pod as a whole
  std::string_view component;
  std::optional<cluster::Time> time;
  std::int64_t count = 1;
};

// Events of an object, oldest first, earlier objects of the same name left out where the uids tell.
std::vector<EventFacts> events_of(cluster::Snapshot& cluster, document::Node object);
// The newest event with this reason (and a message that contains `part`); nullptr when there is none.
const EventFacts* newest(const std::vector<EventFacts>& events, std::string_view reason, std::string_view part = {},
                         std::string_view container = {});

// Without "(combined from similar events): ", "rpc error: code = Unknown desc = " and a trailing ": unknown".
std::string normalised(std::string_view message);

// A condition by its type; missing when the pod has none.
document::Node condition(document::Node object, std::string_view type);
bool condition_is(document::Node object, std::string_view type, std::string_view status);

// Whether it has a node, though pasted text may not name it.
bool is_placed(document::Node pod);

// What `kubectl get pods` prints under STATUS.
std::string status_column(document::Node pod);

std::optional<cluster::Time> time_at(document::Node value);
// "Deployment/web"
std::string label_of(document::Node object);
std::string_view name_of(document::Node object);
std::string_view namespace_of(document::Node object);
// The controller of an object: the owner reference with controller: true; missing when there is none.
document::Node controller_reference(document::Node object);

// Proof.
finding::Evidence event_evidence(const EventFacts& event);
finding::Evidence field_evidence(document::Node object, std::string_view path, std::string text);
finding::Evidence log_evidence(std::string_view container, bool previous, std::string text);
// A value as people write it, without quotes and without what the API server fills in for everybody:
// "httpGet: {path: /live, port: 8081}, periodSeconds: 5".
std::string brief(document::Node value);
finding::Evidence computed_evidence(std::string text);

// kubectl's plural name of a kind: "Deployment" -> "deployments"; empty for kinds that podcheck does not read.
std::string_view resource_of_kind(std::string_view kind);

}  // namespace podcheck::live
