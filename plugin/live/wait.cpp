#include "live/wait.hpp"

#include <algorithm>
#include <set>

#include "live/facts.hpp"
#include "live/health.hpp"
#include "live/target.hpp"

namespace podcheck::live {

using document::Node;

namespace {

std::int64_t number(Node value, std::int64_t otherwise = 0) {
  return value.integer().value_or(otherwise);
}

bool observed(Node object) {
  return number(object["status"]["observedGeneration"]) >= number(object["metadata"]["generation"]);
}

// The causes that no waiting mends, beside crash loops.
const std::set<std::string_view>& staying_causes() {
  static const std::set<std::string_view> causes = {
      // what the pod refers to
      "env-configmap-missing", "env-secret-missing", "env-key-missing", "volume-configmap-missing",
      "volume-secret-missing", "volume-key-missing", "volume-missing", "pvc-not-found", "pvc-lost",
      "storageclass-not-found", "hostname-invalid", "token-serviceaccount-missing", "volume-claim-forbidden",
      // images
      "image-not-found", "image-tag-not-found", "invalid-image-name", "image-never-pull", "image-platform-mismatch",
      "image-pull-no-credentials", "image-pull-secret-missing", "image-pull-secret-other-registry",
      "image-pull-wrong-credentials", "image-policy-denied", "image-schema-unsupported", "image-short-name",
      "image-signature-rejected",
      // refused creation
      "admission-policy-denied", "admission-webhook-denied", "limitrange-violation", "namespace-terminating",
      "podsecurity-violation", "podsecuritypolicy-violation", "priority-conflict", "priorityclass-missing",
      "quota-requires-limits", "runtimeclass-conflict", "runtimeclass-missing", "scc-violation",
      "serviceaccount-missing", "serviceaccount-secret-not-allowed", "template-invalid",
      // ended for good
      "job-backoff-limit", "job-deadline-exceeded", "job-failure-policy", "job-indexes-failed", "pod-deadline-exceeded",
      "failed-pod-not-restarted",
      // what cannot be started
      "command-not-found", "command-not-split", "container-without-command", "entrypoint-not-executable",
      "wrong-working-directory", "run-as-nonroot-contradiction", "run-as-nonroot-non-numeric-user",
      "run-as-nonroot-root-image", "seccomp-profile-missing", "apparmor-profile-missing", "sysctl-forbidden",
      "user-not-in-image", "subpath-mismatch", "hostpath-type-mismatch"};
  return causes;
}

// The registry has answered that it does not have the image. Whether the tag or the repository is missing is only
// likely, as registries answer both alike; that waiting does not mend it is certain.
bool image_is_absent(const finding::Finding& root) {
  return root.confidence == finding::Confidence::likely &&
         (root.id == "image-not-found" || root.id == "image-tag-not-found");
}

// How often a container has ended with an error: the first end shows in no restart count.
std::int64_t crashes(const ContainerFacts& container) {
  bool failed = container.latest() != nullptr && container.latest()->exit_code != 0;
  return failed ? container.restarts + (container.running ? 0 : 1) : 0;
}

// A quota gives way when pods end: those of the older revision as the rollout goes on, others as they terminate.
bool quota_stays(cluster::Snapshot& cluster, Node object, const std::vector<Node>& newest) {
  if (pods_of(cluster, object).size() > newest.size()) {
    return false;
  }
  const auto& all = cluster.list("pods", namespace_of(object)).items;
  return std::none_of(all.begin(), all.end(), [](Node pod) { return pod["metadata"].has("deletionTimestamp"); });
}

// The label that tells the pods of the newest revision, and its value; empty where there is none.
std::pair<std::string_view, std::string> revision_label(cluster::Snapshot& cluster, Node object) {
  std::string_view kind = object["kind"].string();
  if (kind == "StatefulSet") {
    return {"controller-revision-hash", object["status"]["updateRevision"].text()};
  }
  if (kind == "DaemonSet") {
    return {"pod-template-generation",
            object["metadata"]["annotations"]["deprecated.daemonset.template.generation"].text()};
  }
  if (kind == "Deployment") {
    constexpr const char* revision = "deployment.kubernetes.io/revision";
    std::string newest = object["metadata"]["annotations"][revision].text();
    for (Node set : cluster.list("replicasets", namespace_of(object)).items) {
      Node owner = controller_reference(set);
      if (!newest.empty() && owner["kind"].string() == "Deployment" && owner["name"].string() == name_of(object) &&
          set["metadata"]["annotations"][revision].text() == newest) {
        return {"pod-template-hash", set["metadata"]["labels"]["pod-template-hash"].text()};
      }
    }
  }
  return {};
}

bool pod_settled(Node pod) {
  return condition_is(pod, "Ready", "True") || pod["status"]["phase"].string() == "Succeeded";
}

}  // namespace

bool settled(cluster::Snapshot& cluster, Node object, const std::vector<Node>& pods) {
  std::string_view kind = object["kind"].string();
  Node status = object["status"];
  std::int64_t wanted = number(object["spec"]["replicas"], 1);
  bool pods_well = std::all_of(pods.begin(), pods.end(), [&](Node pod) { return is_well(health_of(cluster, pod)); });
  if (kind == "Pod") {
    return pod_settled(object) && pods_well;
  }
  if (kind == "Deployment") {
    return observed(object) && number(status["updatedReplicas"]) >= wanted &&
           number(status["replicas"]) <= number(status["updatedReplicas"]) &&
           number(status["availableReplicas"]) >= wanted && pods_well;
  }
  if (kind == "StatefulSet") {
    bool updated = object["spec"]["updateStrategy"]["type"].string("RollingUpdate") != "RollingUpdate" ||
                   status["updateRevision"].string() == status["currentRevision"].string() ||
                   number(status["updatedReplicas"]) >= wanted;
    return observed(object) && updated && number(status["readyReplicas"]) >= wanted && pods_well;
  }
  if (kind == "DaemonSet") {
    std::int64_t desired = number(status["desiredNumberScheduled"]);
    return observed(object) && number(status["updatedNumberScheduled"]) >= desired &&
           number(status["numberAvailable"]) >= desired && pods_well;
  }
  if (kind == "ReplicaSet" || kind == "ReplicationController") {
    return observed(object) && number(status["readyReplicas"]) >= wanted && pods_well;
  }
  if (kind == "Job") {
    return condition_is(object, "Complete", "True") || object["spec"]["suspend"].boolean().value_or(false);
  }
  if (kind == "PersistentVolumeClaim") {
    return status["phase"].string() == "Bound";
  }
  return pods_well;
}

bool stays(std::string_view cause) {
  return staying_causes().contains(cause);
}

std::vector<Node> newest_pods(cluster::Snapshot& cluster, Node object, const std::vector<Node>& pods) {
  if (object["kind"].string() == "Pod") {
    return pods;
  }
  auto [label, value] = revision_label(cluster, object);
  std::vector<Node> newest;
  for (Node pod : pods) {
    bool older = !value.empty() && pod["metadata"]["labels"][label].text() != value;
    if (!older && !pod["metadata"].has("deletionTimestamp")) {
      newest.push_back(pod);
    }
  }
  return newest;
}

bool certain(cluster::Snapshot& cluster, Node object, const finding::Subject& subject, const std::vector<Node>& pods) {
  if (subject.healthy || subject.findings.empty() || !observed(object)) {
    return false;
  }
  const finding::Finding& root = subject.findings.front();
  bool decided = root.confidence == finding::Confidence::confirmed || image_is_absent(root);
  if (root.role == finding::Role::cause && decided) {
    if (stays(root.id) || (root.id == "quota-exceeded" && quota_stays(cluster, object, pods))) {
      return true;
    }
  }
  for (Node pod : pods) {
    bool never_again = pod["spec"]["restartPolicy"].string("Always") == "Never" && object["kind"].string() == "Pod";
    if (never_again && pod["status"]["phase"].string() == "Failed") {
      return true;
    }
    for (const ContainerFacts& container : containers_of(pod)) {
      if (!container.ready && crashes(container) >= 2) {
        return true;
      }
    }
  }
  return false;
}

std::string progress_line(const catalogue::Catalogue& catalogue, Node object, const std::vector<Node>& pods) {
  std::int64_t ready = 0;
  std::string worst;
  for (Node pod : pods) {
    ready += pod_settled(pod) ? 1 : 0;
    if (!pod_settled(pod) && worst.empty()) {
      worst = status_column(pod);
    }
  }
  auto count = static_cast<std::int64_t>(pods.size());
  std::int64_t wanted = object["status"]["desiredNumberScheduled"].integer().value_or(
      object["spec"]["replicas"].integer().value_or(object["spec"]["completions"].integer().value_or(count)));
  std::string line = catalogue.say("live.wait.progress", {{"object", label_of(object)},
                                                          {"ready", std::to_string(ready)},
                                                          {"wanted", std::to_string(std::max(wanted, count))},
                                                          {"updated", std::to_string(count)}});
  return worst.empty() ? line : line + " · " + worst;
}

Look look_at(cluster::Snapshot& cluster, const catalogue::Catalogue& catalogue, const Options& options) {
  Look look;
  look.result = diagnose(cluster, catalogue, options);
  std::string space = options.all_namespaces ? "" : options.namespace_;
  for (const std::string& typed : options.targets) {
    Node object = find_target(cluster, parse_target(typed), space);
    if (!object) {
      look.settled = false;
      look.progress += (look.progress.empty() ? "" : ", ") + catalogue.say("live.wait.absent", {{"target", typed}});
      continue;
    }
    std::vector<Node> pods = newest_pods(cluster, object, pods_of(cluster, object));
    look.settled = look.settled && settled(cluster, object, pods);
    look.progress += (look.progress.empty() ? "" : ", ") + progress_line(catalogue, object, pods);
    for (const auto& subject : look.result.report.subjects) {
      bool same = subject.name == name_of(object) && subject.kind == object["kind"].string();
      look.certain = look.certain || (same && certain(cluster, object, subject, pods));
    }
  }
  return look;
}

}  // namespace podcheck::live
