#include "cluster/open.hpp"

#include <filesystem>

#include "cluster/bundle_source.hpp"
#include "cluster/dump_source.hpp"
#include "cluster/text_source.hpp"

namespace podcheck::cluster {

std::unique_ptr<Source> open_recorded(const std::string& path, std::string pasted, std::string& error) {
  if (path == "-") {
    std::unique_ptr<Source> source = open_texts({{"-", std::move(pasted)}});
    error = source == nullptr ? "nothing of a cluster in it" : "";
    return source;
  }
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
  std::unique_ptr<Source> source = open_text_files(path);
  error = source == nullptr ? "nothing of a cluster in it" : "";
  return source;
}

}  // namespace podcheck::cluster
