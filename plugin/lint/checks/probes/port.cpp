#include <algorithm>

#include "lint/checks/container/argv.hpp"
#include "lint/checks/container/place.hpp"
#include "lint/checks/probes/checks.hpp"
#include "lint/inputs/kustomize.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

struct PortUse {
  std::string field;  // livenessProbe, preStop, …
  Node handler;
  Node port;
  std::string_view type;
};

std::vector<PortUse> port_uses(const kube::Container& container) {
  std::vector<PortUse> uses;
  auto add = [&](const char* field, Node holder) {
    for (const char* type : {"httpGet", "tcpSocket", "grpc"}) {
      Node port = holder[type]["port"];
      if (port && !port.is_null()) {
        uses.push_back({field, holder[type], port, type});
      }
    }
  };
  for (const char* field : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    add(field, container.node[field]);
  }
  for (const char* field : {"postStart", "preStop"}) {
    add(field, container.node["lifecycle"][field]);
  }
  return uses;
}

std::string port_list(const std::vector<kube::Port>& ports) {
  std::string list;
  for (const kube::Port& port : ports) {
    list += list.empty() ? "" : ", ";
    list += port.name.empty() ? std::to_string(port.number)
                              : std::string(port.name) + " (" + std::to_string(port.number) + ")";
  }
  return list;
}

const kube::Container* declaring_sibling(const Place& place, const std::function<bool(const kube::Port&)>& wanted) {
  for (const kube::Container& other : place.pod->containers) {
    if (other.node == place.container->node || other.role == kube::ContainerRole::init ||
        other.role == kube::ContainerRole::ephemeral) {
      continue;
    }
    std::vector<kube::Port> ports = kube::ports(other);
    if (std::any_of(ports.begin(), ports.end(), wanted)) {
      return &other;
    }
  }
  return nullptr;
}

bool mentions(std::string_view text, const std::string& number) {
  for (std::size_t at = text.find(number); at != std::string_view::npos; at = text.find(number, at + 1)) {
    auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
    if ((at == 0 || !digit(at - 1)) && !digit(at + number.size())) {
      return true;
    }
  }
  return false;
}

// The number occurs in what the container is told, or a Service sends traffic to it.
bool is_configured(const Place& place, const std::string& number) {
  for (Node word : argv_of(*place.container)) {
    if (mentions(word.text(), number)) {
      return true;
    }
  }
  for (Node entry : place.container->node["env"].items()) {
    if (mentions(entry["value"].text(), number)) {
      return true;
    }
  }
  for (const BundleObject* service : services_of(place)) {
    for (Node port : service->object.root["spec"]["ports"].items()) {
      Node target = port["targetPort"] ? port["targetPort"] : port["port"];
      if (target.text() == number) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

// A named port that the container itself does not declare.
void check_probe_port_name(const Place& place, Reporter& reporter) {
  if (is_patched(*place.object)) {
    return;  // a kustomization may add the port
  }
  std::vector<kube::Port> ports = kube::ports(*place.container);
  for (const PortUse& use : port_uses(*place.container)) {
    std::string name(use.port.string());
    if (!use.port.is_string() || name.empty() || use.type == "grpc" || kube::resolve_port(*place.container, use.port)) {
      continue;
    }
    std::vector<std::string> names;
    for (const kube::Port& port : ports) {
      if (!port.name.empty()) {
        names.emplace_back(port.name);
      }
    }
    Hit hit;
    hit.at = use.port;
    std::string nearest = catalogue::nearest(name, names);
    const kube::Container* sibling =
        declaring_sibling(place, [&](const kube::Port& port) { return port.name == name; });
    hit.variant = sibling != nullptr ? "sibling" : !nearest.empty() ? "near" : ports.empty() ? "none" : "";
    hit.values = {{"probe", use.field},
                  {"port", name},
                  {"container", std::string(place.container->name)},
                  {"ports", port_list(ports)},
                  {"nearest", nearest},
                  {"sibling", sibling != nullptr ? std::string(sibling->name) : std::string()}};
    if (!ports.empty()) {
      hit.related.push_back({place.container->node["ports"], "ports"});
    }
    if (!nearest.empty()) {
      hit.changes.push_back({Hit::Change::Kind::replace_value, use.port, "", scalar_like(use.port, nearest)});
    }
    reporter.report(std::move(hit));
  }
}

// params: {where: nowhere | sibling}. A number that the container does not declare: known nowhere at all, or declared
// by another container of the pod.
void check_probe_port_number(const Place& place, Reporter& reporter) {
  std::vector<kube::Port> ports = kube::ports(*place.container);
  if (ports.empty() || place.pod->spec["hostNetwork"].boolean().value_or(false)) {
    return;
  }
  bool want_sibling = place.params()["where"].string() == "sibling";
  std::vector<std::int64_t> told;  // liveness and readiness mostly ask the same port: once is enough
  for (const PortUse& use : port_uses(*place.container)) {
    std::optional<std::int64_t> number = use.port.integer();
    auto same = [&](const kube::Port& port) { return port.number == number; };
    if (!number || std::any_of(ports.begin(), ports.end(), same)) {
      continue;
    }
    const kube::Container* sibling = declaring_sibling(place, same);
    bool liveness = use.field == "livenessProbe";
    if ((sibling != nullptr) != want_sibling || is_configured(place, std::to_string(*number)) ||
        std::find(told.begin(), told.end(), *number) != told.end()) {
      continue;
    }
    told.push_back(*number);
    Hit hit;
    hit.at = use.port;
    hit.values = {{"probe", use.field},
                  {"port", std::to_string(*number)},
                  {"container", std::string(place.container->name)},
                  {"ports", port_list(ports)},
                  {"sibling", sibling != nullptr ? std::string(sibling->name) : std::string()}};
    if (want_sibling && !liveness) {
      hit.severity = finding::Severity::info;
    }
    hit.related.push_back({sibling != nullptr ? sibling->node["ports"] : place.container->node["ports"], "ports"});
    reporter.report(std::move(hit));
  }
}

// The kubelet connects from the node: `host` is resolved there, and localhost is the node itself.
void check_probe_host(const Place& place, Reporter& reporter) {
  bool host_network = place.pod->spec["hostNetwork"].boolean().value_or(false);
  for (const PortUse& use : port_uses(*place.container)) {
    Node host = use.handler["host"];
    std::string_view text = host.string();
    if (use.type == "grpc" || text.empty() || host_network) {
      continue;
    }
    bool loopback =
        text == "localhost" || text.starts_with("127.") || text == "::1" || text == "0.0.0.0" || text == "::";
    Hit hit;
    hit.at = host;
    hit.variant = loopback ? "" : "other";
    if (!loopback) {
      hit.severity = finding::Severity::warning;
    }
    hit.values = {{"probe", use.field}, {"host", std::string(text)}, {"container", std::string(place.container->name)}};
    hit.changes.push_back({Hit::Change::Kind::remove_member, host, "", ""});
    reporter.report(std::move(hit));
  }
}

// The name of the port says one thing, the scheme of the probe another.
void check_probe_scheme(const Place& place, Reporter& reporter) {
  auto says = [](std::string_view name, std::string_view word) {
    return name == word || name.starts_with(std::string(word) + "-") || name.ends_with("-" + std::string(word));
  };
  for (const PortUse& use : port_uses(*place.container)) {
    if (use.type != "httpGet") {
      continue;
    }
    std::string_view scheme = use.handler["scheme"].string("HTTP");
    std::optional<std::int64_t> number = kube::resolve_port(*place.container, use.port);
    std::string_view name = use.port.string();
    for (const kube::Port& port : kube::ports(*place.container)) {
      if (name.empty() && port.number == number) {
        name = port.name;
      }
    }
    bool tls_number = place.params()["tls-ports"].is_sequence() && name.empty();
    if (tls_number) {
      tls_number = false;
      for (Node tls : place.params()["tls-ports"].items()) {
        tls_number = tls_number || tls.integer() == number;
      }
    }
    bool tls = says(name, "https") || tls_number;
    bool plain = says(name, "http") && !tls;
    if (!(tls && scheme == "HTTP") && !(plain && scheme == "HTTPS")) {
      continue;
    }
    Hit hit;
    Node written = use.handler["scheme"];
    if (written) {
      hit.at = written;
    } else {
      hit.at = use.port;
    }
    hit.variant = tls ? "" : "plain";
    hit.values = {{"probe", use.field},
                  {"port", name.empty() ? std::to_string(number.value_or(0)) : std::string(name)},
                  {"container", std::string(place.container->name)}};
    if (written) {
      hit.changes.push_back(
          {Hit::Change::Kind::replace_value, written, "", scalar_like(written, tls ? "HTTPS" : "HTTP")});
    } else {
      hit.changes.push_back({Hit::Change::Kind::insert_member, use.handler, "scheme", "HTTPS"});
    }
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
