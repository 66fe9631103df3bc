#include "cluster/dump_source.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <tuple>

#include "cluster/event.hpp"
#include "cluster/kubectl_error.hpp"
#include "cluster/list_reader.hpp"
#include "cluster/paste/draft.hpp"
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

// A controller of pods that a dump leaves out, as far as its pods tell.
struct Owner {
  std::string api_version;
  std::string uid;
  std::int64_t pods = 0;
  std::int64_t ready = 0;
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
};

bool is_ready(document::Node pod) {
  for (document::Node condition : pod["status"]["conditions"].items()) {
    if (condition["type"].string() == "Ready") {
      return condition["status"].string() == "True";
    }
  }
  return false;
}

// A CronJob's Jobs are named for it and for the minute that they were due (pkg/controller/cronjob/utils.go).
std::string cron_job_of(const std::string& job) {
  std::size_t dash = job.rfind('-');
  bool minutes = dash != std::string::npos && job.size() - dash - 1 >= 8 &&
                 job.find_first_not_of("0123456789", dash + 1) == std::string::npos;
  return minutes ? job.substr(0, dash) : std::string();
}

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
    add_owners();
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

  void add_draft(const paste::Draft& object) {
    auto tree = std::make_unique<document::Tree>();
    document::TreeBuilder builder(*tree);
    object.emit(builder);
    add(tree->root());
    trees_.push_back(std::move(tree));
  }

  static paste::Draft owner_draft(std::string_view api_version, std::string_view kind, std::string_view namespace_,
                                  std::string_view name) {
    paste::Draft object;
    object["apiVersion"].set(api_version);
    object["kind"].set(kind);
    object["metadata"]["name"].set(name);
    object["metadata"]["namespace"].set(namespace_);
    object["metadata"]["annotations"]["podcheck.dev/partial"].set("owner");
    return object;
  }

  // StatefulSets and Jobs are not in a dump; people name them all the same. Their pods and their events tell of them.
  void add_owners() {
    std::map<std::tuple<std::string, std::string, std::string>, Owner> owners;
    for (document::Node event : store("events").items) {
      document::Node about = event_object(event);
      std::string kind = about["kind"].text();
      if ((kind == "StatefulSet" || kind == "Job") && event["type"].string() == "Warning") {
        Owner& owner = owners[{kind, about["namespace"].text(), about["name"].text()}];
        owner.api_version = about["apiVersion"].text();
        owner.uid = about["uid"].text();
      }
    }
    for (document::Node pod : store("pods").items) {
      document::Node reference = pod["metadata"]["ownerReferences"][0];
      std::string kind = reference["kind"].text();
      if (kind != "StatefulSet" && kind != "Job") {
        continue;
      }
      Owner& owner = owners[{kind, pod["metadata"]["namespace"].text(), reference["name"].text()}];
      owner.api_version = reference["apiVersion"].text();
      owner.uid = reference["uid"].text();
      std::string_view phase = pod["status"]["phase"].string();
      ++owner.pods;
      owner.ready += is_ready(pod) ? 1 : 0;
      owner.succeeded += phase == "Succeeded" ? 1 : 0;
      owner.failed += phase == "Failed" ? 1 : 0;
    }
    std::set<std::pair<std::string, std::string>> cron_jobs;
    for (const auto& [key, owner] : owners) {
      const auto& [kind, namespace_, name] = key;
      paste::Draft object = owner_draft(owner.api_version, kind, namespace_, name);
      object["metadata"]["uid"].set(owner.uid);
      paste::Draft& status = object["status"];
      if (kind == "StatefulSet") {
        // One that has no pods wants at least one: it has told of its failure to make it.
        object["spec"]["replicas"].set(std::max<std::int64_t>(owner.pods, 1));
        status["replicas"].set(owner.pods);
        status["readyReplicas"].set(owner.ready);
        status["availableReplicas"].set(owner.ready);
      } else {
        std::int64_t active = owner.pods - owner.succeeded - owner.failed;
        status["active"].set(active);
        status["succeeded"].set(owner.succeeded);
        status["failed"].set(owner.failed);
        if (owner.succeeded > 0 && active == 0) {
          paste::Draft& condition = status["conditions"].append();
          condition["type"].set("Complete");
          condition["status"].set("True");
        }
        if (std::string cron = cron_job_of(name); !cron.empty()) {
          paste::Draft& reference = object["metadata"]["ownerReferences"].append();
          reference["apiVersion"].set("batch/v1");
          reference["kind"].set("CronJob");
          reference["name"].set(cron);
          reference["controller"].set(true);
          cron_jobs.insert({namespace_, cron});
        }
      }
      add_draft(object);
    }
    for (const auto& [namespace_, name] : cron_jobs) {
      add_draft(owner_draft("batch/v1", "CronJob", namespace_, name));
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
