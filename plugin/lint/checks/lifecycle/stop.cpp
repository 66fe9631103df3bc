#include <algorithm>

#include "lint/checks/container/argv.hpp"
#include "lint/checks/container/place.hpp"
#include "lint/checks/lifecycle/checks.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

Hit::Change set_grace(const Place& place, std::int64_t seconds) {
  Node written = place.pod->spec["terminationGracePeriodSeconds"];
  if (written) {
    return {Hit::Change::Kind::replace_value, written, "", std::to_string(seconds)};
  }
  return {Hit::Change::Kind::insert_member, place.pod->spec, "terminationGracePeriodSeconds", std::to_string(seconds)};
}

bool is_rolling(const kube::Object& object) {
  return object.kind == "Deployment" && object.root["spec"]["strategy"]["type"].string() != "Recreate";
}

}  // namespace

// The hook runs within the grace period, so that nothing of it is left for the program.
void check_prestop_exceeds_grace(const Place& place, Reporter& reporter) {
  Node hook = place.container->node["lifecycle"]["preStop"];
  Node command = hook["exec"]["command"];
  Node action = hook["sleep"]["seconds"];
  std::int64_t grace = kube::grace_seconds(place.pod->spec);
  double wait = action.integer() ? static_cast<double>(*action.integer()) : least_seconds(items_of(command));
  bool endless = !action && !endless_part(items_of(command)).empty();
  // The server refuses a sleep action that is longer than the grace period; as long as it, it lets pass.
  bool refused = action.integer() && *action.integer() > grace;
  if (grace <= 0 || refused || (!endless && wait < static_cast<double>(grace))) {
    return;
  }
  Hit hit;
  hit.at = action ? action : command;
  hit.variant = endless ? "endless" : "";
  Node written = place.pod->spec["terminationGracePeriodSeconds"];
  if (written) {
    hit.related.push_back({written, "grace"});
  }
  constexpr std::int64_t to_stop = 30;  // the default grace period, for the program itself
  std::int64_t wanted = wait < 1e6 ? static_cast<std::int64_t>(wait) + to_stop : 0;
  hit.values = {{"container", std::string(place.container->name)},
                {"wait", number(wait)},
                {"grace", std::to_string(grace)},
                {"wanted", std::to_string(wanted)}};
  if (!endless && wanted > 0) {
    hit.changes.push_back(set_grace(place, wanted));
  }
  reporter.report(std::move(hit));
}

// params: {excessive: seconds}
void check_grace_period(const Place& place, Reporter& reporter) {
  Node grace = place.pod->spec["terminationGracePeriodSeconds"];
  std::optional<std::int64_t> seconds = grace.integer();
  bool want_zero = place.params()["when"].string() == "zero";
  std::int64_t most = place.params()["seconds"].integer().value_or(600);
  if (!seconds || (want_zero ? *seconds != 0 : *seconds <= most)) {
    return;
  }
  Hit hit;
  hit.at = grace;
  hit.values = {{"grace", std::to_string(*seconds)}, {"most", std::to_string(most)}};
  if (want_zero && place.object->object.kind != "StatefulSet") {
    hit.severity = finding::Severity::info;
  }
  hit.variant = want_zero && place.object->object.kind == "StatefulSet" ? "stateful" : "";
  reporter.report(std::move(hit));
}

// New connections still arrive for a moment after the stop signal.
void check_prestop_missing(const Place& place, Reporter& reporter) {
  if (!is_app(*place.container) || !is_rolling(place.object->object) ||
      place.container->node["lifecycle"].has("preStop") || kube::ports(*place.container).empty()) {
    return;
  }
  std::vector<const BundleObject*> services = services_of(place);
  if (services.empty()) {
    return;
  }
  Hit hit;
  set_absent(hit, place.container->node, "lifecycle.preStop");
  hit.related.push_back({services[0]->object.root["metadata"]["name"], "service", services[0]});
  hit.values = {{"container", std::string(place.container->name)}, {"service", std::string(services[0]->object.name)}};
  reporter.report(std::move(hit));
}

// A shell as process 1 that waits for its child does not pass signals on.
void check_pid1_shell(const Place& place, Reporter& reporter) {
  if (!is_app(*place.container) || !is_long_running(place) ||
      place.pod->spec["shareProcessNamespace"].boolean().value_or(false)) {
    return;
  }
  Words words = argv_of(*place.container);
  std::optional<std::size_t> index = script_index(words);
  if (!index || !is_shell(words[0].string())) {
    return;  // tini and the like pass signals on
  }
  std::string_view text = words[*index].string();
  Script script = read_script(text);
  if (script.opaque || script.commands.empty() || !endless_part(words).empty()) {
    return;
  }
  for (const ScriptCommand& command : script.commands) {
    const std::string& first = command.words[0];
    if (first == "exec" || first == "trap" ||
        std::find(command.words.begin(), command.words.end(), "exec") != command.words.end()) {
      return;
    }
  }
  // A single command replaces the shell; a loop or what surely ends is no server.
  if (script.compound || script.commands.size() < 2) {
    return;
  }
  const ScriptCommand& last = script.commands.back();
  bool background = last.words[0] == "wait";
  if (!background && (program_name(last.words[0]) == "sleep" || program_name(last.words[0]) == "echo")) {
    return;
  }
  Hit hit;
  hit.at = words[*index];
  hit.values = {{"container", std::string(place.container->name)},
                {"last", last.words[0]},
                {"grace", std::to_string(kube::grace_seconds(place.pod->spec))}};
  reporter.report(std::move(hit));
}

// Programs that do not end on SIGTERM as process 1.
void check_pid1_ignores(const Place& place, Reporter& reporter) {
  if (!is_app(*place.container) || !is_long_running(place)) {
    return;
  }
  Words words = argv_of(*place.container);
  if (words.empty()) {
    return;
  }
  std::string_view program = program_name(words[0].string());
  std::string part = endless_part(words);
  if (part.empty() && (program == "npm" || program == "yarn" || program == "pnpm")) {
    part = std::string(program);
  }
  if (part.empty()) {
    return;
  }
  Hit hit;
  hit.at = words[0];
  hit.values = {{"container", std::string(place.container->name)},
                {"part", part},
                {"grace", std::to_string(kube::grace_seconds(place.pod->spec))}};
  reporter.report(std::move(hit));
}

// The kubelet waits for postStart before it reports the container as running.
void check_poststart_endless(const Place& place, Reporter& reporter) {
  Node command = place.container->node["lifecycle"]["postStart"]["exec"]["command"];
  Words words = items_of(command);
  std::string part = endless_part(words);
  double wait = least_seconds(words);
  double slow = static_cast<double>(place.params()["seconds"].integer().value_or(60));
  bool endless = place.params()["when"].string() == "endless";
  if (endless ? part.empty() : !part.empty() || wait < slow) {
    return;
  }
  Hit hit;
  hit.at = command;
  hit.values = {{"container", std::string(place.container->name)}, {"part", part}, {"wait", number(wait)}};
  reporter.report(std::move(hit));
}

// params: {companions: hints of images that run until they are stopped}
void check_sidecar_outlives_job(const Place& place, Reporter& reporter) {
  if (!kube::runs_to_completion(place.object->object) ||
      place.pod->spec["shareProcessNamespace"].boolean().value_or(false)) {
    return;
  }
  std::vector<const kube::Container*> apps;
  for (const kube::Container& container : place.pod->containers) {
    if (is_app(container)) {
      apps.push_back(&container);
    }
  }
  for (const kube::Container* container : apps) {
    Words words = argv_of(*container);
    std::optional<kube::ImageReference> image = image_of(*container);
    Node hint = image ? image_hint(place.params()["companions"], *image) : Node();
    std::string part = endless_part(words);
    bool told_to_quit = std::any_of(words.begin(), words.end(), [](Node word) {
      return word.text().find("quit") != std::string::npos || word.text().find("exit") != std::string::npos;
    });
    bool shell = runs_shell(words) && part.empty();
    if (apps.size() < 2 || (part.empty() && !hint) || told_to_quit || shell) {
      continue;
    }
    Hit hit;
    hit.at = part.empty()                 ? container->node["image"]
             : container->node["command"] ? container->node["command"]
                                          : container->node["args"];
    hit.variant = part.empty() ? "" : "endless";
    hit.values = {{"container", std::string(container->name)},
                  {"hint", hint["match"].text()},
                  {"part", part},
                  {"kind", std::string(place.object->object.kind)}};
    reporter.report(std::move(hit));
  }
}

}  // namespace podcheck::lint
