#include "preflight/server.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <string_view>

#include "document/document.hpp"

namespace podcheck::preflight {

namespace {

// A file that only this user may read, gone when the object is.
class PrivateFile {
 public:
  explicit PrivateFile(const std::string& text) {
    std::error_code error;
    std::random_device random;
    std::filesystem::path folder = std::filesystem::temp_directory_path(error);
    for (int attempt = 0; attempt < 8 && folder_.empty(); ++attempt) {
      std::filesystem::path candidate = folder / ("podcheck-" + std::to_string(random()) + std::to_string(random()));
      if (std::filesystem::create_directory(candidate, error)) {
        folder_ = candidate;
      }
    }
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, error);
    path_ = folder_ / "object.json";
    std::ofstream out(path_, std::ios::binary);
    out << text;
  }
  ~PrivateFile() {
    std::error_code error;
    if (!folder_.empty()) {
      std::filesystem::remove(path_, error);
      std::filesystem::remove(folder_, error);
    }
  }
  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// 'Error from server (Forbidden): error when creating "/tmp/…": pods "x" is forbidden: …' → from `pods "x"` on.
std::string without_frame(std::string text) {
  constexpr std::string_view mark = "error when creating ";
  std::size_t at = text.find(mark);
  if (at != std::string::npos) {
    std::size_t end = text.find("\": ", at + mark.size() + 1);
    if (end != std::string::npos) {
      text.erase(0, end + 3);
    }
  }
  for (std::string_view frame : {"Error from server (Forbidden): ", "Error from server (NotFound): ",
                                 "Error from server (InternalError): ", "Error from server: ", "error: "}) {
    if (text.starts_with(frame)) {
      text.erase(0, frame.size());
    }
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.pop_back();
  }
  return text;
}

Answer::Kind kind_of(const cluster::Outcome& outcome) {
  if (outcome.ending != cluster::Ending::exited) {
    return Answer::Kind::unknown;
  }
  const std::string& text = outcome.error;
  if (has(text, "does not support dry run")) {
    return Answer::Kind::no_dry_run;
  }
  if (has(text, "(AlreadyExists)")) {
    return Answer::Kind::exists;
  }
  // A webhook that does not answer is the cluster's verdict on the object, not a server that cannot be reached. So is a
  // namespace that is not there.
  if (has(text, "failed calling webhook") || (has(text, "(NotFound)") && has(text, "namespaces \""))) {
    return Answer::Kind::refused;
  }
  // The user may not create pods, though a controller may; and nothing that says no about the object itself.
  bool about_user = has(text, "User \"") && has(text, "cannot create resource");
  if (about_user || has(text, "(Unauthorized)") || has(text, "You must be logged in") ||
      has(text, "Unable to connect") || has(text, "was refused") || has(text, "no such host") ||
      has(text, "i/o timeout") || has(text, "(NotFound)") || has(text, "no matches for kind")) {
    return Answer::Kind::unknown;
  }
  return Answer::Kind::refused;
}

}  // namespace

Answer KubectlServer::create(const std::string& json, const std::string& namespace_) {
  PrivateFile file(json);
  cluster::Outcome outcome = cluster::dry_run_create(options_, runner_, file.path(), namespace_, "json");
  Answer answer;
  if (outcome.succeeded()) {
    answer.kind = Answer::Kind::accepted;
    answer.tree = std::make_unique<document::Tree>();
    std::string error;
    if (!document::parse_json(outcome.output, *answer.tree, error)) {
      answer.tree.reset();
    }
    return answer;
  }
  answer.kind = kind_of(outcome);
  answer.message = without_frame(outcome.error);
  return answer;
}

}  // namespace podcheck::preflight
