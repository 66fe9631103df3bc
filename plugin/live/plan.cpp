#include "live/plan.hpp"

#include <algorithm>
#include <set>

#include "kube/references.hpp"
#include "live/facts.hpp"
#include "live/health.hpp"

namespace podcheck::live {

using cluster::LogQuery;
using cluster::Query;
using document::Node;

namespace {

// Replicas fail alike: the logs of a few tell what there is to tell.
constexpr std::size_t pods_with_logs = 3;

class Plan {
 public:
  explicit Plan(cluster::Snapshot& cluster) : cluster_(cluster) {}

  void list(std::string resource, std::string_view space = {}) {
    queries_.insert(Query{std::move(resource), std::string(space), "", "", ""});
  }
  void get(std::string_view resource, std::string_view space, std::string_view name) {
    if (!name.empty()) {
      queries_.insert(Query{std::string(resource), std::string(space), std::string(name), "", ""});
    }
  }
  void logs(Node pod) {
    for (const ContainerFacts& container : containers_of(pod)) {
      bool ended = container.now || container.last || container.restarts > 0;
      if (!ended && !container.running) {
        continue;
      }
      LogQuery query{std::string(namespace_of(pod)), std::string(name_of(pod)), std::string(container.name), false};
      logs_.insert(query);
      if (container.restarts > 0) {
        query.previous = true;
        logs_.insert(query);
      }
    }
  }
  void read() {
    if (!queries_.empty() || !logs_.empty()) {
      cluster_.prefetch({queries_.begin(), queries_.end()}, {logs_.begin(), logs_.end()});
    }
  }

 private:
  cluster::Snapshot& cluster_;
  std::set<Query> queries_;
  std::set<LogQuery> logs_;
};

void placement(Plan& plan, Node pod) {
  for (const char* resource : {"nodes", "pods", "namespaces", "persistentvolumes", "storageclasses", "csinodes",
                               "priorityclasses", "runtimeclasses"}) {
    plan.list(resource);
  }
  plan.list("persistentvolumeclaims", namespace_of(pod));
}

void references(Plan& plan, Node pod) {
  std::string_view space = namespace_of(pod);
  plan.list("configmaps", space);
  // A list of Secrets tells their names; the names of the keys come with each one that the pod refers to.
  plan.list("secrets", space);
  for (const kube::Reference& reference : kube::pod_references(kube::pod_template_at(pod["metadata"], pod["spec"]))) {
    if (reference.kind == "Secret") {
      plan.get("secrets", space, reference.name);
    }
  }
  for (Node volume : pod["spec"]["volumes"].items()) {
    if (volume.has("persistentVolumeClaim")) {
      plan.list("persistentvolumeclaims", space);
      plan.list("persistentvolumes");
      plan.list("storageclasses");
    }
  }
}

bool waits_for_reference(const ContainerFacts& container) {
  return container.waiting_reason == "CreateContainerConfigError" || container.waiting_reason == "ContainerCreating" ||
         container.waiting_reason == "PodInitializing";
}

}  // namespace

void read_targets(cluster::Snapshot& cluster, const std::vector<Word>& words, std::string_view namespace_) {
  if (cluster.source().lists_are_cheap()) {
    return;
  }
  Plan plan(cluster);
  plan.list("events", namespace_);
  if (words.empty()) {
    for (const char* resource :
         {"pods", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs"}) {
      plan.list(resource, namespace_);
    }
  }
  for (const Word& word : words) {
    std::string resource = word.resource.empty() ? "pods" : word.resource;
    plan.get(resource, namespace_, word.name);
    if (resource == "deployments" || resource == "pods") {
      plan.list("replicasets", namespace_);
    }
    if (resource == "cronjobs") {
      plan.list("jobs", namespace_);
    }
    if (resource != "pods") {
      plan.list("pods", namespace_);
    }
  }
  plan.read();
}

void read_symptoms(cluster::Snapshot& cluster, const std::vector<Node>& pods) {
  if (cluster.source().lists_are_cheap()) {
    return;
  }
  Plan plan(cluster);
  std::size_t with_logs = 0;
  for (Node pod : pods) {
    if (is_well(health_of(cluster, pod))) {
      continue;
    }
    std::string_view node = pod["spec"]["nodeName"].string();
    if (node.empty()) {
      placement(plan, pod);
      continue;
    }
    plan.get("nodes", {}, node);
    auto all = containers_of(pod);
    if (std::any_of(all.begin(), all.end(), waits_for_reference)) {
      references(plan, pod);
    }
    if (with_logs++ < pods_with_logs) {
      plan.logs(pod);
      plan.list("services", namespace_of(pod));
      plan.list("endpointslices", namespace_of(pod));
    }
  }
  plan.read();
}

}  // namespace podcheck::live
