// The rules of one or more .gitignore files, as gitignore(5) describes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace podcheck::lint {

class GitIgnore {
 public:
  // Adds the lines of the .gitignore in `folder` (relative to the root of the walk, "" or "a/b").
  void add(std::string_view folder, std::string_view text);
  // `path` is relative to the root of the walk. The last matching line decides. What is in an ignored folder is ignored
  // because the walk does not enter it.
  bool ignores(std::string_view path, bool is_directory) const;
  // Forgets what was added after the first `count` lines, when the walk leaves a folder.
  std::size_t size() const { return lines_.size(); }
  void truncate(std::size_t count) { lines_.resize(count); }

 private:
  struct Line {
    std::string folder;
    std::string pattern;
    bool negated = false;
    bool directories_only = false;
    bool anchored = false;  // has a slash before its end: relative to the folder, not at any depth
  };
  std::vector<Line> lines_;
};

}  // namespace podcheck::lint
