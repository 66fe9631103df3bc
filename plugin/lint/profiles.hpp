// Which settings and rules hold for which file: the command line over the nearest configuration.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lint/engine/engine.hpp"
#include "lint/lint.hpp"

namespace podcheck::lint {

class Profiles {
 public:
  Profiles(const Options& options, const catalogue::Catalogue& catalogue, FileSystem& files,
           std::vector<std::string> known_external);

  // Of a file as the user sees its path. Not for several threads: ask before they start.
  const Profile& of(const std::string& path);
  // Of the run as a whole, for rules over the bundle: that of the working directory.
  const Profile& root() { return *root_; }
  const std::vector<std::string>& mistakes() const { return mistakes_; }

 private:
  const Options& options_;
  const catalogue::Catalogue& catalogue_;
  FileSystem& files_;
  std::vector<std::string> known_external_;
  std::unique_ptr<Profile> root_;
  std::vector<std::string> mistakes_;
};

}  // namespace podcheck::lint
