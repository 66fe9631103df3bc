#include "preflight/admission.hpp"

#include <algorithm>

#include "catalogue/catalogue.hpp"
#include "kube/effective.hpp"
#include "kube/pod_security.hpp"
#include "kube/quota.hpp"
#include "kube/references.hpp"

namespace podcheck::preflight {

using document::Node;
using kube::Quantity;

namespace {

// An object that the pod cannot be made without.
void check_exists(World& world, const Workload& workload, std::string_view kind, std::string_view field,
                  std::string_view cause, std::vector<Problem>& problems) {
  Node at = workload.pod->spec[field];
  std::string_view name = at.string();
  if (name.empty() || kube::exists_in_every_cluster(kind, name) || world.find(kind, workload.namespace_, name) ||
      !world.knows(kind, workload.namespace_)) {
    return;
  }
  Problem problem;
  problem.cause = cause;
  problem.at = at;
  std::string near = catalogue::nearest(name, world.names(kind, workload.namespace_));
  problem.variant = near.empty() ? "" : "near";
  problem.values = {{"name", std::string(name)}, {"namespace", workload.namespace_}, {"near", near}};
  problems.push_back(std::move(problem));
}

void check_namespace(World& world, const Workload& workload, std::vector<Problem>& problems) {
  Node found = world.find("Namespace", {}, workload.namespace_);
  Problem problem;
  problem.values = {{"namespace", workload.namespace_}};
  if (!found && world.knows("Namespace", {}) && !world.snapshot().list("namespaces").items.empty() &&
      workload.namespace_ != "default") {
    problem.cause = "admission-namespace-missing";
    problems.push_back(std::move(problem));
  } else if (found["status"]["phase"].string() == "Terminating") {
    problem.cause = "admission-namespace-terminating";
    problems.push_back(std::move(problem));
  }
}

void check_pod_security(World& world, const Workload& workload, std::vector<Problem>& problems) {
  kube::PodSecurityPolicy policy = kube::enforced_policy(world.namespace_labels(workload.namespace_));
  std::vector<kube::PodSecurityViolation> violations = kube::pod_security_violations(*workload.pod, policy);
  if (violations.empty()) {
    return;
  }
  Problem problem;
  problem.cause = "podsecurity-violation";
  problem.values = {{"namespace", workload.namespace_},
                    {"policy", policy.name()},
                    {"violations", kube::pod_security_message(violations)}};
  for (const kube::PodSecurityField& field : violations.front().fields) {
    problem.at = field.at;
    break;
  }
  problems.push_back(std::move(problem));
}

}  // namespace

kube::LimitRanges limit_ranges(World& world, const Workload& workload) {
  kube::LimitRanges ranges;
  for (Node range : world.all("LimitRange", workload.namespace_)) {
    ranges.push_back(range["spec"]);
  }
  return ranges;
}

namespace {

void check_limit_ranges(World& world, const Workload& workload, const kube::LimitRanges& ranges,
                        std::vector<Problem>& problems) {
  for (Node range : world.all("LimitRange", workload.namespace_)) {
    for (const kube::LimitRangeViolation& violation :
         kube::limit_range_violations(range["spec"], *workload.pod, ranges)) {
      Problem problem;
      problem.cause = "limitrange-violation";
      problem.variant = violation.is_absent ? "absent" : violation.bound;
      problem.container = violation.container == nullptr ? "" : std::string(violation.container->name);
      if (violation.container != nullptr) {
        problem.at =
            violation.container->node["resources"][violation.is_limit ? "limits" : "requests"][violation.resource];
      }
      problem.values = {{"range", std::string(range["metadata"]["name"].string())},
                        {"type", std::string(violation.type)},
                        {"container", problem.container},
                        {"field", violation.is_limit ? "limit" : "request"},
                        {"resource", violation.resource},
                        {"value", violation.value},
                        {"allowed", violation.allowed}};
      problems.push_back(std::move(problem));
    }
  }
}

// What the pods that are replaced give back to the quota.
Quantity returned(const std::vector<Node>& old_pods, std::string_view resource, const kube::LimitRanges& ranges) {
  Quantity sum;
  for (Node pod : old_pods) {
    kube::ResourceList usage = kube::quota_usage(kube::pod_template_at(pod["metadata"], pod["spec"]), ranges);
    auto found = usage.find(resource);
    if (found != usage.end()) {
      sum += found->second;
    }
  }
  return sum;
}

// An amount of an entry of spec.hard, as people write it.
std::string quota_text(std::string_view entry, const Quantity& amount) {
  entry.remove_prefix(entry.starts_with("requests.") ? 9 : entry.starts_with("limits.") ? 7 : 0);
  return kube::format_resource(entry, amount);
}

// A rolling update makes the first new pod while all old ones but maxUnavailable still count.
void check_rollout(Node quota, std::string_view entry, const Quantity& need, const Quantity& hard,
                   const Workload& workload, const std::vector<Node>& old_pods, const kube::LimitRanges& ranges,
                   std::vector<Problem>& problems) {
  kube::Rollout rollout = kube::rollout(workload.object->object);
  if (workload.kind() != "Deployment" || old_pods.empty() || rollout.type != "RollingUpdate") {
    return;
  }
  auto unavailable = std::min<std::size_t>(static_cast<std::size_t>(std::max<std::int64_t>(rollout.max_unavailable, 0)),
                                           old_pods.size());
  std::vector<Node> gone(old_pods.begin(), old_pods.begin() + static_cast<std::ptrdiff_t>(unavailable));
  Quantity used = kube::quantity_of(quota["status"]["used"][entry]).value_or(Quantity());
  used -= returned(gone, entry, ranges);
  if (used + need <= hard) {
    return;
  }
  Problem problem;
  problem.cause = "quota-exceeded";
  problem.variant = "rollout";
  problem.values = {{"quota", std::string(quota["metadata"]["name"].string())},
                    {"resource", std::string(entry)},
                    {"hard", quota_text(entry, hard)},
                    {"used", quota_text(entry, used)},
                    {"need", quota_text(entry, need)}};
  problems.push_back(std::move(problem));
}

void check_quota(Node quota, const Workload& workload, const std::vector<Node>& old_pods,
                 const kube::LimitRanges& ranges, std::vector<Problem>& problems) {
  Node spec = quota["spec"];
  if (!kube::quota_covers(spec, *workload.pod, ranges)) {
    return;
  }
  std::string quota_name(quota["metadata"]["name"].string());
  std::vector<kube::Unspecified> unspecified = kube::unspecified_under(spec, *workload.pod, ranges);
  if (!unspecified.empty()) {
    Problem problem;
    problem.cause = "quota-requires-limits";
    std::string resources;
    for (const kube::Unspecified& entry : unspecified) {
      if (resources.find(entry.resource) == std::string::npos) {
        resources += (resources.empty() ? "" : ", ") + entry.resource;
      }
    }
    const kube::Container* container = unspecified.front().container;
    problem.container = container == nullptr ? "" : std::string(container->name);
    problem.at = container == nullptr ? Node() : container->node;
    problem.values = {{"quota", quota_name}, {"resources", resources}, {"container", problem.container}};
    problems.push_back(std::move(problem));
  }
  kube::ResourceList usage = kube::quota_usage(*workload.pod, ranges);
  for (const document::Member& limit : spec["hard"].members()) {
    auto needed = usage.find(limit.key);
    std::optional<Quantity> hard = kube::quantity_of(limit.value);
    if (needed == usage.end() || !hard || needed->second.is_zero()) {
      continue;
    }
    Quantity used = kube::quantity_of(quota["status"]["used"][limit.key]).value_or(Quantity());
    used -= returned(old_pods, limit.key, ranges);
    used = std::max(used, Quantity());
    if (used + needed->second.times(workload.replicas) <= *hard) {
      check_rollout(quota, limit.key, needed->second, *hard, workload, old_pods, ranges, problems);
      continue;
    }
    std::int64_t fit = 0;
    while (fit < workload.replicas && used + needed->second.times(fit + 1) <= *hard) {
      ++fit;
    }
    Problem problem;
    problem.cause = "quota-exceeded";
    problem.variant = fit > 0 ? "some" : "";
    auto text = [&](const Quantity& amount) { return quota_text(limit.key, amount); };
    problem.values = {{"quota", quota_name},          {"resource", std::string(limit.key)},
                      {"hard", text(*hard)},          {"used", text(used)},
                      {"need", text(needed->second)}, {"replicas", std::to_string(workload.replicas)},
                      {"fit", std::to_string(fit)}};
    problems.push_back(std::move(problem));
  }
}

}  // namespace

void check_admission(World& world, const Workload& workload, const std::vector<Node>& old_pods,
                     std::vector<Problem>& problems) {
  check_namespace(world, workload, problems);
  check_exists(world, workload, "ServiceAccount", "serviceAccountName", "serviceaccount-missing", problems);
  check_exists(world, workload, "PriorityClass", "priorityClassName", "priorityclass-missing", problems);
  check_exists(world, workload, "RuntimeClass", "runtimeClassName", "runtimeclass-missing", problems);
  check_pod_security(world, workload, problems);
  kube::LimitRanges ranges = limit_ranges(world, workload);
  check_limit_ranges(world, workload, ranges, problems);
  for (Node quota : world.all("ResourceQuota", workload.namespace_)) {
    check_quota(quota, workload, old_pods, ranges, problems);
  }
}

}  // namespace podcheck::preflight
