// What checks on containers ask of the place they stand in.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/effective.hpp"
#include "kube/image.hpp"
#include "lint/check.hpp"

namespace podcheck::lint {

std::optional<kube::ImageReference> image_of(const kube::Container& container);
bool is_app(const kube::Container& container);  // app container, not init, sidecar or ephemeral
// Runs as long as its pod: app or sidecar.
bool is_long_running(const Place& place);
bool is_windows(const Place& place);

// Text for a replaced scalar, quoted the way the old one is and wherever YAML needs it.
std::string scalar_like(document::Node old, std::string_view text);

// The first of the card's `hints` ({match: keycloak, seconds: 60, except: [...], source: …}) whose `match` occurs in
// the last part of the image's name; `repository` asks for the whole canonical name instead.
bool hint_matches(document::Node hint, const kube::ImageReference& image);
document::Node image_hint(document::Node hints, const kube::ImageReference& image);

// Services of the bundle that send traffic to the pods of this place.
std::vector<const BundleObject*> services_of(const Place& place);
document::Node pod_labels(const Place& place);

// Where a container names a command to run: its own line, exec probes, exec hooks.
struct ExecSite {
  std::string_view field;  // command, livenessProbe, …, preStop
  document::Node command;  // the sequence
  bool hook = false;
  bool probe = false;
};
std::vector<ExecSite> exec_sites(const kube::Container& container, bool with_own);

// Names that the container's env defines, in order.
std::vector<std::string_view> env_names(const kube::Container& container);
document::Node env_value(const kube::Container& container, std::string_view name);

// Reports that `path` is absent below `from`: at the deepest mapping on the way that is there.
void set_absent(Hit& hit, document::Node from, std::string_view path);

std::string number(double value);  // without a fraction where there is none

}  // namespace podcheck::lint
