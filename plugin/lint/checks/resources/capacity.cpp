#include <algorithm>
#include <map>

#include "lint/checks/container/place.hpp"
#include "lint/checks/resources/checks.hpp"
#include "lint/checks/resources/fields.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

// The field that asks for most of a resource: what to underline.
Node largest_field(const kube::PodTemplate& pod, std::string_view resource) {
  Node largest;
  kube::Quantity most;
  for (const ResourceField& field : resource_fields(pod)) {
    std::optional<kube::Quantity> quantity = kube::quantity_of(field.node);
    if (field.use != ResourceField::Use::volume && field.resource == resource && quantity && *quantity > most) {
      most = *quantity;
      largest = field.node;
    }
  }
  return largest ? largest : pod.spec["containers"];
}

// Pods that the object makes at once; nothing when that depends on the cluster.
std::optional<std::int64_t> pods_of(const Place& place, const BundleObject& object) {
  std::string_view kind = object.object.kind;
  Node spec = object.object.root["spec"];
  if (kind == "Pod") {
    return 1;
  }
  if (kind == "Job") {
    return spec["suspend"].boolean().value_or(false) ? 0 : spec["parallelism"].integer().value_or(1);
  }
  if (kind != "Deployment" && kind != "StatefulSet" && kind != "ReplicaSet" && kind != "ReplicationController") {
    return std::nullopt;
  }
  for (const BundleObject* scaler : place.bundle.of_kind("HorizontalPodAutoscaler", object.namespace_)) {
    Node target = scaler->object.root["spec"]["scaleTargetRef"];
    if (target["kind"].string() == kind && target["name"].string() == object.object.name) {
      return scaler->object.root["spec"]["minReplicas"].integer().value_or(1);
    }
  }
  return spec["replicas"].integer().value_or(1);
}

// "requests.cpu" and its short form "cpu" → {cpu, request}.
struct Counted {
  std::string_view resource;
  bool limit = false;
};
std::optional<Counted> counted(std::string_view hard) {
  for (std::string_view resource : {"cpu", "memory", "ephemeral-storage"}) {
    if (hard == resource || hard == "requests." + std::string(resource)) {
      return Counted{resource, false};
    }
    if (hard == "limits." + std::string(resource)) {
      return Counted{resource, true};
    }
  }
  return std::nullopt;
}

kube::ResourceList pod_limits(const kube::PodTemplate& pod) {
  kube::ResourceList sum;
  for (const kube::Container& container : pod.containers) {
    if (container.role == kube::ContainerRole::app || container.role == kube::ContainerRole::sidecar) {
      kube::add(sum, kube::limits(container));
    }
  }
  return sum;
}

bool is_scoped(Node quota) {
  return !quota["spec"]["scopes"].empty() || quota["spec"].has("scopeSelector");
}

}  // namespace

// Uses the node profiles of the configuration: no kind of node is large enough for the pod.
void check_request_exceeds_node(const Place& place, Reporter& reporter) {
  if (place.settings.nodes.empty()) {
    return;
  }
  kube::ResourceList needs = kube::pod_requests(*place.pod);
  for (const auto& [resource, need] : needs) {
    std::optional<kube::Quantity> most;
    for (const NodeProfile& profile : place.settings.nodes) {
      std::optional<kube::Quantity> has = kube::quantity_of(profile.node[resource]);
      // A profile that is silent on CPU or memory says nothing; other resources exist only where they are named.
      if (!has && (resource == "cpu" || resource == "memory" || resource == "ephemeral-storage")) {
        most.reset();
        break;
      }
      if (!most || (has && *has > *most)) {
        most = has ? *has : kube::Quantity();
      }
    }
    if (!most || need <= *most) {
      continue;
    }
    Hit hit;
    hit.at = largest_field(*place.pod, resource);
    hit.values = {{"resource", resource},
                  {"need", kube::format_resource(resource, need)},
                  {"most", kube::format_resource(resource, *most)}};
    reporter.report(std::move(hit));
  }
}

// A quota of the bundle that the bundle's own pods overrun.
void check_quota_exceeded(const Place& place, Reporter& reporter) {
  for (const BundleObject& quota : place.bundle.objects()) {
    if (quota.object.kind != "ResourceQuota" || !quota.object.group.empty() || is_scoped(quota.object.root)) {
      continue;
    }
    for (const document::Member& hard : quota.object.root["spec"]["hard"].members()) {
      std::optional<kube::Quantity> allowed = kube::quantity_of(hard.value);
      std::optional<Counted> what = counted(hard.key);
      bool counts_pods = hard.key == "pods" || hard.key == "count/pods";
      if (!allowed || (!what && !counts_pods)) {
        continue;
      }
      kube::Quantity sum;
      std::vector<Hit::Pointer> related;
      for (const BundleObject& object : place.bundle.objects()) {
        std::optional<std::int64_t> pods = pods_of(place, object);
        if (object.namespace_ != quota.namespace_ || object.pods.empty() || !pods || *pods <= 0) {
          continue;
        }
        kube::Quantity each = kube::Quantity::from_units(1);
        if (what) {
          kube::ResourceList list = what->limit ? pod_limits(object.pods[0]) : kube::pod_requests(object.pods[0]);
          auto found = list.find(what->resource);
          each = found == list.end() ? kube::Quantity() : found->second;
        }
        if (each.is_zero()) {
          continue;
        }
        sum += each.times(*pods);
        std::string_view resource = what ? what->resource : std::string_view("pods");
        constexpr std::size_t most_related = 5;
        if (related.size() < most_related) {
          related.push_back({object.object.root["metadata"]["name"],
                             "workload",
                             &object,
                             {{"pods", std::to_string(*pods)},
                              {"each", kube::format_resource(resource, each)},
                              {"object", std::string(object.object.kind) + "/" + std::string(object.object.name)}}});
        }
      }
      if (!(sum > *allowed)) {
        continue;
      }
      std::string_view resource = what ? what->resource : std::string_view("pods");
      Hit hit;
      hit.at = hard.value;
      hit.object = &quota;
      hit.related = std::move(related);
      hit.values = {{"quota", std::string(quota.object.name)},
                    {"resource", std::string(hard.key)},
                    {"allowed", kube::format_resource(resource, *allowed)},
                    {"needed", kube::format_resource(resource, sum)}};
      reporter.report(std::move(hit));
    }
  }
}

// A quota of the bundle counts a resource that a container does not give, and no LimitRange fills in.
void check_quota_requires(const Place& place, Reporter& reporter) {
  if (place.pod->spec.has("resources")) {
    return;
  }
  for (const BundleObject* quota : place.bundle.of_kind("ResourceQuota", place.object->namespace_)) {
    if (is_scoped(quota->object.root)) {
      continue;
    }
    for (const document::Member& hard : quota->object.root["spec"]["hard"].members()) {
      std::optional<Counted> what = counted(hard.key);
      if (!what || what->resource == "ephemeral-storage") {
        continue;
      }
      for (const kube::Container& container : place.pod->containers) {
        bool given = what->limit ? kube::limit(container, what->resource) || default_limit(place, what->resource)
                                 : kube::request(container, what->resource) || default_request(place, what->resource);
        if (given || container.role == kube::ContainerRole::ephemeral) {
          continue;
        }
        Hit hit;
        std::string field = std::string(what->limit ? "limits." : "requests.") + std::string(what->resource);
        set_absent(hit, container.node, "resources." + field);
        hit.related.push_back({hard.value, "quota", quota});
        hit.values = {
            {"quota", std::string(quota->object.name)}, {"field", field}, {"container", std::string(container.name)}};
        reporter.report(std::move(hit));
        break;
      }
    }
  }
}

// A LimitRange of the bundle that the container violates, after its own defaults.
void check_limit_range(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  for (const BundleObject* range : place.bundle.of_kind("LimitRange", place.object->namespace_)) {
    for (Node item : range->object.root["spec"]["limits"].items()) {
      if (item["type"].string() != "Container") {
        continue;
      }
      auto report = [&](const char* variant, Node at, std::string_view resource, const kube::Quantity& value,
                        const kube::Quantity& bound, Node rule) {
        Hit hit;
        hit.at = at ? at : container.node["name"];
        hit.variant = variant;
        hit.related.push_back({rule, "range", range});
        hit.values = {{"resource", std::string(resource)},
                      {"value", kube::format_resource(resource, value)},
                      {"bound", kube::format_resource(resource, bound)},
                      {"range", std::string(range->object.name)},
                      {"container", std::string(container.name)}};
        reporter.report(std::move(hit));
      };
      Node resources = container.node["resources"];
      for (const document::Member& most : item["max"].members()) {
        std::optional<kube::Quantity> limit = kube::limit(container, most.key);
        std::optional<kube::Quantity> bound = kube::quantity_of(most.value);
        if (limit && bound && *limit > *bound) {
          report("max", resources["limits"][most.key], most.key, *limit, *bound, most.value);
        }
      }
      for (const document::Member& least : item["min"].members()) {
        std::optional<kube::Quantity> request = kube::request(container, least.key);
        std::optional<kube::Quantity> bound = kube::quantity_of(least.value);
        if (request && bound && *request < *bound) {
          Node own = resources["requests"][least.key];
          report("min", own ? own : resources["limits"][least.key], least.key, *request, *bound, least.value);
        }
      }
      for (const document::Member& fallback : item["default"].members()) {
        Node own = resources["requests"][fallback.key];
        std::optional<kube::Quantity> request = kube::quantity_of(own);
        std::optional<kube::Quantity> bound = kube::quantity_of(fallback.value);
        if (request && bound && !resources["limits"].has(fallback.key) && *request > *bound) {
          report("default", own, fallback.key, *request, *bound, fallback.value);
        }
      }
    }
  }
}

}  // namespace podcheck::lint
