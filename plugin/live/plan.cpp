#include "live/plan.hpp"

#include <algorithm>
#include <set>

#include "kube/references.hpp"
#include "live/alike.hpp"
#include "live/facts.hpp"
#include "live/health.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using cluster::LogQuery;
using cluster::Query;
using document::Node;

namespace {

// So many single reads of one resource cost more than one list of all namespaces.
constexpr std::size_t few = 4;

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
  // Of many pods only the containers in trouble. The log of a container that does not run is that of its last run: only
  // of one that runs again the previous one is another.
  void logs(Node pod, bool named) {
    for (const ContainerFacts& container : containers_of(pod)) {
      bool ended = container.now || container.last || container.restarts > 0;
      if ((!ended && !container.running) || (!named && !ended && container.ready)) {
        continue;
      }
      LogQuery query{std::string(namespace_of(pod)), std::string(name_of(pod)), std::string(container.name), false};
      logs_.insert(query);
      if (container.restarts > 0 && container.running) {
        query.previous = true;
        logs_.insert(query);
      }
    }
  }
  // The controllers above a pod, as far as what is there already tells of them.
  void owner(Node pod) {
    Node reference = controller_reference(pod);
    std::string_view resource = resource_of_kind(reference["kind"].string());
    if (resource.empty() || resource == "nodes") {
      return;
    }
    get(resource, namespace_of(pod), reference["name"].string());
    if (resource == "replicasets") {
      Node set = cluster_.get(resource, namespace_of(pod), reference["name"].string());
      Node above = controller_reference(set);
      get(resource_of_kind(above["kind"].string()), namespace_of(pod), above["name"].string());
    }
  }
  // Many reads of one resource become one list of it; names of objects that others may read stay single.
  void fold(std::string_view resource) {
    auto same = [&](const Query& query) { return query.resource == resource; };
    if (std::count_if(queries_.begin(), queries_.end(), same) > static_cast<std::ptrdiff_t>(few)) {
      std::erase_if(queries_, same);
      list(std::string(resource));
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

// A named target's namespace is listed, for what is nearly called alike; of many pods only what each refers to is read.
void references(Plan& plan, Node pod, bool named) {
  std::string_view space = namespace_of(pod);
  if (named) {
    plan.list("configmaps", space);
    // A list of Secrets tells their names; the names of the keys come with each one that the pod refers to.
    plan.list("secrets", space);
  }
  for (const kube::Reference& reference : kube::pod_references(kube::pod_template_at(pod["metadata"], pod["spec"]))) {
    if (reference.kind == "Secret") {
      plan.get("secrets", space, reference.name);
    } else if (reference.kind == "ConfigMap" && !named) {
      plan.get("configmaps", space, reference.name);
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

// Whether the logs that were read, or a probe, tell of a connection or a name: only then are Services worth a look.
bool speaks_of_others(cluster::Snapshot& cluster, Node pod) {
  for (const ContainerFacts& container : containers_of(pod)) {
    bool ended = container.now || container.last || container.restarts > 0;
    for (bool previous : {false, true}) {
      if ((previous && !(container.running && container.restarts > 0)) || (!ended && !container.running) ||
          (!ended && container.ready)) {
        continue;
      }
      std::string log = lower(cluster.log(namespace_of(pod), name_of(pod), container.name, previous).text);
      if (contains_any(log, {"host", "connect", "dial", "lookup", "resolve", "dns", "refused", "unreachable",
                             "timed out", "timeout", "name or service", "enotfound", "socket", "broker", "upstream"})) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

void read_targets(cluster::Snapshot& cluster, const std::vector<Word>& words, std::string_view namespace_) {
  if (cluster.source().lists_are_cheap()) {
    return;
  }
  Plan plan(cluster);
  plan.list("events", namespace_);
  if (words.empty()) {
    for (const char* resource : {"pods", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs",
                                 "replicationcontrollers"}) {
      plan.list(resource, namespace_);
    }
    if (namespace_.empty()) {
      plan.list("nodes");
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

void read_symptoms(cluster::Snapshot& cluster, const std::vector<Node>& pods, bool named) {
  if (cluster.source().lists_are_cheap()) {
    return;
  }
  Plan plan(cluster);
  Sample sample(cluster, named);
  std::vector<Node> sampled;
  for (Node pod : pods) {
    if (is_well(health_of(cluster, pod)) || !sample.takes(pod)) {
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
      references(plan, pod, named);
    }
    plan.logs(pod, named);
    plan.owner(pod);
    sampled.push_back(pod);
  }
  for (const char* resource : {"nodes", "persistentvolumeclaims"}) {
    plan.fold(resource);
  }
  plan.read();
  Plan second(cluster);
  for (Node pod : sampled) {
    if (speaks_of_others(cluster, pod)) {
      second.list("services", namespace_of(pod));
      second.list("endpointslices", namespace_of(pod));
    }
  }
  for (const char* resource : {"services", "endpointslices"}) {
    second.fold(resource);
  }
  second.read();
}

}  // namespace podcheck::live
