#include <set>

#include "lint/inputs/file_system.hpp"

namespace podcheck::lint {

namespace {

std::string as_folder(std::string path) {
  while (!path.empty() && path.back() == '/') {
    path.pop_back();
  }
  return path == "." || path.empty() ? std::string() : path + "/";
}

// "./a" and "/project/a" are "a".
std::string normal(const std::string& path) {
  for (const std::string_view prefix : {"./", "/project/"}) {
    if (path.compare(0, prefix.size(), prefix) == 0) {
      return path.substr(prefix.size());
    }
  }
  return path == "/project" ? "." : path;
}

}  // namespace

FileSystem::Status MemoryFileSystem::status(const std::string& path) {
  Status status;
  const std::string key = normal(path);
  const auto file = files.find(key);
  if (file != files.end()) {
    status.kind = Kind::file;
    status.size = file->second.size();
  } else if (unreadable.count(key) != 0) {
    status.kind = Kind::file;
  } else {
    const std::string folder = as_folder(key);
    const auto inside = files.lower_bound(folder);
    if (inside != files.end() && inside->first.compare(0, folder.size(), folder) == 0) {
      status.kind = Kind::directory;
      status.identity = folder;
    }
  }
  return status;
}

bool MemoryFileSystem::list(const std::string& path, std::vector<Entry>& entries, std::string& error) {
  const std::string folder = as_folder(normal(path));
  std::set<std::string> names;
  for (const auto& [name, text] : files) {
    if (name.compare(0, folder.size(), folder) == 0) {
      names.insert(name.substr(folder.size(), name.find('/', folder.size()) - folder.size()));
    }
  }
  if (names.empty()) {
    error = "No such file or directory";
    return false;
  }
  for (const auto& name : names) {
    entries.push_back({name, status(folder + name)});
  }
  return true;
}

FileSystem::Bytes MemoryFileSystem::read(const std::string& path, std::size_t limit) {
  const std::string key = normal(path);
  const auto bad = unreadable.find(key);
  if (bad != unreadable.end()) {
    return {false, false, {}, bad->second};
  }
  const auto file = files.find(key);
  if (file == files.end()) {
    return {false, false, {}, "No such file or directory"};
  }
  if (file->second.size() > limit) {
    return {false, true, {}, {}};
  }
  return {true, false, file->second, {}};
}

}  // namespace podcheck::lint
