#include <algorithm>

#include "lint/checks/container/argv.hpp"
#include "lint/checks/container/place.hpp"
#include "lint/checks/container/target.hpp"
#include "lint/checks/probes/checks.hpp"

namespace podcheck::lint {

using document::Node;

// params: {bare: hints of images without a shell, tools: [curl, …]}
void check_probe_exec_tool(const Place& place, Reporter& reporter) {
  std::optional<kube::ImageReference> image = image_of(*place.container);
  Node hint =
      image && image->tag.find("debug") == std::string_view::npos && image->tag.find("dev") == std::string_view::npos
          ? image_hint(place.params()["bare"], *image)
          : Node();
  if (!hint) {
    return;
  }
  bool sleeps_only = place.params()["hook-sleep"].boolean().value_or(false);
  for (const ExecSite& site : exec_sites(*place.container, false)) {
    Words words = items_of(site.command);
    std::string_view path = words[0].string();
    std::string_view program = program_name(path);
    bool usual_place = path.find('/') == std::string_view::npos || path.starts_with("/bin/") ||
                       path.starts_with("/usr/bin/") || path.starts_with("/sbin/");
    bool tool = is_shell(path);
    for (Node known : place.params()["tools"].items()) {
      tool = tool || program == known.string();
    }
    if (!tool || !usual_place || site.hook != sleeps_only) {
      continue;
    }
    Hit hit;
    hit.at = words[0];
    double wait = least_seconds(words);
    bool plain_sleep = site.hook && wait >= 1 && wait < 1e6 && wait == static_cast<double>(static_cast<int>(wait)) &&
                       (program == "sleep" || is_shell(path));
    hit.variant = plain_sleep && place.settings.kubernetes_minor >= 30 ? "sleep" : "";
    hit.values = {{"container", std::string(place.container->name)},
                  {"field", std::string(site.field)},
                  {"program", std::string(path)},
                  {"hint", hint.has("match") ? hint["match"].text() : hint["repository"].text()},
                  {"seconds", number(wait)}};
    Node exec = place.container->node["lifecycle"][site.field]["exec"];
    if (!hit.variant.empty() && program == "sleep" && exec.size() == 1) {
      hit.changes.push_back({Hit::Change::Kind::remove_member, exec, "", ""});
      hit.changes.push_back({Hit::Change::Kind::insert_member, place.container->node["lifecycle"][site.field], "sleep",
                             "{seconds: " + number(wait) + "}"});
    }
    reporter.report(std::move(hit));
  }
}

// A liveness probe that asks another pod restarts this one when that one is down.
void check_liveness_dependency(const Place& place, Reporter& reporter) {
  std::optional<kube::Probe> live = kube::probe(*place.container, "livenessProbe");
  if (!live || live->type != "exec") {
    return;
  }
  for (const Target& target : network_targets(items_of(live->handler["command"]))) {
    const BundleObject* service = service_of_host(place, target.host);
    std::vector<const BundleObject*> own = services_of(place);
    bool itself = is_local_host(target.host) || target.host == place.object->object.name ||
                  (service != nullptr && std::find(own.begin(), own.end(), service) != own.end());
    if (itself) {
      continue;
    }
    Hit hit;
    hit.at = live->handler["command"];
    hit.values = {
        {"container", std::string(place.container->name)}, {"program", target.program}, {"host", target.host}};
    if (service != nullptr) {
      hit.related.push_back({service->object.root["metadata"]["name"], "service", service});
    }
    reporter.report(std::move(hit));
    return;
  }
}

}  // namespace podcheck::lint
