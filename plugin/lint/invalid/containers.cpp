#include <set>
#include <string>
#include <tuple>

#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

using HostPorts = std::set<std::tuple<std::string_view, std::string_view, std::int64_t>>;

void check_ports(Faults& faults, const PodContext& pod, Node container, HostPorts& host_ports) {
  const bool host_network = is_true(get(pod.spec, "hostNetwork"));
  std::set<std::string_view> names;
  for (const Node port : get(container, "ports").items()) {
    if (!is_struct(port))
      continue;
    const Node name = get(port, "name");
    if (!string_or(name, "").empty() && port_name(faults, "port-invalid", name) && !names.insert(name.string()).second)
      faults.value("port-duplicate", "", name);
    const Node number = get(port, "containerPort");
    if (!number)
      faults.missing("port-invalid", port, "containerPort");
    else
      port_number(faults, "port-invalid", number);
    choice(faults, "port-invalid", get(port, "protocol"), {"TCP", "UDP", "SCTP"});
    const Node host = get(port, "hostPort");
    std::int64_t host_number = integer_or(host, 0);
    if (host_number != 0)
      port_number(faults, "port-invalid", host);
    if (host_network && host_number == 0 && pod.is_pod)
      host_number = integer_or(number, 0);  // defaulted
    if (host_network && host_number != 0 && number && host_number != integer_or(number, host_number))
      faults.value("port-invalid", "host-network", number, {{"host_port", std::to_string(host_number)}});
    if (host_number != 0 &&
        !host_ports.emplace(string_or(get(port, "protocol"), "TCP"), get(port, "hostIP").string(), host_number).second)
      faults.value("port-duplicate", "host-port", host ? host : number, {{"value", std::to_string(host_number)}});
  }
}

void check_restart_rules(Faults& faults, Node container) {
  const Node policy = get(container, "restartPolicy");
  choice(faults, "restart-policy-invalid", policy, {"Always", "Never", "OnFailure"}, true);
  const Node rules = get(container, "restartPolicyRules");
  if (!rules.empty() && !policy)
    faults.missing("restart-policy-invalid", container, "restartPolicy");
  if (rules.size() > 20)
    faults.value("restart-policy-invalid", "too-many", rules,
                 {{"maximum", "20"}, {"count", std::to_string(rules.size())}});
  for (const Node rule : rules.items()) {
    if (!is_struct(rule))
      continue;
    if (const Node action = required(faults, "restart-policy-invalid", rule, "action"))
      choice(faults, "restart-policy-invalid", action, {"Restart", "RestartAllContainers"});
    const Node codes = get(rule, "exitCodes");
    if (!codes) {
      faults.missing("restart-policy-invalid", rule, "exitCodes");
      continue;
    }
    if (const Node op = required(faults, "restart-policy-invalid", codes, "operator"))
      choice(faults, "restart-policy-invalid", op, {"In", "NotIn"});
    const Node values = get(codes, "values");
    if (values.size() > 255)
      faults.value("restart-policy-invalid", "too-many", values,
                   {{"maximum", "255"}, {"count", std::to_string(values.size())}});
  }
}

void check_resize_policy(Faults& faults, const PodContext& pod, Node container) {
  std::set<std::string_view> resources;
  for (const Node policy : get(container, "resizePolicy").items()) {
    if (!is_struct(policy))
      continue;
    const Node name = required(faults, "resources-invalid", policy, "resourceName");
    if (name && choice(faults, "resources-invalid", name, {"cpu", "memory"}) && !resources.insert(name.string()).second)
      faults.value("resources-invalid", "duplicate", name);
    const Node restart = required(faults, "resources-invalid", policy, "restartPolicy");
    if (restart && choice(faults, "resources-invalid", restart, {"NotRequired", "RestartContainer"}) &&
        restart.string() == "RestartContainer" && get(pod.spec, "restartPolicy").string() == "Never")
      not_with(faults, "resources-invalid", restart, "restartPolicy: Never");
  }
}

bool has_outer_blanks(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; };
  return !text.empty() && (blank(text.front()) || blank(text.back()));
}

void check_container(Faults& faults, const PodContext& pod, const ContainerPlace& place, HostPorts& host_ports,
                     std::set<std::string_view>& names) {
  const Node container = place.node;
  if (const Node name = required(faults, "name-invalid", container, "name");
      name && dns_label(faults, "name-invalid", name) && name.is_string() && !names.insert(name.string()).second)
    faults.value("container-name-duplicate", "", name);
  if (const Node image = required(faults, "container-image-missing", container, "image");
      image && pod.is_pod && has_outer_blanks(image.string()))
    faults.value("container-image-missing", "blanks", image);
  choice(faults, "image-pull-policy-invalid", get(container, "imagePullPolicy"), {"Always", "IfNotPresent", "Never"});
  choice(faults, "termination-message-invalid", get(container, "terminationMessagePolicy"),
         {"File", "FallbackToLogsOnError"});
  check_ports(faults, pod, container, host_ports);
  check_env(faults, pod, container);
  check_mounts(faults, pod, container);
  check_container_resources(faults, pod, container);
  check_resize_policy(faults, pod, container);
  check_probes(faults, pod, place);
  check_container_security(faults, pod, container);
  check_restart_rules(faults, container);
  if (place.init && !place.restarts)
    for (const char* key : {"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"})
      if (const Node node = get(container, key))
        faults.key("probe-on-init-container", "", node);
}

}  // namespace

void check_containers(Faults& faults, const PodContext& pod) {
  const Node apps = get(pod.spec, "containers");
  if (!apps)
    faults.missing("containers-missing", pod.spec ? pod.spec : faults.root(),
                   pod.spec ? "containers" : "spec.containers");
  else if (apps.is_sequence() && apps.empty())
    faults.value("containers-missing", "", apps);
  std::set<std::string_view> names;
  HostPorts app_ports, init_ports;
  for (const Node container : apps.items())
    if (container.is_mapping() || container.is_null())
      check_container(faults, pod, {container, false, false}, app_ports, names);
  for (const Node container : get(pod.spec, "initContainers").items()) {
    if (!is_struct(container))
      continue;
    const bool restarts = get(container, "restartPolicy").string() == "Always";
    check_container(faults, pod, {container, true, restarts}, init_ports, names);
  }
}

}  // namespace podcheck::lint::invalid
