#include "lint/profiles.hpp"

#include <algorithm>

#include "lint/config/date.hpp"
#include "lint/glob.hpp"
#include "lint/inputs/paths.hpp"

namespace podcheck::lint {

namespace {

// `path` below `folder`; nullopt when it is elsewhere.
std::optional<std::string> relative(const std::string& path, const std::string& folder) {
  if (folder == "/" || folder.empty()) {
    return path.substr(path.front() == '/' ? 1 : 0);
  }
  if (path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 && path[folder.size()] == '/') {
    return path.substr(folder.size() + 1);
  }
  return std::nullopt;
}

bool matches(const std::string& glob, const std::string& folder, const std::string& path) {
  const auto below = relative(path, folder);
  if (!below) {
    return false;
  }
  // A pattern without a slash means any depth; a folder means all that is in it.
  const bool anywhere = glob.find('/') == std::string::npos;
  return glob_match(glob, *below) || glob_match(glob + "/**", *below) ||
         (anywhere && (glob_match("**/" + glob, *below) || glob_match("**/" + glob + "/**", *below)));
}

bool matches(const std::string& pattern, const BundleObject& object) {
  const std::string kind(object.object.kind);
  const std::string name(object.object.name);
  return std::count(pattern.begin(), pattern.end(), '/') == 2
             ? glob_match(pattern, kind + "/" + object.namespace_ + "/" + name)
             : glob_match(pattern, kind + "/" + name);
}

void apply(const ConfigRules& rules, Selection& selection, Settings& settings) {
  if (!rules.select.empty()) {
    selection.select = rules.select;
  }
  selection.extend_select.insert(selection.extend_select.end(), rules.extend_select.begin(), rules.extend_select.end());
  selection.ignore.insert(selection.ignore.end(), rules.ignore.begin(), rules.ignore.end());
  for (const auto& [rule, severity] : rules.severities) {
    selection.severities[rule] = severity;
  }
  selection.parameters.insert(selection.parameters.end(), rules.parameters.begin(), rules.parameters.end());
  settings.kubernetes_minor = rules.kubernetes_minor.value_or(settings.kubernetes_minor);
  settings.closed_bundle = rules.closed_bundle.value_or(settings.closed_bundle);
  if (!rules.default_namespace.empty()) {
    settings.default_namespace = rules.default_namespace;
  }
}

}  // namespace

const Config* root_config(const Options& options, Configs& configs, FileSystem& files) {
  if (!options.config.empty()) {
    return &configs.read(absolute_path(options.config, files.working_directory()));
  }
  return options.no_config ? nullptr : configs.nearest(normal_path(files.working_directory()));
}

Profiles::Profiles(const Options& options, const catalogue::Catalogue& catalogue, FileSystem& files, Configs& configs,
                   std::vector<std::string> known_external)
    : options_(options),
      catalogue_(catalogue),
      files_(files),
      configs_(configs),
      known_external_(std::move(known_external)),
      working_directory_(files.working_directory()) {
  for (const auto* names : {&options.select, &options.extend_select, &options.ignore}) {
    for (const auto& [name, nearest] : unknown_names(catalogue, *names)) {
      mistakes_.push_back(catalogue.say(nearest.empty() ? "lint.selection.unknown" : "lint.selection.near",
                                        {{"name", name}, {"nearest", nearest}}));
    }
  }
}

const Config& Profiles::config_of(const std::string& absolute_folder) {
  static const Config none;
  const Config* config = nullptr;
  if (!options_.config.empty()) {
    config = root_config(options_, configs_, files_);
  } else if (!options_.no_config) {
    config = configs_.nearest(absolute_folder);
  }
  return config != nullptr ? *config : none;
}

const Profile& Profiles::make(const Config& config, const std::vector<std::size_t>& overrides) {
  auto& profile = made_[{&config, overrides}];
  if (profile != nullptr) {
    return *profile;
  }
  Selection selection;
  Settings settings;
  apply(config.rules, selection, settings);
  for (const std::size_t index : overrides) {
    apply(config.overrides[index].rules, selection, settings);
  }
  if (!options_.select.empty()) {
    selection.select = options_.select;
    selection.extend_select.clear();
    selection.ignore.clear();
  }
  selection.extend_select.insert(selection.extend_select.end(), options_.extend_select.begin(),
                                 options_.extend_select.end());
  selection.ignore.insert(selection.ignore.end(), options_.ignore.begin(), options_.ignore.end());
  settings.kubernetes_minor = options_.kubernetes_minor.value_or(settings.kubernetes_minor);
  settings.closed_bundle = options_.closed_bundle.value_or(settings.closed_bundle);
  if (!options_.default_namespace.empty()) {
    settings.default_namespace = options_.default_namespace;
  }
  settings.private_registries = config.private_registries;
  settings.known_external = config.known_external;
  settings.known_external.insert(settings.known_external.end(), known_external_.begin(), known_external_.end());
  settings.nodes = config.nodes;
  profile = std::make_unique<Profile>(Profile{std::move(settings), RuleSet(catalogue_, selection)});
  return *profile;
}

const Profile& Profiles::of(const std::string& path, const BundleObject* object) {
  const std::string absolute =
      path == "-" ? join_path(working_directory_, "-") : absolute_path(path, working_directory_);
  const Config& config = config_of(parent_path(absolute));
  std::vector<std::size_t> overrides;
  for (std::size_t i = 0; i < config.overrides.size(); ++i) {
    const ConfigOverride& each = config.overrides[i];
    const bool on_path = each.paths.empty() || std::any_of(each.paths.begin(), each.paths.end(), [&](const auto& glob) {
                           return matches(glob, each.folder, absolute);
                         });
    const bool on_object =
        each.objects.empty() ||
        (object != nullptr && std::any_of(each.objects.begin(), each.objects.end(),
                                          [&](const auto& pattern) { return matches(pattern, *object); }));
    if (on_path && on_object && !is_expired(each.until, options_.today)) {
      overrides.push_back(i);
    }
  }
  return make(config, overrides);
}

const Profile& Profiles::root() {
  return make(config_of(normal_path(working_directory_)), {});
}

bool Profiles::excludes(const std::string& path) {
  const std::string absolute = absolute_path(path, working_directory_);
  const Config& config = config_of(parent_path(absolute));
  return std::any_of(config.exclude.begin(), config.exclude.end(),
                     [&](const Pattern& pattern) { return matches(pattern.glob, pattern.folder, absolute); });
}

}  // namespace podcheck::lint
