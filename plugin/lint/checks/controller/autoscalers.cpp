// HorizontalPodAutoscalers and what they scale.
#include <algorithm>
#include <map>

#include "kube/quota.hpp"
#include "lint/checks/controller/checks.hpp"
#include "lint/checks/pods.hpp"

namespace podcheck::lint {
namespace {

using document::Node;

template <typename Visit>
void each_autoscaler(const Place& place, Visit visit) {
  for (const BundleObject& scaler : place.bundle.objects())
    if (!scaler.context && scaler.object.kind == "HorizontalPodAutoscaler" && scaler.object.group == "autoscaling")
      visit(scaler);
}

Node target_of(const BundleObject& scaler) {
  return scaler.object.root["spec"]["scaleTargetRef"];
}

const BundleObject* target_object(const Bundle& bundle, const BundleObject& scaler) {
  return bundle.find(target_of(scaler)["kind"].string(), scaler.namespace_, target_of(scaler)["name"].string());
}

// A metric that is measured against requests: cpu or memory as a percentage.
struct Utilization {
  std::string_view resource;
  std::string_view container;  // ContainerResource: only this one counts
  Node at;
};

std::vector<Utilization> utilizations(const BundleObject& scaler) {
  std::vector<Utilization> out;
  const Node spec = scaler.object.root["spec"];
  if (const Node percent = spec["targetCPUUtilizationPercentage"])
    out.push_back({"cpu", {}, percent});
  for (Node metric : spec["metrics"].items()) {
    const bool of_container = metric["type"].string() == "ContainerResource";
    const Node source = metric[of_container ? "containerResource" : "resource"];
    const bool relative = source["target"]["type"].string() == "Utilization" || source["targetAverageUtilization"];
    if (source && relative)
      out.push_back(
          {source["name"].string(), of_container ? source["container"].string() : std::string_view(), source["name"]});
  }
  // Without any metric the server puts in 80 % of the CPU request.
  if (!spec["metrics"] && !spec["targetCPUUtilizationPercentage"])
    out.push_back({"cpu", {}, spec["maxReplicas"]});
  return out;
}

kube::LimitRanges limit_ranges(const Bundle& bundle, std::string_view namespace_) {
  kube::LimitRanges out;
  for (const BundleObject* object : bundle.of_kind("LimitRange", namespace_))
    out.push_back(object->object.root["spec"]);
  return out;
}

// Containers put in at admission bring their own requests; whether they are there is not known here.
bool counts(const kube::Container& container) {
  return container.role == kube::ContainerRole::app || container.role == kube::ContainerRole::sidecar;
}

}  // namespace

void check_hpa_requests_missing(const Place& place, Reporter& reporter) {
  each_autoscaler(place, [&](const BundleObject& scaler) {
    const BundleObject* target = target_object(place.bundle, scaler);
    if (target == nullptr || target->pods.empty())
      return;
    const kube::PodTemplate& pod = target->pods.front();
    const kube::LimitRanges ranges = limit_ranges(place.bundle, target->namespace_);
    for (const Utilization& metric : utilizations(scaler)) {
      // Requests of the pod as a whole stand for those of its containers.
      if (pod.spec["resources"]["requests"].has(metric.resource))
        continue;
      for (const kube::Container& container : pod.containers) {
        if (!counts(container) || (!metric.container.empty() && metric.container != container.name))
          continue;
        if (kube::admitted_requests(container, ranges).contains(metric.resource))
          continue;
        Hit hit;
        hit.object = &scaler;
        hit.at = metric.at;
        hit.values = {{"resource", std::string(metric.resource)},
                      {"container", std::string(container.name)},
                      {"workload", title(*target)}};
        hit.related.push_back({container.node, "container", target, hit.values});
        reporter.report(std::move(hit));
        break;
      }
    }
  });
}

void check_hpa_replicas_conflict(const Place& place, Reporter& reporter) {
  each_autoscaler(place, [&](const BundleObject& scaler) {
    const BundleObject* target = target_object(place.bundle, scaler);
    if (target == nullptr || target->context)
      return;
    const Node replicas = target->object.root["spec"]["replicas"];
    // 0 switches the autoscaler off.
    if (!replicas.integer() || replicas.integer() == 0)
      return;
    Hit hit;
    hit.object = target;
    hit.at = replicas;
    hit.values = {{"replicas", replicas.text()}, {"autoscaler", std::string(scaler.object.name)}};
    hit.related.push_back({target_of(scaler), "autoscaler", &scaler, hit.values});
    if (!replicas.shared())
      hit.changes.push_back({Hit::Change::Kind::remove_member, replicas, {}, {}});
    reporter.report(std::move(hit));
  });
}

void check_hpa_min_equals_max(const Place& place, Reporter& reporter) {
  const Node spec = place.object->object.root["spec"];
  if (place.object->object.kind != "HorizontalPodAutoscaler")
    return;
  const auto least = spec["minReplicas"].integer().value_or(1);
  if (spec["maxReplicas"].integer() != least)
    return;
  Hit hit;
  hit.at = spec["maxReplicas"];
  hit.values = {{"replicas", std::to_string(least)}};
  reporter.report(std::move(hit));
}

void check_hpa_duplicate_target(const Place& place, Reporter& reporter) {
  std::map<std::string, const BundleObject*> first;
  for (const BundleObject& scaler : place.bundle.objects()) {
    const bool keda = scaler.object.kind == "ScaledObject";
    if (!keda && scaler.object.kind != "HorizontalPodAutoscaler")
      continue;
    const Node target = target_of(scaler);
    const std::string key = scaler.namespace_ + "/" + std::string(target["kind"].string("Deployment")) + "/" +
                            std::string(target["name"].string());
    const auto [earlier, is_new] = first.emplace(key, &scaler);
    // The same autoscaler given twice is another rule's matter.
    if (is_new || scaler.context || !belong_together(place.settings, *earlier->second, scaler) ||
        (earlier->second->object.kind == scaler.object.kind && earlier->second->object.name == scaler.object.name))
      continue;
    Hit hit;
    hit.object = &scaler;
    hit.at = target["name"];
    hit.values = {
        {"target", std::string(target["kind"].string("Deployment")) + "/" + std::string(target["name"].string())},
        {"other", title(*earlier->second)}};
    hit.related.push_back({target_of(*earlier->second)["name"], "other", earlier->second, hit.values});
    reporter.report(std::move(hit));
  }
}

void check_hpa_targets_daemonset(const Place& place, Reporter& reporter) {
  if (place.object->object.kind != "HorizontalPodAutoscaler")
    return;
  const Node kind = target_of(*place.object)["kind"];
  const std::string_view name = kind.string();
  if (name != "DaemonSet" && name != "Pod" && name != "Job" && name != "CronJob")
    return;
  Hit hit;
  hit.at = kind;
  hit.values = {{"kind", std::string(name)}};
  reporter.report(std::move(hit));
}

void check_hpa_vpa_same_metric(const Place& place, Reporter& reporter) {
  each_autoscaler(place, [&](const BundleObject& scaler) {
    for (const BundleObject* vertical : place.bundle.of_kind("VerticalPodAutoscaler", scaler.namespace_)) {
      const Node spec = vertical->object.root["spec"];
      if (spec["updatePolicy"]["updateMode"].string("Auto") == "Off")
        continue;
      if (spec["targetRef"]["kind"].string() != target_of(scaler)["kind"].string() ||
          spec["targetRef"]["name"].string() != target_of(scaler)["name"].string())
        continue;
      for (const Utilization& metric : utilizations(scaler)) {
        // The vertical autoscaler may be told to leave a resource alone.
        const Node policies = spec["resourcePolicy"]["containerPolicies"];
        const bool restricted =
            !policies.empty() && std::all_of(policies.items().begin(), policies.items().end(), [&](Node policy) {
              if (policy["mode"].string() == "Off")
                return true;
              const Node controlled = policy["controlledResources"];
              if (!controlled)
                return false;
              return std::none_of(controlled.items().begin(), controlled.items().end(),
                                  [&](Node r) { return r.string() == metric.resource; });
            });
        if (restricted)
          continue;
        Hit hit;
        hit.object = &scaler;
        hit.at = metric.at;
        hit.values = {{"resource", std::string(metric.resource)}, {"other", std::string(vertical->object.name)}};
        hit.related.push_back({spec["targetRef"], "other", vertical, hit.values});
        reporter.report(std::move(hit));
      }
    }
  });
}

}  // namespace podcheck::lint
