#include "lint/inputs/paths.hpp"

#include <vector>

namespace podcheck::lint {

std::string join_path(std::string_view folder, std::string_view name) {
  if (folder.empty() || folder == ".") {
    return std::string(name);
  }
  std::string out(folder);
  if (out.back() != '/') {
    out += '/';
  }
  return out.append(name);
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string parent_path(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return {};
  }
  return std::string(slash == 0 ? "/" : path.substr(0, slash));
}

std::string normal_path(std::string_view path) {
  const bool rooted = !path.empty() && path.front() == '/';
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    if (part.empty() || part == ".") {
      continue;
    }
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !rooted) {
      parts.push_back(part);
    }
  }
  std::string out = rooted ? "/" : "";
  for (const auto part : parts) {
    out += out.empty() || out.back() == '/' ? "" : "/";
    out += part;
  }
  return out;
}

std::string absolute_path(std::string_view path, std::string_view working_directory) {
  if (!path.empty() && path.front() == '/') {
    return normal_path(path);
  }
  return normal_path(std::string(working_directory) + "/" + std::string(path));
}

bool has_manifest_extension(std::string_view path) {
  for (const std::string_view extension : {".yaml", ".yml", ".json"}) {
    if (path.size() > extension.size() && path.substr(path.size() - extension.size()) == extension) {
      return true;
    }
  }
  return false;
}

}  // namespace podcheck::lint
