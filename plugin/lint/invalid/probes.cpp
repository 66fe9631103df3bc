#include <algorithm>

#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr std::int64_t default_grace = 30;

void check_port(Faults& faults, Node handler) {
  const Node port = get(handler, "port");
  if (!port)
    faults.missing("probe-invalid", handler, "port");
  else if (port.is_string())
    port_name(faults, "probe-invalid", port);
  else
    port_number(faults, "probe-invalid", port);
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void check_handler(Faults& faults, Node holder, bool probe) {
  constexpr std::string_view kinds[] = {"exec", "httpGet", "tcpSocket", "grpc", "sleep"};
  Node first;
  for (const std::string_view kind : kinds) {
    const Node handler = get(holder, kind);
    if (!handler || kind == (probe ? "sleep" : "grpc"))
      continue;
    if (first)
      faults.key("probe-two-handlers", "", handler, {{"other", std::string(first.key())}});
    else
      first = handler;
    if (!is_struct(handler))
      continue;
    if (kind == "exec" && get(handler, "command").empty() &&
        (!get(handler, "command") || get(handler, "command").is_sequence()))
      faults.missing("probe-invalid", handler, "command");
    if (kind == "httpGet") {
      choice(faults, "probe-invalid", get(handler, "scheme"), {"HTTP", "HTTPS"});
      for (const Node header : get(handler, "httpHeaders").items()) {
        const Node name = get(header, "name");
        if (header.is_mapping() && !name)
          faults.missing("probe-invalid", header, "name");
        else if (name.is_string() && !is_header_name(name.string()))
          faults.value("probe-invalid", "header", name);
      }
    }
    if (kind == "httpGet" || kind == "tcpSocket")
      check_port(faults, handler);
    if (kind == "grpc") {
      if (!get(handler, "port"))
        faults.missing("probe-invalid", handler, "port");
      else
        port_number(faults, "probe-grpc-port-name", get(handler, "port"));
    }
  }
  if (!first && holder.is_mapping())
    faults.key("probe-missing-handler", probe ? "" : "hook", holder,
               {{"allowed", probe ? "exec, httpGet, tcpSocket, grpc" : "exec, httpGet, sleep, tcpSocket"}});
}

void check_probe(Faults& faults, Node probe, bool readiness) {
  if (!probe.is_mapping())
    return;
  check_handler(faults, probe, true);
  for (const char* key :
       {"initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"})
    at_least(faults, "probe-invalid", get(probe, key), 0);
  const Node grace = get(probe, "terminationGracePeriodSeconds");
  if (readiness) {
    if (grace)
      faults.key("probe-grace-on-readiness", "", grace);
  } else {
    at_least(faults, "probe-invalid", grace, 1);
    const Node success = get(probe, "successThreshold");
    if (integer_or(success, 1) != 1 && integer_or(success, 1) > 0) {
      Hit& hit = faults.value("probe-success-threshold", "", success, {{"probe", std::string(probe.key())}});
      hit.changes.push_back({Hit::Change::Kind::replace_value, success, {}, "1"});
      hit.safety = finding::Safety::safe;
    }
  }
}

}  // namespace

void check_probes(Faults& faults, const PodContext& pod, const ContainerPlace& place) {
  const Node lifecycle = get(place.node, "lifecycle");
  std::int64_t grace = integer_or(get(pod.spec, "terminationGracePeriodSeconds"), default_grace);
  if (grace < 0)
    grace = 1;
  for (const char* key : {"postStart", "preStop"}) {
    const Node hook = get(lifecycle, key);
    if (!is_struct(hook))
      continue;
    check_handler(faults, hook, false);
    const Node seconds = get(get(hook, "sleep"), "seconds");
    const std::int64_t length = integer_or(seconds, 0);
    if (length < 0 || length > grace)
      faults.value("lifecycle-sleep-invalid", "", seconds, {{"grace", std::to_string(grace)}});
  }
  if (place.init && !place.restarts)
    return;  // probes are wrong there altogether
  check_probe(faults, get(place.node, "livenessProbe"), false);
  check_probe(faults, get(place.node, "readinessProbe"), true);
  check_probe(faults, get(place.node, "startupProbe"), false);
}

}  // namespace podcheck::lint::invalid
