#include <algorithm>
#include <map>

#include "lint/checks/command/checks.hpp"
#include "lint/checks/container/argv.hpp"
#include "lint/checks/container/place.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

bool is_name(std::string_view text) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// NAMEs of $(NAME) in the text, as the kubelet expands them; $$ is an escape.
std::vector<std::string_view> references(std::string_view text) {
  std::vector<std::string_view> names;
  for (std::size_t at = text.find('$'); at != std::string_view::npos && at + 1 < text.size(); at = text.find('$', at)) {
    if (text[at + 1] == '(') {
      std::size_t close = text.find(')', at);
      if (close == std::string_view::npos) {
        break;
      }
      std::string_view name = text.substr(at + 2, close - at - 2);
      if (is_name(name)) {
        names.push_back(name);
      }
      at = close;
    } else {
      at += 2;
      continue;
    }
  }
  return names;
}

// What the kubelet defines by itself: variables of Services, and HOSTNAME only inside the container.
bool is_service_variable(std::string_view name) {
  return name.ends_with("_SERVICE_HOST") || name.find("_SERVICE_PORT") != std::string_view::npos ||
         name.ends_with("_PORT") || name.find("_PORT_") != std::string_view::npos;
}

struct Known {
  std::vector<std::string_view> names;
  bool complete = true;  // nothing that is not in the bundle can define more
};

// envFrom comes before env, whatever the order in the file.
Known from_sources(const Place& place) {
  Known known;
  for (Node source : place.container->node["envFrom"].items()) {
    for (const char* kind : {"ConfigMap", "Secret"}) {
      Node reference = source[std::string_view(kind) == "Secret" ? "secretRef" : "configMapRef"];
      if (!reference) {
        continue;
      }
      const BundleObject* object = place.bundle.find(kind, place.object->namespace_, reference["name"].string());
      if (object == nullptr || source.has("prefix")) {
        known.complete = false;
        continue;
      }
      for (const char* field : {"data", "stringData"}) {
        for (const document::Member& member : object->object.root[field].members()) {
          known.names.push_back(member.key);
        }
      }
    }
  }
  return known;
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

// $(NAME) that stays as it is: NAME is not defined, or only further down.
void check_env_reference(const Place& place, Reporter& reporter) {
  Known known = from_sources(place);
  std::vector<std::string_view> all = env_names(*place.container);
  all.insert(all.end(), known.names.begin(), known.names.end());
  auto report = [&](Node at, std::string_view name, const char* variant, Node definition) {
    Hit hit;
    hit.at = at;
    hit.variant = variant;
    std::vector<std::string> candidates(all.begin(), all.end());
    hit.values = {{"container", std::string(place.container->name)},
                  {"name", std::string(name)},
                  {"nearest", catalogue::nearest(name, candidates)}};
    if (std::string_view(variant).empty() && !hit.values[2].second.empty() && hit.values[2].second != name) {
      hit.variant = "near";
    }
    if (definition) {
      hit.related.push_back({definition, "definition"});
    }
    reporter.report(std::move(hit));
  };
  std::vector<std::string_view> before = known.names;
  for (Node entry : place.container->node["env"].items()) {
    for (std::string_view name : references(entry["value"].string())) {
      if (contains(before, name) || is_service_variable(name)) {
        continue;
      }
      if (contains(all, name)) {
        Node definition;
        for (Node other : place.container->node["env"].items()) {
          if (other["name"].string() == name) {
            definition = other["name"];
          }
        }
        report(entry["value"], name, entry["name"].string() == name ? "itself" : "later", definition);
      } else if (known.complete) {
        report(entry["value"], name, "", {});
      }
    }
    before.push_back(entry["name"].string());
  }
  Words words = argv_of(*place.container);
  if (!known.complete || runs_shell(words)) {
    return;  // a shell has command substitution of the same form
  }
  for (Node word : words) {
    for (std::string_view name : references(word.string())) {
      if (!contains(all, name) && !is_service_variable(name)) {
        report(word, name, "", {});
      }
    }
  }
}

// ${NAME} of a variable that the container has: Kubernetes expands only $(NAME).
void check_env_dollar_brace(const Place& place, Reporter& reporter) {
  std::vector<std::string_view> defined = env_names(*place.container);
  Words words = argv_of(*place.container);
  if (runs_shell(words)) {
    return;
  }
  auto look = [&](Node at, bool argument) {
    std::string_view text = at.string();
    for (std::string_view name : defined) {
      std::string braces = "${" + std::string(name) + "}";
      std::size_t found = name.empty() ? std::string_view::npos : text.find(braces);
      if (found == std::string_view::npos || (found > 0 && text[found - 1] == '$')) {
        continue;
      }
      Hit hit;
      hit.at = at;
      hit.variant = argument ? "" : "value";
      if (!argument) {
        hit.severity = finding::Severity::info;
      }
      hit.values = {{"container", std::string(place.container->name)}, {"name", std::string(name)}};
      std::string fixed(text);
      for (std::size_t i = fixed.find(braces); i != std::string::npos; i = fixed.find(braces, i)) {
        fixed.replace(i, braces.size(), "$(" + std::string(name) + ")");
      }
      if (argument) {
        hit.changes.push_back({Hit::Change::Kind::replace_value, at, "", scalar_like(at, fixed)});
      }
      reporter.report(std::move(hit));
      return;
    }
  };
  for (Node word : words) {
    look(word, true);
  }
  for (Node entry : place.container->node["env"].items()) {
    look(entry["value"], false);
  }
}

// params: {collisions: [{match: n8n, variable: N8N_PORT}]}: programs that read NAME_PORT, in a namespace with a Service
// of that name.
void check_service_link(const Place& place, Reporter& reporter) {
  Node links = place.pod->spec["enableServiceLinks"];
  std::optional<kube::ImageReference> image = image_of(*place.container);
  if (links.boolean() == false || !image) {
    return;
  }
  for (Node hint : place.params()["collisions"].items()) {
    std::string variable(hint["variable"].string());
    if (!hint_matches(hint, *image) || contains(env_names(*place.container), variable)) {
      continue;
    }
    std::string service_name = variable.substr(0, variable.size() - std::string_view("_PORT").size());
    std::transform(service_name.begin(), service_name.end(), service_name.begin(), [](char c) {
      return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const BundleObject* service = place.bundle.find("Service", place.object->namespace_, service_name);
    if (service == nullptr || service->object.root["spec"]["clusterIP"].string() == "None") {
      continue;
    }
    Hit hit;
    hit.at = place.container->node["image"];
    hit.related.push_back({service->object.root["metadata"]["name"], "service", service});
    hit.values = {{"container", std::string(place.container->name)},
                  {"variable", variable},
                  {"service", service_name},
                  {"hint", hint.has("match") ? hint["match"].text() : hint["repository"].text()}};
    if (!links) {
      hit.changes.push_back({Hit::Change::Kind::insert_member, place.pod->spec, "enableServiceLinks", "false"});
    }
    reporter.report(std::move(hit));
    return;
  }
}

// A port below 1024 for a user that may not bind it.
void check_port_privileged(const Place& place, Reporter& reporter) {
  kube::SecurityContext context = kube::security_context(*place.container);
  if (!context.run_as_user.value || *context.run_as_user.value == 0 || context.privileged ||
      context.adds("NET_BIND_SERVICE")) {
    return;
  }
  for (Node sysctl : place.pod->spec["securityContext"]["sysctls"].items()) {
    if (sysctl["name"].string() == "net.ipv4.ip_unprivileged_port_start") {
      return;
    }
  }
  bool host_network = place.pod->spec["hostNetwork"].boolean().value_or(false);
  for (const kube::Port& port : kube::ports(*place.container)) {
    if (port.number < 1 || port.number >= 1024) {
      continue;
    }
    Hit hit;
    hit.at = port.node["containerPort"];
    hit.variant = host_network ? "host" : "";
    hit.severity = host_network ? finding::Severity::warning : finding::Severity::info;
    hit.related.push_back({context.run_as_user.from, "user"});
    hit.values = {{"container", std::string(place.container->name)},
                  {"port", std::to_string(port.number)},
                  {"user", std::to_string(*context.run_as_user.value)}};
    reporter.report(std::move(hit));
    return;
  }
}

}  // namespace podcheck::lint
