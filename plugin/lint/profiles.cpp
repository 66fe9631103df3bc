#include "lint/profiles.hpp"

namespace podcheck::lint {

Profiles::Profiles(const Options& options, const catalogue::Catalogue& catalogue, FileSystem& files,
                   std::vector<std::string> known_external)
    : options_(options), catalogue_(catalogue), files_(files), known_external_(std::move(known_external)) {
  Selection selection{options.select, options.extend_select, options.ignore, {}};
  for (const auto* names : {&options.select, &options.extend_select, &options.ignore}) {
    for (const auto& [name, nearest] : unknown_names(catalogue, *names)) {
      mistakes_.push_back(catalogue.say(nearest.empty() ? "lint.selection.unknown" : "lint.selection.near",
                                        {{"name", name}, {"nearest", nearest}}));
    }
  }
  Settings settings;
  settings.kubernetes_minor = options.kubernetes_minor.value_or(settings.kubernetes_minor);
  settings.closed_bundle = options.closed_bundle.value_or(false);
  if (!options.default_namespace.empty()) {
    settings.default_namespace = options.default_namespace;
  }
  settings.known_external = known_external_;
  root_ = std::make_unique<Profile>(Profile{std::move(settings), RuleSet(catalogue, selection)});
}

const Profile& Profiles::of(const std::string&) {
  return *root_;
}

}  // namespace podcheck::lint
