#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "lint/inputs/file_system.hpp"

namespace podcheck::lint {

namespace {

FileSystem::Status to_status(const struct stat& info) {
  FileSystem::Status status;
  status.size = static_cast<std::uint64_t>(info.st_size);
  if (S_ISREG(info.st_mode)) {
    status.kind = FileSystem::Kind::file;
  } else if (S_ISDIR(info.st_mode)) {
    status.kind = FileSystem::Kind::directory;
    status.identity = std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
  } else {
    status.kind = FileSystem::Kind::other;
  }
  return status;
}

// Reads to the end, not trusting the size that stat gave: the file may change meanwhile.
FileSystem::Bytes read_all(int descriptor, std::size_t expected, std::size_t limit) {
  FileSystem::Bytes out;
  out.bytes.resize(std::min(expected, limit) + 1);
  std::size_t used = 0;
  while (true) {
    if (used == out.bytes.size()) {
      out.bytes.resize(std::min(std::max<std::size_t>(used * 2, 65536), limit + 1));
    }
    const ssize_t got = read(descriptor, out.bytes.data() + used, out.bytes.size() - used);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      out.error = std::strerror(errno);
      return out;
    }
    used += static_cast<std::size_t>(got);
    if (used > limit) {
      out.too_large = true;
      out.bytes.clear();
      return out;
    }
    if (got == 0) {
      break;
    }
  }
  out.bytes.resize(used);
  out.ok = true;
  return out;
}

}  // namespace

FileSystem::Status DiskFileSystem::status(const std::string& path) {
  struct stat info {};
  struct stat link {};
  if (stat(path.c_str(), &info) != 0) {
    return {};
  }
  Status status = to_status(info);
  status.link = lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
  return status;
}

bool DiskFileSystem::list(const std::string& path, std::vector<Entry>& entries, std::string& error) {
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) {
    error = std::strerror(errno);
    return false;
  }
  while (const dirent* entry = readdir(directory)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") {
      entries.push_back({name, {}});
      if (entry->d_type == DT_REG) {
        entries.back().status.kind = Kind::file;
      } else {
        entries.back().status = status(path + "/" + name);
      }
    }
  }
  closedir(directory);
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return true;
}

FileSystem::Bytes DiskFileSystem::read(const std::string& path, std::size_t limit) {
  if (path == "-") {
    return read_all(STDIN_FILENO, 65536, limit);
  }
  // O_NONBLOCK: opening a FIFO that nobody writes to must not wait.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return {false, false, {}, std::strerror(errno)};
  }
  struct stat info {};
  Bytes out;
  if (fstat(descriptor, &info) != 0) {
    out.error = std::strerror(errno);
  } else if (!S_ISREG(info.st_mode)) {
    out.error = std::strerror(S_ISDIR(info.st_mode) ? EISDIR : ESPIPE);
  } else if (static_cast<std::uint64_t>(info.st_size) > limit) {
    out.too_large = true;
  } else {
    out = read_all(descriptor, static_cast<std::size_t>(info.st_size), limit);
  }
  close(descriptor);
  return out;
}

std::string DiskFileSystem::working_directory() {
  std::string path(4096, '\0');
  if (getcwd(path.data(), path.size()) == nullptr) {
    return {};
  }
  path.resize(std::strlen(path.c_str()));
  return path;
}

}  // namespace podcheck::lint
