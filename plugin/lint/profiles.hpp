// Which settings and rules hold for which object: the command line over the nearest configuration and its overrides.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lint/config/config.hpp"
#include "lint/engine/engine.hpp"
#include "lint/lint.hpp"

namespace podcheck::lint {

class Profiles {
 public:
  // `known_external` comes besides what configurations name.
  Profiles(const Options& options, const catalogue::Catalogue& catalogue, FileSystem& files, Configs& configs,
           std::vector<std::string> known_external);

  // Of an object, or of a file without one. Paths are as the user sees them. Not for several threads.
  const Profile& of(const std::string& path, const BundleObject* object = nullptr);
  // Of the run as a whole, for rules over the bundle: that of the working directory.
  const Profile& root();
  bool excludes(const std::string& path);
  const std::vector<std::string>& mistakes() const { return mistakes_; }

 private:
  const Options& options_;
  const catalogue::Catalogue& catalogue_;
  FileSystem& files_;
  Configs& configs_;
  std::vector<std::string> known_external_;
  std::string working_directory_;
  std::map<std::pair<const Config*, std::vector<std::size_t>>, std::unique_ptr<Profile>> made_;
  std::vector<std::string> mistakes_;

  const Config& config_of(const std::string& absolute_folder);
  const Profile& make(const Config& config, const std::vector<std::size_t>& overrides);
};

// The configuration of the run as a whole.
const Config* root_config(const Options& options, Configs& configs, FileSystem& files);

}  // namespace podcheck::lint
