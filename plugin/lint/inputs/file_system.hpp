// The files of the world behind one interface: the disk in the program, a map in tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace podcheck::lint {

class FileSystem {
 public:
  enum class Kind : std::uint8_t { missing, file, directory, other };  // other: FIFO, device, socket
  struct Status {
    Kind kind = Kind::missing;
    std::uint64_t size = 0;
    std::string identity;  // equal for two ways to the same directory; empty when unknown
    bool link = false;     // reached through a symbolic link
  };
  struct Entry {
    std::string name;
    Status status;
  };
  struct Bytes {
    bool ok = false;
    bool too_large = false;
    std::string bytes;
    std::string error;  // the system's reason, such as "Permission denied"
  };

  virtual ~FileSystem() = default;
  virtual Status status(const std::string& path) = 0;
  // Entries by name, sorted; false and `error` when the folder cannot be read.
  virtual bool list(const std::string& path, std::vector<Entry>& entries, std::string& error) = 0;
  // At most `limit` bytes; more is too_large. Never waits for a FIFO. "-" is standard input. Called from several
  // threads.
  virtual Bytes read(const std::string& path, std::size_t limit) = 0;
  virtual std::string working_directory() = 0;
};

class DiskFileSystem : public FileSystem {
 public:
  Status status(const std::string& path) override;
  bool list(const std::string& path, std::vector<Entry>& entries, std::string& error) override;
  Bytes read(const std::string& path, std::size_t limit) override;
  std::string working_directory() override;
};

// Files by path, for tests: folders are what paths have before their last slash.
class MemoryFileSystem : public FileSystem {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> unreadable;  // path to reason
  Status status(const std::string& path) override;
  bool list(const std::string& path, std::vector<Entry>& entries, std::string& error) override;
  Bytes read(const std::string& path, std::size_t limit) override;
  std::string working_directory() override { return "/project"; }
};

}  // namespace podcheck::lint
