// The whole program in this process, for tests: what goes in are the words after `kubectl podcheck`, what comes out is
// what a user would see. The environment is empty, so nothing of the machine leaks into an answer.
#pragma once

#include <algorithm>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/run.hpp"

namespace podcheck::cli::testing {

struct Answer {
  int code = 0;  // the exit code
  std::string out;
  std::string err;
};

inline Answer ask(std::vector<std::string> words, const std::string& input = {}) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Streams io{in, out, err, [](const char*) { return std::string(); }};
  words.insert(words.begin(), "kubectl-podcheck");
  std::vector<const char*> argv;
  for (const std::string& word : words) {
    argv.push_back(word.c_str());
  }
  Answer answer;
  answer.code = run(argv, io);
  answer.out = out.str();
  answer.err = err.str();
  return answer;
}

// All bytes of a file; empty when it cannot be read.
inline std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The folders of testdata/incidents that hold objects, in the order of their names.
inline std::vector<std::filesystem::path> incidents(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(root / "testdata/incidents")) {
    if (std::filesystem::exists(entry.path() / "objects")) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

class WorkingDirectory {
 public:
  explicit WorkingDirectory(const std::filesystem::path& path) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(path);
  }
  ~WorkingDirectory() { std::filesystem::current_path(before_); }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

 private:
  std::filesystem::path before_;
};

}  // namespace podcheck::cli::testing
