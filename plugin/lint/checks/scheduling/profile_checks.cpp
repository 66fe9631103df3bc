// What the configured nodes can take.
#include <algorithm>

#include "kube/effective.hpp"
#include "kube/selector.hpp"
#include "lint/checks/pods.hpp"
#include "lint/checks/scheduling/checks.hpp"
#include "lint/checks/scheduling/node_profiles.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

// Where a person says on which nodes the pod may run.
Node choice(const kube::PodTemplate& pod) {
  for (const char* field : {"nodeSelector", "affinity", "tolerations"})
    if (const Node node = pod.spec[field])
      return node;
  return pod.spec;
}

// The first required anti-affinity of the pod against its own kind.
Node self_anti_affinity(const kube::PodTemplate& pod, std::string_view namespace_) {
  for (Node term : pod.spec["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"].items()) {
    if (!kube::matches(term["labelSelector"], pod.metadata["labels"]))
      continue;
    bool own = term["namespaces"].empty() && !term["namespaceSelector"];
    for (Node name : term["namespaces"].items())
      own = own || name.string() == namespace_;
    if (own || term["namespaceSelector"].is_mapping())
      return term;
  }
  return {};
}

// How many pods the anti-affinity leaves room for, and by which topology; -1 when that is not known.
std::int64_t room(const NodeProfiles& profiles, const BundleObject& object, const kube::PodTemplate& pod, Node term) {
  if (!profiles.counted())
    return -1;
  const std::string_view topology = term["topologyKey"].string();
  const auto matching = profiles.matching(object, pod);
  if (topology == "kubernetes.io/hostname")
    return profiles.domains(matching, topology);
  // Other labels have to be in the profiles; without any nothing is known about them.
  const std::int64_t domains = profiles.domains(matching, topology);
  return domains > 0 ? domains : -1;
}

// No resource is too much for every node, but no node has enough of all: the node that lacks least, and what it lacks.
struct Nearest {
  std::size_t profile = 0;
  std::vector<std::string_view> lacks;
};

std::optional<Nearest> nearest_of_none(const NodeProfiles& profiles, const std::vector<std::size_t>& matching,
                                       const kube::ResourceList& need) {
  std::optional<Nearest> nearest;
  for (std::size_t i : matching) {
    Nearest here{i, {}};
    for (const auto& [resource, wanted] : need) {
      // What a profile does not speak of may be there.
      const auto has = kube::quantity_of(profiles.amount(i, resource));
      if (has && wanted > *has)
        here.lacks.push_back(resource);
    }
    if (here.lacks.empty())
      return std::nullopt;
    if (!nearest || here.lacks.size() < nearest->lacks.size())
      nearest = std::move(here);
  }
  return nearest;
}

// Where the container that asks for most of a resource asks for it.
Node largest_request(const kube::PodTemplate& pod, std::string_view resource) {
  const kube::Container* most = nullptr;
  for (const kube::Container& c : pod.containers) {
    const auto own = kube::request(c, resource);
    const auto before = most == nullptr ? std::nullopt : kube::request(*most, resource);
    if (own && (!before || *own > *before))
      most = &c;
  }
  if (most == nullptr)
    return pod.spec;
  const Node resources = most->node["resources"];
  const Node amount = resources["requests"][resource] ? resources["requests"][resource] : resources["limits"][resource];
  return amount ? amount : pod.spec;
}

}  // namespace

void check_no_matching_node_profile(const Place& place, Reporter& reporter) {
  const NodeProfiles profiles(place);
  if (profiles.empty() || !profiles.matching(*place.object, *place.pod).empty())
    return;
  Hit hit;
  hit.at = choice(*place.pod);
  hit.on_key = !(hit.at == place.pod->spec);
  hit.values = {{"count", std::to_string(place.settings.nodes.size())}};
  // A DaemonSet for nodes that are not there simply has no pods.
  if (place.object->object.kind == "DaemonSet")
    hit.severity = finding::Severity::info;
  reporter.report(std::move(hit));
}

void check_request_exceeds_node(const Place& place, Reporter& reporter) {
  const NodeProfiles profiles(place);
  const auto matching = profiles.matching(*place.object, *place.pod);
  if (matching.empty())
    return;
  const kube::ResourceList need = kube::pod_requests(*place.pod);
  bool reported = false;
  for (const auto& [resource, wanted] : need) {
    std::optional<kube::Quantity> largest;
    bool unknown = false;
    const bool extended = resource != "cpu" && resource != "memory" && resource != "ephemeral-storage";
    for (std::size_t i : matching) {
      const auto has = kube::quantity_of(profiles.amount(i, resource));
      if (!has && !extended)
        unknown = true;
      if (has && (!largest || *has > *largest))
        largest = *has;
    }
    // Resources that no profile speaks of are not judged.
    if (unknown || !largest || wanted <= *largest)
      continue;
    Hit hit;
    hit.at = largest_request(*place.pod, resource);
    hit.values = {{"resource", resource},
                  {"need", kube::format_resource(resource, wanted)},
                  {"largest", kube::format_resource(resource, *largest)}};
    reporter.report(std::move(hit));
    reported = true;
  }
  if (reported)
    return;
  if (const std::optional<Nearest> nearest = nearest_of_none(profiles, matching, need)) {
    const std::string resource(nearest->lacks.front());
    const auto has = kube::quantity_of(profiles.amount(nearest->profile, resource)).value_or(kube::Quantity());
    Hit hit;
    hit.at = largest_request(*place.pod, resource);
    hit.variant = "together";
    hit.values = {{"resource", resource},
                  {"need", kube::format_resource(resource, need.at(resource))},
                  {"largest", kube::format_resource(resource, has)},
                  {"node", profiles.name(nearest->profile)}};
    reporter.report(std::move(hit));
  }
}

void check_anti_affinity_exceeds_nodes(const Place& place, Reporter& reporter) {
  const kube::Object& object = place.object->object;
  if (!has_replicas(object))
    return;
  const Node term = self_anti_affinity(*place.pod, place.object->namespace_);
  if (!term)
    return;
  const NodeProfiles profiles(place);
  const std::int64_t domains = room(profiles, *place.object, *place.pod, term);
  if (domains < 0)
    return;
  const std::int64_t replicas = least_replicas(place.bundle, *place.object);
  Hit hit;
  hit.at = term["topologyKey"];
  hit.values = {{"replicas", std::to_string(replicas)},
                {"domains", std::to_string(domains)},
                {"topology", std::string(term["topologyKey"].string())}};
  if (object.root["spec"]["replicas"])
    hit.related.push_back({object.root["spec"]["replicas"], "replicas", nullptr, hit.values});
  if (replicas > domains) {
    reporter.report(std::move(hit));
  } else if (object.kind == "Deployment" && replicas == domains) {
    // The new pod of a rolling update finds no free node, and no old one may go before it is ready.
    const kube::Rollout rollout = kube::rollout(object);
    if (rollout.type != "RollingUpdate" || rollout.max_unavailable > 0 || rollout.max_surge == 0)
      return;
    hit.variant = "rollout";
    hit.severity = finding::Severity::warning;
    reporter.report(std::move(hit));
  }
}

void check_hpa_max_unschedulable(const Place& place, Reporter& reporter) {
  const NodeProfiles profiles(place);
  if (!profiles.counted())
    return;
  for (const BundleObject& scaler : place.bundle.objects()) {
    if (scaler.context || scaler.object.kind != "HorizontalPodAutoscaler")
      continue;
    const Node spec = scaler.object.root["spec"];
    const BundleObject* target = place.bundle.find(spec["scaleTargetRef"]["kind"].string(), scaler.namespace_,
                                                   spec["scaleTargetRef"]["name"].string());
    const std::int64_t most = spec["maxReplicas"].integer().value_or(0);
    if (target == nullptr || target->pods.empty())
      continue;
    const kube::PodTemplate& pod = target->pods.front();
    Hit hit;
    hit.object = &scaler;
    hit.at = spec["maxReplicas"];
    hit.values = {{"max", std::to_string(most)}, {"workload", title(*target)}};
    if (const Node term = self_anti_affinity(pod, target->namespace_)) {
      const std::int64_t domains = room(profiles, *target, pod, term);
      if (domains >= 0 && most > domains) {
        hit.variant = "anti-affinity";
        hit.values.emplace_back("room", std::to_string(domains));
        hit.related.push_back({term, "reason", target, hit.values});
        reporter.report(std::move(hit));
        continue;
      }
    }
    // Pods that the nodes hold when nothing else runs on them.
    std::int64_t fits = 0;
    bool unknown = false;
    const kube::ResourceList need = kube::pod_requests(pod);
    for (std::size_t i : profiles.matching(*target, pod)) {
      std::int64_t here = profiles.profile(i)["pods"].integer().value_or(most);
      for (const auto& [resource, amount] : need) {
        const auto has = kube::quantity_of(profiles.profile(i)[resource]);
        if (!has || amount.is_zero())
          continue;
        here = std::min(here, static_cast<std::int64_t>(has->nanos() / amount.nanos()));
      }
      unknown = unknown || here < 0;
      fits += here * profiles.profile(i)["count"].integer().value_or(0);
    }
    if (unknown || most <= fits || need.empty())
      continue;
    hit.values.emplace_back("room", std::to_string(fits));
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
