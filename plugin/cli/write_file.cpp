#include "cli/write_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace podcheck::cli {

std::string write_file(const std::string& path, const std::string& text) {
  namespace fs = std::filesystem;
  std::error_code problem;
  fs::path target = fs::is_symlink(path, problem) ? fs::canonical(path, problem) : fs::path(path);
  fs::path temporary = target;
  temporary += ".podcheck-new";
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) {
      std::string reason = std::strerror(errno);
      fs::remove(temporary, problem);
      return reason;
    }
  }
  auto status = fs::status(target, problem);
  if (!problem && fs::exists(status)) {
    fs::permissions(temporary, status.permissions(), problem);
  }
  fs::rename(temporary, target, problem);
  if (problem) {
    std::string reason = problem.message();
    fs::remove(temporary, problem);
    return reason;
  }
  return "";
}

}  // namespace podcheck::cli
