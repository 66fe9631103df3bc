#include <algorithm>

#include "lint/checks/command/checks.hpp"
#include "lint/checks/container/argv.hpp"
#include "lint/checks/container/place.hpp"
#include "lint/checks/container/target.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

// Programs that do one thing and end.
bool ends_at_once(const std::vector<std::string>& words) {
  static constexpr std::string_view programs[] = {"echo",   "env",   "printenv", "true",  "false",   "date",   "ls",
                                                  "whoami", "id",    "hostname", "uname", "pwd",     "printf", "mkdir",
                                                  "touch",  "chmod", "chown",    "cp",    "mv",      "rm",     "ln",
                                                  "export", "set",   "exit",     "cd",    "nslookup"};
  std::string_view program = program_name(words[0]);
  if (words[0].find('=') != std::string::npos && words.size() == 1) {
    return true;  // NAME=value
  }
  return std::find(std::begin(programs), std::end(programs), program) != std::end(programs);
}

// The last thing the line does, when all of it surely ends at once; empty otherwise.
std::string surely_ends(const Words& words) {
  if (words.empty()) {
    return "";
  }
  std::optional<std::size_t> index = script_index(words);
  if (!index) {
    std::vector<std::string> line;
    for (Node word : words) {
      line.push_back(word.text());
    }
    return ends_at_once(line) ? show(words, 40) : "";
  }
  Script script = read_script(words[*index].string());
  if (script.opaque || script.compound || script.commands.empty()) {
    return "";
  }
  for (const ScriptCommand& command : script.commands) {
    if (!ends_at_once(command.words) || command.end == "&") {
      return "";
    }
  }
  return show({words[*index]}, 40);
}

bool keeps_shell_open(const kube::Container& container) {
  return container.node["stdin"].boolean().value_or(false) || container.node["tty"].boolean().value_or(false);
}

}  // namespace

// params: {shells: hints of images whose default command ends without a terminal}
void check_container_exits(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  if (container.role == kube::ContainerRole::init || container.role == kube::ContainerRole::ephemeral ||
      !is_long_running(place)) {
    return;
  }
  Words words = argv_of(container);
  std::optional<kube::ImageReference> image = image_of(container);
  Hit hit;
  hit.values = {{"container", std::string(container.name)}};
  if (words.empty()) {
    Node hint = image ? image_hint(place.params()["shells"], *image) : Node();
    if (!hint || keeps_shell_open(container)) {
      return;
    }
    hit.at = container.node["image"];
    hit.values.emplace_back("image", std::string(image->basename()));
    hit.values.emplace_back("default", hint["runs"].text());
  } else {
    // args alone go to an entrypoint that only the image knows, but for images without one.
    Node hint = image ? image_hint(place.params()["shells"], *image) : Node();
    if (!has_command(container) && !hint) {
      return;
    }
    std::string part = surely_ends(words);
    if (part.empty()) {
      return;
    }
    hit.at = has_command(container) ? container.node["command"] : container.node["args"];
    hit.variant = "command";
    hit.values.emplace_back("command", part);
  }
  reporter.report(std::move(hit));
}

// params: {servers: hints of images that serve until they are stopped}
void check_init_never_completes(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  if (container.role != kube::ContainerRole::init) {
    return;
  }
  Words words = argv_of(container);
  std::string part = endless_part(words);
  Hit hit;
  hit.values = {{"container", std::string(container.name)}};
  if (!part.empty()) {
    hit.at = has_command(container) ? container.node["command"] : container.node["args"];
    hit.values.emplace_back("part", part);
  } else {
    std::optional<kube::ImageReference> image = image_of(container);
    if (!words.empty() || !image || !image_hint(place.params()["servers"], *image)) {
      return;
    }
    hit.at = container.node["image"];
    hit.variant = "server";
    hit.values.emplace_back("image", std::string(image->basename()));
  }
  if (place.settings.kubernetes_minor >= 29 && !container.node.has("restartPolicy")) {
    hit.changes.push_back({Hit::Change::Kind::insert_member, container.node, "restartPolicy", "Always"});
  }
  reporter.report(std::move(hit));
}

// An init container that waits in a loop for a Service which the bundle shows to be absent or to lack the port.
void check_init_wait(const Place& place, Reporter& reporter) {
  const kube::Container& container = *place.container;
  Words words = argv_of(container);
  std::optional<std::size_t> index = script_index(words);
  if (container.role != kube::ContainerRole::init || !index) {
    return;
  }
  Script script = read_script(words[*index].string());
  bool loops = std::any_of(script.commands.begin(), script.commands.end(), [](const ScriptCommand& command) {
    return command.words[0] == "until" || command.words[0] == "while";
  });
  if (!loops) {
    return;
  }
  for (const Target& target : network_targets(words)) {
    Hit hit;
    hit.at = words[*index];
    hit.values = {{"container", std::string(container.name)},
                  {"host", target.host},
                  {"port", target.port ? std::to_string(*target.port) : std::string()}};
    const BundleObject* service = service_of_host(place, target.host);
    if (service != nullptr && target.port && !service->object.root["spec"]["ports"].empty() &&
        service->object.root["spec"]["clusterIP"].string() != "None") {
      std::string ports;
      bool found = false;
      for (Node port : service->object.root["spec"]["ports"].items()) {
        found = found || port["port"].integer() == *target.port;
        ports += (ports.empty() ? "" : ", ") + port["port"].text();
      }
      if (found) {
        continue;
      }
      hit.variant = "port";
      hit.values.emplace_back("ports", ports);
      hit.related.push_back({service->object.root["spec"]["ports"], "service", service});
    } else if (service == nullptr && place.settings.closed_bundle && target.host.find('.') == std::string::npos &&
               !is_local_host(target.host) && !place.settings.is_known_external("Service", target.host)) {
      hit.severity = finding::Severity::error;
    } else {
      continue;
    }
    reporter.report(std::move(hit));
    return;
  }
}

}  // namespace podcheck::lint
