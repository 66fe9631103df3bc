// Files and pasted text as a cluster: `kubectl get -o json|yaml`, and whatever people copy out of a terminal.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/snapshot.hpp"
#include "cluster/text_file.hpp"

namespace podcheck::cluster {

struct NamedText {
  std::string name;
  std::string text;
};

// Each text is read as JSON, else as YAML, else as pasted text. What is absent from it proves nothing: partial() is
// true for every resource. nullptr when nothing in the texts is of a cluster.
std::unique_ptr<Source> open_texts(std::vector<NamedText> texts, const LogLimits& limits = {});

// A file, or the files with such texts (.json, .yaml, .txt, .log, …) below a directory.
std::unique_ptr<Source> open_text_files(const std::string& path, const LogLimits& limits = {});

}  // namespace podcheck::cluster
