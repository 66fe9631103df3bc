#include "live/target.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "kube/selector.hpp"
#include "live/facts.hpp"

namespace podcheck::live {

using cluster::Snapshot;
using document::Node;

namespace {

struct Alias {
  std::string_view word;
  std::string_view resource;
};

// kubectl's short names, singulars and plurals of what live can examine.
constexpr std::array<Alias, 39> aliases = {{{"po", "pods"},
                                            {"pod", "pods"},
                                            {"pods", "pods"},
                                            {"deploy", "deployments"},
                                            {"deployment", "deployments"},
                                            {"deployments", "deployments"},
                                            {"rs", "replicasets"},
                                            {"replicaset", "replicasets"},
                                            {"replicasets", "replicasets"},
                                            {"sts", "statefulsets"},
                                            {"statefulset", "statefulsets"},
                                            {"statefulsets", "statefulsets"},
                                            {"ds", "daemonsets"},
                                            {"daemonset", "daemonsets"},
                                            {"daemonsets", "daemonsets"},
                                            {"job", "jobs"},
                                            {"jobs", "jobs"},
                                            {"cj", "cronjobs"},
                                            {"cronjob", "cronjobs"},
                                            {"cronjobs", "cronjobs"},
                                            {"rc", "replicationcontrollers"},
                                            {"replicationcontroller", "replicationcontrollers"},
                                            {"replicationcontrollers", "replicationcontrollers"},
                                            {"pvc", "persistentvolumeclaims"},
                                            {"persistentvolumeclaim", "persistentvolumeclaims"},
                                            {"persistentvolumeclaims", "persistentvolumeclaims"},
                                            {"svc", "services"},
                                            {"service", "services"},
                                            {"services", "services"},
                                            {"hpa", "horizontalpodautoscalers"},
                                            {"horizontalpodautoscaler", "horizontalpodautoscalers"},
                                            {"horizontalpodautoscalers", "horizontalpodautoscalers"},
                                            {"pdb", "poddisruptionbudgets"},
                                            {"poddisruptionbudget", "poddisruptionbudgets"},
                                            {"poddisruptionbudgets", "poddisruptionbudgets"},
                                            {"deployments.apps", "deployments"},
                                            {"statefulsets.apps", "statefulsets"},
                                            {"daemonsets.apps", "daemonsets"},
                                            {"jobs.batch", "jobs"}}};

constexpr std::array<std::string_view, 8> workload_resources = {
    "deployments", "statefulsets", "daemonsets", "cronjobs", "jobs", "replicasets", "replicationcontrollers", "pods"};

bool owned_by(Node object, Node owner) {
  std::string_view uid = owner["metadata"]["uid"].string();
  for (Node reference : object["metadata"]["ownerReferences"].items()) {
    std::string_view other = reference["uid"].string();
    // Pasted text has no uids: kind and name must do.
    bool same = uid.empty() || other.empty() ? reference["kind"].string() == owner["kind"].string() &&
                                                   reference["name"].string() == name_of(owner)
                                             : uid == other;
    if (same) {
      return true;
    }
  }
  return false;
}

bool mounts_claim(Node pod, std::string_view claim) {
  for (Node volume : pod["spec"]["volumes"].items()) {
    if (volume["persistentVolumeClaim"]["claimName"].string() == claim) {
      return true;
    }
    if (volume.has("ephemeral") && std::string(name_of(pod)) + "-" + std::string(volume["name"].string()) == claim) {
      return true;
    }
  }
  return false;
}

bool selected(Node pod, Node selector) {
  if (selector.empty()) {
    return false;
  }
  for (const auto& [key, value] : selector.members()) {
    if (pod["metadata"]["labels"][key].text() != value.text()) {
      return false;
    }
  }
  return true;
}

// The objects of a namespace by "Kind/name" of those that own them, so that each workload does not look at all pods.
class Owned {
 public:
  explicit Owned(Snapshot& cluster) : cluster_(cluster) {}
  const std::vector<Node>& by(Node owner, const char* resource) {
    std::string space(namespace_of(owner));
    auto [place, fresh] = index_.try_emplace({resource, space});
    if (fresh) {
      for (Node object : cluster_.list(resource, space).items) {
        for (Node reference : object["metadata"]["ownerReferences"].items()) {
          auto& owned = place->second[reference["kind"].text() + "/" + reference["name"].text()];
          if (owned.empty() || owned.back() != object) {
            owned.push_back(object);
          }
        }
      }
    }
    return place->second[label_of(owner)];
  }

 private:
  Snapshot& cluster_;
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::vector<Node>>> index_;
};

void collect(Snapshot& cluster, Node owner, std::vector<Node>& pods, int depth) {
  Owned& owned = cluster.derived<Owned>([&] { return Owned(cluster); });
  for (Node pod : owned.by(owner, "pods")) {
    if (owned_by(pod, owner)) {
      pods.push_back(pod);
    }
  }
  std::string_view kind = owner["kind"].string();
  const char* between = kind == "Deployment" ? "replicasets" : kind == "CronJob" ? "jobs" : nullptr;
  if (between == nullptr || depth > 3) {
    return;
  }
  for (Node object : owned.by(owner, between)) {
    if (owned_by(object, owner)) {
      collect(cluster, object, pods, depth + 1);
    }
  }
}

}  // namespace

Word parse_target(std::string_view word) {
  std::size_t slash = word.find('/');
  if (slash == std::string_view::npos) {
    return {"", std::string(word)};
  }
  std::string kind(word.substr(0, slash));
  std::transform(kind.begin(), kind.end(), kind.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const Alias& alias : aliases) {
    if (alias.word == kind) {
      return {std::string(alias.resource), std::string(word.substr(slash + 1))};
    }
  }
  return {kind, std::string(word.substr(slash + 1)), false};
}

std::vector<Node> owners_of(Snapshot& cluster, Node object) {
  std::vector<Node> chain;
  Node at = object;
  while (chain.size() < 4) {
    Node reference = controller_reference(at);
    std::string_view resource = resource_of_kind(reference["kind"].string());
    if (!reference || resource.empty() || resource == "nodes") {
      break;
    }
    Node owner = cluster.get(resource, namespace_of(object), reference["name"].string());
    if (!owner) {
      break;
    }
    chain.push_back(owner);
    at = owner;
  }
  return chain;
}

Node top_owner(Snapshot& cluster, Node pod) {
  auto chain = owners_of(cluster, pod);
  return chain.empty() ? Node() : chain.back();
}

std::vector<Node> pods_of(Snapshot& cluster, Node object) {
  std::string_view kind = object["kind"].string();
  std::vector<Node> pods;
  if (kind == "Pod") {
    return {object};
  }
  if (kind == "Service") {
    for (Node pod : cluster.list("pods", namespace_of(object)).items) {
      if (selected(pod, object["spec"]["selector"])) {
        pods.push_back(pod);
      }
    }
    return pods;
  }
  if (kind == "PersistentVolumeClaim") {
    for (Node pod : cluster.list("pods", namespace_of(object)).items) {
      if (mounts_claim(pod, name_of(object))) {
        pods.push_back(pod);
      }
    }
    return pods;
  }
  if (kind == "PodDisruptionBudget") {
    for (Node pod : cluster.list("pods", namespace_of(object)).items) {
      if (kube::matches(object["spec"]["selector"], pod["metadata"]["labels"])) {
        pods.push_back(pod);
      }
    }
    return pods;
  }
  collect(cluster, object, pods, 0);
  return pods;
}

Node find_target(Snapshot& cluster, const Word& word, std::string_view namespace_) {
  if (!word.resource.empty()) {
    return word.known ? cluster.get(word.resource, namespace_, word.name) : Node();
  }
  if (Node pod = cluster.get("pods", namespace_, word.name)) {
    return pod;
  }
  for (std::string_view resource : workload_resources) {
    if (Node object = cluster.get(resource, namespace_, word.name)) {
      return object;
    }
  }
  return {};
}

namespace {

bool has_endpoints(Snapshot& cluster, Node service, bool& known) {
  Node endpoints = cluster.get("endpoints", namespace_of(service), name_of(service));
  known = static_cast<bool>(endpoints);
  return endpoints["subsets"].size() > 0;
}

// Claims that wait and Services without endpoints, where no pod of theirs is in the text.
void add_alone(Snapshot& cluster, std::string_view namespace_, std::vector<Target>& targets) {
  for (Node claim : cluster.list("persistentvolumeclaims", namespace_).items) {
    std::string_view phase = claim["status"]["phase"].string();
    if ((phase == "Pending" || phase == "Lost") && pods_of(cluster, claim).empty()) {
      targets.push_back({claim, {}});
    }
  }
  for (Node service : cluster.list("services", namespace_).items) {
    bool known = false;
    if (!has_endpoints(cluster, service, known) && known && pods_of(cluster, service).empty()) {
      targets.push_back({service, {}});
    }
  }
}

}  // namespace

std::vector<Target> all_targets(Snapshot& cluster, std::string_view namespace_) {
  std::vector<Target> targets;
  std::map<std::string, std::size_t> place;  // "namespace/Kind/name" of a top-most owner
  auto key = [](Node object) { return std::string(namespace_of(object)) + "/" + label_of(object); };
  for (std::string_view resource : workload_resources) {
    if (resource == "pods") {
      continue;
    }
    for (Node object : cluster.list(resource, namespace_).items) {
      if (!top_owner(cluster, object)) {
        place.emplace(key(object), targets.size());
        targets.push_back({object, {}});
      }
    }
  }
  for (Node pod : cluster.list("pods", namespace_).items) {
    Node owner = top_owner(cluster, pod);
    auto found = owner ? place.find(key(owner)) : place.end();
    if (found != place.end()) {
      targets[found->second].pods.push_back(pod);
    } else {
      targets.push_back({pod, {pod}});
    }
  }
  // Of a part of a cluster that was copied out, what is in it is what was meant: a claim or a Service alone, too.
  if (cluster.source().partial("pods")) {
    add_alone(cluster, namespace_, targets);
  }
  return targets;
}

}  // namespace podcheck::live
