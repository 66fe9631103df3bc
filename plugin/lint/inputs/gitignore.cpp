#include "lint/inputs/gitignore.hpp"

#include "lint/glob.hpp"

namespace podcheck::lint {

void GitIgnore::add(std::string_view folder, std::string_view text) {
  constexpr std::size_t most_lines = 10000;
  while (!text.empty() && lines_.size() < most_lines) {
    const auto newline = text.find('\n');
    std::string_view row = text.substr(0, newline);
    text = newline == std::string_view::npos ? std::string_view{} : text.substr(newline + 1);
    while (!row.empty() &&
           (row.back() == '\r' || (row.back() == ' ' && (row.size() < 2 || row[row.size() - 2] != '\\')))) {
      row.remove_suffix(1);
    }
    if (row.empty() || row.front() == '#') {
      continue;
    }
    Line line;
    line.folder = folder;
    if (row.front() == '!') {
      line.negated = true;
      row.remove_prefix(1);
    }
    if (!row.empty() && row.back() == '/') {
      line.directories_only = true;
      row.remove_suffix(1);
    }
    line.anchored = row.find('/') != std::string_view::npos;
    if (!row.empty() && row.front() == '/') {
      row.remove_prefix(1);
    }
    line.pattern = row;
    if (!line.pattern.empty()) {
      lines_.push_back(std::move(line));
    }
  }
}

bool GitIgnore::ignores(std::string_view path, bool is_directory) const {
  for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
    if (line->directories_only && !is_directory) {
      continue;
    }
    std::string_view relative = path;
    if (!line->folder.empty()) {
      if (path.size() <= line->folder.size() || path.compare(0, line->folder.size(), line->folder) != 0 ||
          path[line->folder.size()] != '/') {
        continue;
      }
      relative = path.substr(line->folder.size() + 1);
    }
    const std::string_view name = line->anchored ? relative : relative.substr(relative.rfind('/') + 1);
    if (glob_match(line->pattern, name)) {
      return !line->negated;
    }
  }
  return false;
}

}  // namespace podcheck::lint
