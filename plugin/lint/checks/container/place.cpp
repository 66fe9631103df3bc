#include "lint/checks/container/place.hpp"

#include <algorithm>
#include <charconv>

#include "document/edit.hpp"
#include "lint/checks/container/argv.hpp"

namespace podcheck::lint {

using document::Node;

std::optional<kube::ImageReference> image_of(const kube::Container& container) {
  return kube::parse_image(container.node["image"].string());
}

bool is_app(const kube::Container& container) {
  return container.role == kube::ContainerRole::app;
}

bool is_long_running(const Place& place) {
  return (is_app(*place.container) || place.container->role == kube::ContainerRole::sidecar) &&
         !kube::is_one_shot(place.object->object, *place.pod);
}

bool is_windows(const Place& place) {
  Node spec = place.pod->spec;
  return spec["os"]["name"].string() == "windows" || spec["nodeSelector"]["kubernetes.io/os"].string() == "windows" ||
         spec["nodeSelector"]["beta.kubernetes.io/os"].string() == "windows";
}

std::string scalar_like(Node old, std::string_view text) {
  return document::write_string(text, old.style());
}

namespace {

// `repository` is the image's canonical one, which costs to make.
bool hint_matches(Node hint, const kube::ImageReference& image, std::string_view repository) {
  bool matches = false;
  if (const Node named = hint["repository"]) {
    std::string_view wanted = named.string();
    matches = repository == wanted || (wanted.ends_with('/') && repository.starts_with(wanted));
  } else {
    std::string_view wanted = hint["match"].string();
    matches = !wanted.empty() && image.basename().find(wanted) != std::string_view::npos;
  }
  for (Node except : hint["except"].items()) {
    matches = matches && image.path.find(except.string()) == std::string_view::npos;
  }
  return matches;
}

}  // namespace

bool hint_matches(Node hint, const kube::ImageReference& image) {
  return hint_matches(hint, image, image.canonical_repository());
}

Node image_hint(Node hints, const kube::ImageReference& image) {
  const std::string repository = image.canonical_repository();
  for (Node hint : hints.items()) {
    if (hint_matches(hint, image, repository)) {
      return hint;
    }
  }
  return {};
}

Node pod_labels(const Place& place) {
  return place.pod->metadata["labels"];
}

std::vector<const BundleObject*> services_of(const Place& place) {
  return place.bundle.services_selecting(place.object->namespace_, pod_labels(place));
}

std::vector<ExecSite> exec_sites(const kube::Container& container, bool with_own) {
  std::vector<ExecSite> sites;
  auto add = [&](std::string_view field, Node command, bool hook, bool probe) {
    if (command.is_sequence() && !command.empty()) {
      sites.push_back({field, command, hook, probe});
    }
  };
  if (with_own) {
    add("command", container.node["command"], false, false);
  }
  for (const char* field : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    add(field, container.node[field]["exec"]["command"], false, true);
  }
  for (const char* field : {"postStart", "preStop"}) {
    add(field, container.node["lifecycle"][field]["exec"]["command"], true, false);
  }
  return sites;
}

std::vector<std::string_view> env_names(const kube::Container& container) {
  std::vector<std::string_view> names;
  for (Node entry : container.node["env"].items()) {
    names.push_back(entry["name"].string());
  }
  return names;
}

Node env_value(const kube::Container& container, std::string_view name) {
  Node value;
  for (Node entry : container.node["env"].items()) {
    if (entry["name"].string() == name) {
      value = entry["value"];
    }
  }
  return value;
}

void set_absent(Hit& hit, Node from, std::string_view path) {
  hit.at = from;
  while (true) {
    std::size_t dot = path.find('.');
    Node below = hit.at[path.substr(0, dot)];
    if (dot == std::string_view::npos || !below.is_mapping()) {
      break;
    }
    hit.at = below;
    path.remove_prefix(dot + 1);
  }
  hit.absent = path;
}

std::string number(double value) {
  char buffer[32];
  auto [end, status] = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  return status == std::errc() ? std::string(buffer, end) : "0";
}

}  // namespace podcheck::lint
