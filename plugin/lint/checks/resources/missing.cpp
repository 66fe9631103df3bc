#include <algorithm>

#include "lint/checks/container/place.hpp"
#include "lint/checks/resources/checks.hpp"
#include "lint/checks/resources/fields.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

// An autoscaler of the bundle writes the requests of this workload.
bool has_vertical_autoscaler(const Place& place) {
  for (const BundleObject* scaler : place.bundle.of_kind("VerticalPodAutoscaler", place.object->namespace_)) {
    Node target = scaler->object.root["spec"]["targetRef"];
    if (target["kind"].string() == place.object->object.kind && target["name"].string() == place.object->object.name &&
        scaler->object.root["spec"]["updatePolicy"]["updateMode"].string("Auto") != "Off") {
      return true;
    }
  }
  return false;
}

bool no_resources_at_all(const kube::PodTemplate& pod) {
  return std::all_of(pod.containers.begin(), pod.containers.end(),
                     [](const kube::Container& container) { return kube::requests(container).empty(); });
}

}  // namespace

// Warns where an eviction loses data: a pod without any request or limit that keeps volumes of its own. Elsewhere the
// absence is worth knowing, not worth failing for.
void check_request_missing(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  if (!is_long_running(place)) {
    return;
  }
  auto known = [&](const char* resource) {
    Node pod_level = place.pod->spec["resources"];
    return kube::request(container, resource) || container.node["resources"]["requests"].has(resource) ||
           pod_level["requests"].has(resource) || pod_level["limits"].has(resource) || default_request(place, resource);
  };
  bool cpu = static_cast<bool>(known("cpu"));
  bool memory = static_cast<bool>(known("memory"));
  if ((cpu && memory) || has_vertical_autoscaler(place)) {
    return;
  }
  Hit hit;
  bool neither = !cpu && !memory;
  set_absent(hit, container.node,
             neither ? "resources.requests"
             : cpu   ? "resources.requests.memory"
                     : "resources.requests.cpu");
  bool best_effort = neither && no_resources_at_all(*place.pod);
  bool keeps_data =
      place.object->object.kind == "StatefulSet" && !place.object->object.root["spec"]["volumeClaimTemplates"].empty();
  hit.variant = best_effort ? "best-effort" : neither ? "" : cpu ? "memory" : "cpu";
  hit.severity = best_effort && keeps_data ? finding::Severity::warning : finding::Severity::info;
  hit.values = {{"container", std::string(container.name)}};
  reporter.report(std::move(hit));
}

void check_memory_limit_missing(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  if (!is_long_running(place) || container.node["resources"]["limits"].has("memory") ||
      place.pod->spec["resources"]["limits"].has("memory") || default_limit(place, "memory")) {
    return;
  }
  Hit hit;
  set_absent(hit, container.node, "resources.limits.memory");
  std::optional<kube::Quantity> request = kube::request(container, "memory");
  hit.variant = request ? "with-request" : "";
  hit.values = {{"container", std::string(container.name)}};
  if (request) {
    hit.values.emplace_back("request", kube::format_bytes(*request));
  }
  reporter.report(std::move(hit));
}

// params: {resource: ratio}; advice on limits that promise far more than is reserved.
void check_limit_request_ratio(const Place& place, Reporter& reporter) {
  for (const document::Member& allowed : place.params().members()) {
    std::optional<kube::Quantity> limit = kube::limit(*place.container, allowed.key);
    std::optional<kube::Quantity> request = kube::request(*place.container, allowed.key);
    std::int64_t ratio = allowed.value.integer().value_or(0);
    if (!limit || !request || ratio <= 0 || request->is_zero() || !(*limit > request->times(ratio))) {
      continue;
    }
    Hit hit;
    hit.at = place.container->node["resources"]["limits"][allowed.key];
    hit.related.push_back({place.container->node["resources"]["requests"][allowed.key], "request"});
    hit.values = {
        {"resource", std::string(allowed.key)},
        {"limit", kube::format_resource(allowed.key, *limit)},
        {"request", kube::format_resource(allowed.key, *request)},
        {"times",
         number(static_cast<double>(static_cast<std::int64_t>(limit->approximate() * 10 / request->approximate())) /
                10)},
        {"ratio", std::to_string(ratio)},
        {"container", std::string(place.container->name)}};
    reporter.report(std::move(hit));
  }
}

void check_cpu_limit_set(const Place& place, Reporter& reporter) {
  Node limit = place.container->node["resources"]["limits"]["cpu"];
  if (limit && !limit.is_null() && is_app(*place.container)) {
    Hit hit;
    hit.at = limit;
    hit.values = {{"limit", limit.text()}, {"container", std::string(place.container->name)}};
    reporter.report(std::move(hit));
  }
}

// params: {known: [nvidia.com/gpu, …]}: names that device plugins register; a near miss of one is a slip.
void check_extended_resource_name(const Place& place, Reporter& reporter) {
  std::vector<std::string> known;
  for (Node name : place.params()["known"].items()) {
    known.emplace_back(name.string());
  }
  for (const ResourceField& field : resource_fields(*place.pod)) {
    std::string name(field.resource);
    bool extended = name.find('/') != std::string::npos;
    if (!extended || field.use == ResourceField::Use::volume ||
        std::find(known.begin(), known.end(), name) != known.end()) {
      continue;
    }
    for (const std::string& candidate : known) {
      // A plural or another letter case; everything else may be a name that an operator chose.
      std::string lower = name;
      std::transform(lower.begin(), lower.end(), lower.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
      if (lower != candidate && lower != candidate + "s") {
        continue;
      }
      Hit hit;
      hit.at = field.node;
      hit.on_key = true;
      hit.values = {{"resource", name}, {"instead", candidate}, {"container", field.owner}};
      hit.changes.push_back({Hit::Change::Kind::replace_key, field.node, candidate, ""});
      reporter.report(std::move(hit));
    }
  }
}

}  // namespace podcheck::lint
