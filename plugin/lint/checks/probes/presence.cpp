#include <algorithm>

#include "lint/checks/container/place.hpp"
#include "lint/checks/probes/checks.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

bool is_side_channel(std::string_view name) {
  for (const char* word : {"metric", "prometheus", "telemetry", "monitor", "debug", "pprof", "profil", "admin",
                           "gossip", "peer", "raft", "cluster", "memberlist"}) {
    if (name.find(word) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

// The port of the Service that leads to the container and carries traffic of users; missing when none does.
Node traffic_port(const Place& place, const BundleObject& service) {
  Node spec = service.object.root["spec"];
  if (spec["clusterIP"].string() == "None" || spec["publishNotReadyAddresses"].boolean().value_or(false) ||
      spec["type"].string() == "ExternalName") {
    return {};
  }
  std::vector<kube::Port> ports = kube::ports(*place.container);
  std::size_t apps = static_cast<std::size_t>(std::count_if(place.pod->containers.begin(), place.pod->containers.end(),
                                                            [](const auto& container) { return is_app(container); }));
  for (Node port : spec["ports"].items()) {
    Node target = port["targetPort"] ? port["targetPort"] : port["port"];
    std::string_view container_name;
    bool declared = false;
    for (const kube::Port& candidate : ports) {
      if (target.is_string() ? candidate.name == target.string() : candidate.number == target.integer()) {
        declared = true;
        container_name = candidate.name;
      }
    }
    if ((declared || apps == 1) && !is_side_channel(port["name"].string()) && !is_side_channel(container_name) &&
        !is_side_channel(target.string())) {
      return port;
    }
  }
  return {};
}

// Whoever runs several pods, or asks for none to be missing, or waits before liveness counts, has traffic to lose when
// pods are replaced one by one.
bool replaced_while_serving(const Place& place) {
  const kube::Object& object = place.object->object;
  if (object.kind != "Deployment") {
    return false;
  }
  Node strategy = object.root["spec"]["strategy"];
  Node unavailable = strategy["rollingUpdate"]["maxUnavailable"];
  bool none_missing = unavailable.integer() == 0 || unavailable.string() == "0" || unavailable.string() == "0%";
  std::optional<kube::Probe> live = kube::probe(*place.container, "livenessProbe");
  bool starts_slowly = live && live->initial_delay >= 15;
  return strategy["type"].string("RollingUpdate") == "RollingUpdate" &&
         (kube::rollout(object).replicas > 1 || none_missing || starts_slowly);
}

}  // namespace

// params: {quick: hints}: servers that answer as soon as they run.
void check_readiness_missing(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  if (!is_app(container) || kube::is_one_shot(place.object->object, *place.pod) ||
      kube::probe(container, "readinessProbe") || kube::probe(container, "startupProbe") ||
      !place.pod->spec["readinessGates"].empty()) {
    return;
  }
  for (const BundleObject* service : services_of(place)) {
    Node port = traffic_port(place, *service);
    if (!port) {
      continue;
    }
    std::optional<kube::ImageReference> image = image_of(container);
    bool quick = image && image_hint(place.params()["quick"], *image);
    Hit hit;
    set_absent(hit, container.node, "readinessProbe");
    if (quick || !replaced_while_serving(place)) {
      hit.severity = finding::Severity::info;
    }
    hit.related.push_back({service->object.root["spec"]["selector"], "service", service});
    hit.values = {{"container", std::string(container.name)}, {"service", std::string(service->object.name)}};
    reporter.report(std::move(hit));
    return;
  }
}

void check_liveness_missing(const Place& place, Reporter& reporter) {
  if (is_app(*place.container) && is_long_running(place) && !kube::probe(*place.container, "livenessProbe")) {
    Hit hit;
    set_absent(hit, place.container->node, "livenessProbe");
    hit.values = {{"container", std::string(place.container->name)}};
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
