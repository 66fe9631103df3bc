#include "cluster/open.hpp"

#include <filesystem>

#include "cluster/bundle_source.hpp"
#include "cluster/dump_source.hpp"

namespace podcheck::cluster {

std::unique_ptr<Source> open_recorded(const std::string& path, std::string, std::string& error) {
  std::error_code problem;
  if (!std::filesystem::exists(path, problem)) {
    error = "no such file or directory";
    return nullptr;
  }
  if (is_bundle(path)) {
    return open_bundle(path);
  }
  if (is_dump(path)) {
    return open_dump(path);
  }
  error = "neither a bundle nor a dump";
  return nullptr;
}

}  // namespace podcheck::cluster
