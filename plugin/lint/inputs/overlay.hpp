// Files with some of their texts changed, none of it on the disk.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "lint/inputs/file_system.hpp"

namespace podcheck::lint {

class OverlayFileSystem : public FileSystem {
 public:
  explicit OverlayFileSystem(FileSystem& below) : below_(below) {}
  std::map<std::string, std::string> texts;  // by path

  Status status(const std::string& path) override { return below_.status(path); }
  bool list(const std::string& path, std::vector<Entry>& entries, std::string& error) override {
    return below_.list(path, entries, error);
  }
  // Standard input is kept, for it can be read only once.
  Bytes read(const std::string& path, std::size_t limit) override;
  std::string working_directory() override { return below_.working_directory(); }

 private:
  FileSystem& below_;
  std::mutex mutex_;
  bool has_input_ = false;
  Bytes input_;
};

}  // namespace podcheck::lint
