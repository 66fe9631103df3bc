// From the paths that a person typed to the files that are read.
#pragma once

#include <string>
#include <vector>

#include "lint/inputs/file_system.hpp"

namespace podcheck::lint {

struct InputFile {
  std::string path;      // as shown to the user
  bool named = false;    // typed by the user, not found in a folder
  bool context = false;  // a sibling of a named file: read so that references resolve, never reported on
};

// Something to tell about an input; `key` names a sentence of messages/lint.yaml.
struct Notice {
  std::string about;  // the path
  std::string key;
  std::string detail;
};

struct Collected {
  std::vector<InputFile> files;  // in order of the arguments, then by path; each file once
  std::vector<Notice> notices;
  bool unreadable = false;  // something that was asked for could not be had
};

// Folders are walked by name order: .yaml, .yml and .json files, hidden ones and what .gitignore names left out, a
// folder that a symbolic link leads back to entered once.
Collected collect(const std::vector<std::string>& paths, FileSystem& files);

// Files that are only read so that others are understood: those of `paths` that `collected` does not have. What is
// wrong with the paths is added to the notices.
std::vector<InputFile> collect_context(const std::vector<std::string>& paths, FileSystem& files, Collected& collected);

}  // namespace podcheck::lint
