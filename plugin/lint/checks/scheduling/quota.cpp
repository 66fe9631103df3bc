// ResourceQuota and LimitRange of the input against the pods that will be made.
#include "kube/quota.hpp"

#include <algorithm>

#include "lint/checks/pods.hpp"
#include "lint/checks/scheduling/checks.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

kube::LimitRanges limit_ranges(const Bundle& bundle, std::string_view namespace_) {
  kube::LimitRanges out;
  for (const BundleObject* object : bundle.of_kind("LimitRange", namespace_))
    out.push_back(object->object.root["spec"]);
  return out;
}

// How many pods run at the same time at least; nothing when that depends on the cluster.
std::optional<std::int64_t> pod_count(const Bundle& bundle, const BundleObject& object) {
  const std::string_view kind = object.object.kind;
  if (kind == "Pod")
    return 1;
  if (has_replicas(object.object))
    return std::max<std::int64_t>(0, least_replicas(bundle, object));
  if (kind == "Job")
    return object.object.root["spec"]["suspend"].boolean().value_or(false)
               ? 0
               : object.object.root["spec"]["parallelism"].integer().value_or(1);
  return std::nullopt;
}

const char* field_of(std::string_view resource) {
  return resource.starts_with("limits.") ? "limits" : "requests";
}

std::string_view bare(std::string_view resource) {
  return resource.starts_with("limits.") || resource.starts_with("requests.") ? resource.substr(resource.find('.') + 1)
                                                                              : resource;
}

struct Share {
  const BundleObject* object;
  kube::Quantity amount;
};

Hit resource_hit(const BundleObject& object, const kube::Container* container, std::string_view field,
                 std::string_view resource) {
  Hit hit;
  hit.object = &object;
  if (container == nullptr) {
    hit.at = object.pods.front().spec;
    return hit;
  }
  const Node value = container->node["resources"][field][resource];
  hit.at = value ? value : container->node;
  if (!value)
    hit.absent = "resources." + std::string(field) + "." + std::string(resource);
  return hit;
}

}  // namespace

void check_quota_exceeded(const Place& place, Reporter& reporter) {
  const PodsByNamespace& pods = place.bundle.index<PodIndex>().all();
  for (const BundleObject& quota : place.bundle.objects()) {
    if (quota.object.kind != "ResourceQuota")
      continue;
    const Node spec = quota.object.root["spec"];
    const kube::LimitRanges ranges = limit_ranges(place.bundle, quota.namespace_);
    for (const document::Member& hard : spec["hard"].members()) {
      const auto allowed = kube::quantity_of(hard.value);
      if (!allowed)
        continue;
      kube::Quantity total;
      std::vector<Share> shares;
      const BundleObject* too_large = nullptr;  // one pod alone is more than the quota
      for (const PodOf& pod : pods_in(pods, quota.namespace_)) {
        if (!belong_together(place.settings, quota, *pod.object) || !kube::quota_covers(spec, *pod.pod, ranges))
          continue;
        const kube::ResourceList usage = kube::quota_usage(*pod.pod, ranges);
        const auto one = usage.find(hard.key);
        if (one == usage.end())
          continue;
        if (one->second > *allowed)
          too_large = pod.object;
        const auto count = pod_count(place.bundle, *pod.object);
        if (!count || is_hook(pod.object->object))
          continue;
        shares.push_back({pod.object, one->second.times(*count)});
        total += shares.back().amount;
      }
      const std::string_view resource = bare(hard.key);
      Hit hit;
      hit.values = {{"quota", std::string(quota.object.name)},
                    {"resource", std::string(hard.key)},
                    {"hard", kube::format_resource(resource, *allowed)},
                    {"used", kube::format_resource(resource, total)}};
      if (too_large != nullptr && !too_large->context) {
        hit.object = too_large;
        hit.variant = "pod";
        const kube::PodTemplate& pod = too_large->pods.front();
        const kube::Container* most = nullptr;
        for (const kube::Container& c : pod.containers)
          if (c.node["resources"][field_of(hard.key)][resource])
            most = &c;
        Hit at = resource_hit(*too_large, most, field_of(hard.key), resource);
        hit.at = at.at;
        hit.absent = at.absent;
        hit.values.emplace_back("workload", title(*too_large));
        hit.related.push_back({hard.value, "quota", &quota, hit.values});
        reporter.report(std::move(hit));
        continue;
      }
      if (total <= *allowed)
        continue;
      // The largest consumer is where to save.
      const auto largest = std::max_element(shares.begin(), shares.end(),
                                            [](const Share& a, const Share& b) { return a.amount < b.amount; });
      if (largest->object->context)
        continue;
      hit.object = largest->object;
      const Node replicas = largest->object->object.root["spec"]["replicas"];
      hit.at = replicas ? replicas : largest->object->object.root["metadata"]["name"];
      hit.values.emplace_back("workload", title(*largest->object));
      hit.values.emplace_back("share", kube::format_resource(resource, largest->amount));
      hit.related.push_back({hard.value, "quota", &quota, hit.values});
      reporter.report(std::move(hit));
    }
  }
}

void check_quota_requires(const Place& place, Reporter& reporter) {
  const PodsByNamespace& pods = place.bundle.index<PodIndex>().all();
  for (const BundleObject& quota : place.bundle.objects()) {
    if (quota.object.kind != "ResourceQuota")
      continue;
    const Node spec = quota.object.root["spec"];
    const kube::LimitRanges ranges = limit_ranges(place.bundle, quota.namespace_);
    for (const PodOf& pod : pods_in(pods, quota.namespace_)) {
      if (pod.object->context || !belong_together(place.settings, quota, *pod.object) ||
          !kube::quota_covers(spec, *pod.pod, ranges))
        continue;
      std::vector<std::string> reported;
      for (const kube::Unspecified& missing : kube::unspecified_under(spec, *pod.pod, ranges)) {
        const std::string field = field_of(missing.resource) + std::string(".") + std::string(bare(missing.resource));
        if (std::find(reported.begin(), reported.end(), field + std::string(missing.container->name)) != reported.end())
          continue;
        reported.push_back(field + std::string(missing.container->name));
        Hit hit = resource_hit(*pod.object, missing.container, field_of(missing.resource), bare(missing.resource));
        hit.values = {{"quota", std::string(quota.object.name)},
                      {"field", field},
                      {"container", std::string(missing.container->name)}};
        hit.related.push_back({spec["hard"][missing.resource], "quota", &quota, hit.values});
        reporter.report(std::move(hit));
      }
    }
  }
}

void check_limitrange(const Place& place, Reporter& reporter) {
  const PodsByNamespace& pods = place.bundle.index<PodIndex>().all();
  for (const BundleObject& range : place.bundle.objects()) {
    if (range.object.kind != "LimitRange")
      continue;
    const kube::LimitRanges ranges = limit_ranges(place.bundle, range.namespace_);
    for (const PodOf& pod : pods_in(pods, range.namespace_)) {
      if (pod.object->context || !belong_together(place.settings, range, *pod.object))
        continue;
      for (const kube::LimitRangeViolation& found :
           kube::limit_range_violations(range.object.root["spec"], *pod.pod, ranges)) {
        const char* field = found.is_limit ? "limits" : "requests";
        Hit hit = resource_hit(*pod.object, found.container, field, found.resource);
        hit.variant = found.container == nullptr ? "pod-" : "";
        hit.variant += found.is_absent ? "absent" : std::string(found.bound);
        hit.values = {{"range", std::string(range.object.name)},
                      {"field", std::string(field) + "." + found.resource},
                      {"value", found.value},
                      {"allowed", found.allowed},
                      {"container", found.container == nullptr ? std::string() : std::string(found.container->name)}};
        hit.related.push_back({found.rule[found.bound][found.resource], "range", &range, hit.values});
        reporter.report(std::move(hit));
      }
    }
  }
}

void check_limitrange_default(const Place& place, Reporter& reporter) {
  for (const BundleObject* range : place.bundle.of_kind("LimitRange", place.object->namespace_)) {
    if (!belong_together(place.settings, *range, *place.object))
      continue;
    const kube::LimitRanges ranges{range->object.root["spec"]};
    const kube::Container& container = *place.container;
    const kube::ResourceList defaulted = kube::admitted_limits(container, ranges);
    for (const auto& [resource, request] : kube::requests(container)) {
      const auto limit = defaulted.find(resource);
      if (kube::limit(container, resource) || limit == defaulted.end() || request <= limit->second)
        continue;
      Hit hit = resource_hit(*place.object, &container, "requests", resource);
      hit.values = {{"range", std::string(range->object.name)},
                    {"resource", resource},
                    {"container", std::string(container.name)},
                    {"request", kube::format_resource(resource, request)},
                    {"limit", kube::format_resource(resource, limit->second)}};
      hit.related.push_back({range->object.root["spec"]["limits"], "range", range, hit.values});
      reporter.report(std::move(hit));
    }
  }
}

}  // namespace podcheck::lint
