#include "cluster/dump_source.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "cluster/kubectl_error.hpp"
#include "cluster/list_reader.hpp"
#include "cluster/recorded_source.hpp"
#include "cluster/resource.hpp"

namespace podcheck::cluster {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t max_logs_bytes = 64u << 20;

// k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go
constexpr std::string_view file_of(std::string_view resource) {
  return resource == "replicationcontrollers" ? "replication-controllers" : resource;
}

constexpr std::string_view dumped_resources[] = {"pods",       "events",      "services",   "replicationcontrollers",
                                                 "daemonsets", "deployments", "replicasets"};

class DumpSource : public RecordedSource {
 public:
  DumpSource(const std::string& directory, const LogLimits& limits) : directory_(directory), limits_(limits) {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
      if (entry.is_directory(error) && fs::exists(entry.path() / "pods.json", error)) {
        namespaces_.insert(entry.path().filename().string());
      }
    }
    for (std::string_view resource : dumped_resources) {
      store(std::string(resource));
    }
    store("nodes");
    set_now_from_objects();
  }

  bool covers(std::string_view namespace_) const override { return namespaces_.count(std::string(namespace_)) > 0; }

  Log log(const LogQuery& query) override {
    Log log;
    log.failure = {FailureKind::not_found, "not recorded"};
    if (query.previous || !covers(query.namespace_) || query.pod.find_first_of("/\\") != std::string::npos ||
        query.pod == "..") {
      return log;
    }
    std::optional<std::string> all =
        read_file(directory_ + "/" + query.namespace_ + "/" + query.pod + "/logs.txt", max_logs_bytes);
    std::optional<std::string_view> text = all ? dumped_log(*all, query.container) : std::nullopt;
    if (!text) {
      return log;
    }
    if (constexpr std::string_view error = "Request log error: "; text->starts_with(error)) {
      log.failure = classify_kubectl_error(text->substr(error.size()));
      return log;
    }
    if (is_lost_log(*text)) {
      log.failure = {FailureKind::not_found, std::string(*text)};
      return log;
    }
    Tail tail = tail_of(std::string(*text), limits_);
    return {std::move(tail.text), tail.truncated, {}};
  }

 protected:
  bool records(std::string_view resource) const override {
    return resource == "nodes" ||
           std::find(std::begin(dumped_resources), std::end(dumped_resources), resource) != std::end(dumped_resources);
  }

  Store load(const std::string& resource) override {
    Store loaded;
    if (resource == "nodes") {
      read(directory_ + "/nodes.json", resource, loaded);
    } else if (records(resource)) {
      for (const std::string& namespace_ : namespaces_) {
        read(directory_ + "/" + namespace_ + "/" + std::string(file_of(resource)) + ".json", resource, loaded);
      }
    }
    return loaded;
  }

 private:
  void read(const std::string& path, const std::string& resource, Store& loaded) {
    std::optional<std::string> json = read_file(path);
    std::string error;
    if (!json) {
      loaded.failure = {FailureKind::garbage, path + ": cannot be read"};
    } else if (!read_list(*json, resource, &full_projection(), trees_, loaded.items, error)) {
      loaded.failure = {FailureKind::garbage, path + ": " + error};
    }
  }

  std::string directory_;
  LogLimits limits_;
  std::set<std::string> namespaces_;
};

}  // namespace

bool is_dump(const std::string& directory) {
  std::error_code error;
  if (!fs::is_regular_file(directory + "/nodes.json", error)) {
    return false;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    if (fs::is_regular_file(entry.path() / "pods.json", error) && fs::exists(entry.path() / "events.json", error)) {
      return true;
    }
  }
  return false;
}

std::unique_ptr<Source> open_dump(const std::string& directory, const LogLimits& limits) {
  return std::make_unique<DumpSource>(directory, limits);
}

std::optional<std::string_view> dumped_log(std::string_view logs_txt, std::string_view container) {
  std::string name(container);
  std::size_t start = logs_txt.find("==== START logs for container " + name + " of pod ");
  if (start == std::string_view::npos || (start != 0 && logs_txt[start - 1] != '\n')) {
    return std::nullopt;
  }
  start = logs_txt.find('\n', start);
  if (start == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view text = logs_txt.substr(start + 1);
  return text.substr(0, text.find("==== END logs for container " + name + " of pod "));
}

}  // namespace podcheck::cluster
