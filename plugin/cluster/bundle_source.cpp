#include "cluster/bundle_source.hpp"

#include <filesystem>

#include "cluster/kubectl_error.hpp"
#include "cluster/list_reader.hpp"
#include "cluster/recorded_source.hpp"
#include "cluster/resource.hpp"

namespace podcheck::cluster {

namespace {

constexpr std::size_t large_list_bytes = 20u << 20;

std::string first_line(std::string text) {
  std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) {
    return "";
  }
  return text.substr(start, text.find_first_of("\r\n", start) - start);
}

// Names come from objects and from the user; a bundle's files are only looked for inside of it.
bool safe_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find_first_of("/\\") == std::string::npos &&
         name.find('\0') == std::string::npos;
}

class BundleSource : public RecordedSource {
 public:
  BundleSource(std::string directory, const LogLimits& limits) : directory_(std::move(directory)), limits_(limits) {
    std::string recorded = first_line(read_file(directory_ + "/recorded-at", 1 << 10).value_or(""));
    // A bundle made for one namespace names it; what lies in others is unknown then.
    namespace_ = first_line(read_file(directory_ + "/namespace", 1 << 10).value_or(""));
    if (std::optional<Time> time = parse_time(recorded)) {
      set_now(*time);
    } else {
      for (const char* resource : {"pods", "events", "nodes"}) {
        store(resource);
      }
      set_now_from_objects();
    }
  }

  bool covers(std::string_view wanted) const override { return namespace_.empty() || wanted == namespace_; }

  Log log(const LogQuery& query) override {
    Log log;
    if (!safe_name(query.namespace_) || !safe_name(query.pod) || !safe_name(query.container)) {
      log.failure = {FailureKind::not_found, "not recorded"};
      return log;
    }
    std::string base = directory_ + "/logs/" + query.namespace_ + "/" + query.pod + "/" + query.container;
    std::string suffix = query.previous ? ".previous" : "";
    if (std::optional<Tail> tail = tail_of_file(base + suffix + ".log", limits_)) {
      log.text = std::move(tail->text);
      log.truncated = tail->truncated;
      if (is_lost_log(log.text)) {
        log.failure = {FailureKind::not_found, first_line(log.text)};
        log.text.clear();
      }
    } else if (std::optional<std::string> error = read_file(base + suffix + ".err", 1 << 20)) {
      log.failure = classify_kubectl_error(*error);
    } else {
      log.failure = {FailureKind::not_found, "not recorded"};
    }
    return log;
  }

 protected:
  bool records(std::string_view resource) const override {
    std::error_code error;
    return resource == "pods/log" ? std::filesystem::is_directory(directory_ + "/logs", error)
                                  : std::filesystem::is_regular_file(path_of(std::string(resource)), error);
  }

  Store load(const std::string& resource) override {
    Store loaded;
    if (!safe_name(resource) || !records(resource)) {
      return loaded;
    }
    std::error_code problem;
    std::string error;
    if (large_list_projection(resource) != nullptr &&
        std::filesystem::file_size(path_of(resource), problem) > large_list_bytes) {
      if (!read_large_list(path_of(resource), resource, trees_, loaded.items, error)) {
        loaded.failure = {FailureKind::garbage, path_of(resource) + ": " + error};
      }
      return loaded;
    }
    std::optional<std::string> json = read_file(path_of(resource));
    if (!json) {
      loaded.failure = {FailureKind::garbage, path_of(resource) + ": cannot be read"};
      return loaded;
    }
    if (!read_list(*json, resource, &full_projection(), trees_, loaded.items, error)) {
      loaded.failure = {FailureKind::garbage, path_of(resource) + ": " + error};
    }
    return loaded;
  }

 private:
  std::string path_of(const std::string& resource) const { return directory_ + "/objects/" + resource + ".json"; }

  std::string directory_;
  std::string namespace_;
  LogLimits limits_;
};

}  // namespace

bool is_bundle(const std::string& directory) {
  std::error_code error;
  return std::filesystem::is_directory(directory + "/objects", error);
}

std::unique_ptr<Source> open_bundle(const std::string& directory, const LogLimits& limits) {
  return std::make_unique<BundleSource>(directory, limits);
}

}  // namespace podcheck::cluster
