#include <fcntl.h>
#include <io.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include "lint/inputs/file_system.hpp"

namespace podcheck::lint {

namespace {

namespace fs = std::filesystem;

// Paths are UTF-8 with slashes everywhere in the program.
fs::path path_of(const std::string& text) {
  return fs::path(std::u8string(text.begin(), text.end()));
}

std::string text_of(const fs::path& path) {
  const std::u8string text = path.generic_u8string();
  return {text.begin(), text.end()};
}

FileSystem::Bytes read_all(std::istream& in, std::size_t limit) {
  FileSystem::Bytes out;
  char buffer[64 << 10];
  while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
    out.bytes.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (out.bytes.size() > limit) {
      out.too_large = true;
      out.bytes.clear();
      return out;
    }
  }
  out.ok = true;
  return out;
}

}  // namespace

FileSystem::Status DiskFileSystem::status(const std::string& path) {
  Status status;
  std::error_code problem;
  const fs::path place = path_of(path);
  const fs::file_status info = fs::status(place, problem);
  if (problem || !fs::exists(info)) {
    return status;
  }
  if (fs::is_directory(info)) {
    status.kind = Kind::directory;
    status.identity = text_of(fs::canonical(place, problem));
  } else if (fs::is_regular_file(info)) {
    status.kind = Kind::file;
    const std::uintmax_t size = fs::file_size(place, problem);
    status.size = problem ? 0 : size;
  } else {
    status.kind = Kind::other;
  }
  status.link = fs::is_symlink(fs::symlink_status(place, problem));
  return status;
}

bool DiskFileSystem::list(const std::string& path, std::vector<Entry>& entries, std::string& error) {
  std::error_code problem;
  for (fs::directory_iterator at(path_of(path), problem), end; !problem && at != end; at.increment(problem)) {
    const std::string name = text_of(at->path().filename());
    entries.push_back({name, status(path + "/" + name)});
  }
  if (problem) {
    error = problem.message();
    return false;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return true;
}

FileSystem::Bytes DiskFileSystem::read(const std::string& path, std::size_t limit) {
  if (path == "-") {
    _setmode(_fileno(stdin), _O_BINARY);
    return read_all(std::cin, limit);
  }
  const Status found = status(path);
  if (found.kind == Kind::directory || found.kind == Kind::other) {
    return {false, false, {}, std::make_error_code(std::errc::is_a_directory).message()};
  }
  if (found.size > limit) {
    return {false, true, {}, {}};
  }
  std::ifstream in(path_of(path), std::ios::binary);
  if (!in) {
    return {false, false, {}, std::generic_category().message(found.kind == Kind::missing ? ENOENT : EACCES)};
  }
  return read_all(in, limit);
}

std::string DiskFileSystem::working_directory() {
  std::error_code problem;
  return text_of(fs::current_path(problem));
}

}  // namespace podcheck::lint
