#include "cluster/capture.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "cluster/paste/draft.hpp"
#include "cluster/pull_secret.hpp"
#include "cluster/redact.hpp"
#include "cluster/resource.hpp"
#include "document/document.hpp"

namespace podcheck::cluster {

namespace fs = std::filesystem;
using document::Node;
using paste::Draft;

namespace {

constexpr std::string_view last_applied = "kubectl.kubernetes.io/last-applied-configuration";

// What a bundle is asked for; the rest of the table is rare and found by name where a diagnosis needs it.
constexpr std::string_view captured[] = {"pods",
                                         "events",
                                         "nodes",
                                         "namespaces",
                                         "deployments",
                                         "replicasets",
                                         "statefulsets",
                                         "daemonsets",
                                         "jobs",
                                         "cronjobs",
                                         "replicationcontrollers",
                                         "services",
                                         "endpoints",
                                         "endpointslices",
                                         "configmaps",
                                         "secrets",
                                         "serviceaccounts",
                                         "persistentvolumeclaims",
                                         "persistentvolumes",
                                         "storageclasses",
                                         "volumeattachments",
                                         "csinodes",
                                         "csidrivers",
                                         "resourcequotas",
                                         "limitranges",
                                         "horizontalpodautoscalers",
                                         "poddisruptionbudgets",
                                         "networkpolicies",
                                         "priorityclasses",
                                         "runtimeclasses",
                                         "roles",
                                         "rolebindings",
                                         "mutatingwebhookconfigurations",
                                         "validatingwebhookconfigurations"};

class Capture {
 public:
  Capture(Snapshot& cluster, const CaptureOptions& options) : cluster_(cluster), options_(options) {}

  CaptureReport run() {
    std::error_code error;
    if (fs::exists(options_.directory, error) && !fs::is_empty(options_.directory, error)) {
      report_.error = options_.directory + ": not empty";
      return report_;
    }
    if (!write("recorded-at", format_time(cluster_.now()) + "\n") ||
        (!options_.namespace_.empty() && !write("namespace", options_.namespace_ + "\n"))) {
      return report_;
    }
    std::vector<Query> queries;
    for (std::string_view resource : captured) {
      queries.push_back({std::string(resource), options_.namespace_, "", "", ""});
    }
    cluster_.prefetch(queries);
    for (std::string_view resource : captured) {
      step(resource);
      if (!objects(std::string(resource))) {
        return report_;
      }
    }
    step("logs");
    logs();
    return report_;
  }

 private:
  void step(std::string_view what) const {
    if (options_.progress) {
      options_.progress(what);
    }
  }

  bool write(const std::string& path, const std::string& text) {
    fs::path whole = fs::path(options_.directory) / path;
    std::error_code error;
    fs::create_directories(whole.parent_path(), error);
    errno = 0;
    std::ofstream out(whole, std::ios::binary);
    out << text;
    out.flush();
    if (!out) {
      report_.error =
          whole.string() + ": " + (error ? error : std::error_code(errno, std::generic_category())).message();
    }
    return static_cast<bool>(out);
  }

  bool objects(const std::string& resource) {
    const Listing& listing = cluster_.list(resource, options_.namespace_);
    if (listing.failure) {
      report_.unreadable.emplace_back(Query{resource, options_.namespace_, "", "", ""}, listing.failure);
      return true;  // left out altogether: a missing file says "not recorded"
    }
    if (!cluster_.knows(resource, options_.namespace_) && listing.items.empty()) {
      return true;
    }
    std::string text = "{\"apiVersion\":\"v1\",\"items\":[";
    bool first = true;
    for (Node item : listing.items) {
      text += first ? "\n" : ",\n";
      text += clean(item, resource);
      first = false;
      ++report_.objects;
    }
    text += "\n],\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"\"}}\n";
    return write("objects/" + resource + ".json", text);
  }

  std::string clean(Node item, std::string_view resource) {
    Draft object = Draft::from(item);
    Draft& metadata = object["metadata"];
    metadata.erase("managedFields");
    if (Draft* annotations = metadata.find("annotations")) {
      report_.annotations_removed += annotations->erase(last_applied) ? 1 : 0;
      for (Draft& value : annotations->items()) {
        value.set(redact(value.text(), &report_.values_masked));
      }
    }
    if (resource == "secrets") {
      secret(item, object);
    } else if (resource == "configmaps") {
      for (const char* field : {"data", "binaryData"}) {
        if (Draft* data = object.find(field)) {
          for (Draft& value : data->items()) {
            value.set(redact(value.text(), &report_.values_masked));
          }
        }
      }
    } else {
      variables(object);
    }
    document::Tree tree;
    document::TreeBuilder builder(tree);
    object.emit(builder);
    return document::to_json(tree.root());
  }

  void secret(Node item, Draft& object) {
    ++report_.secrets_emptied;
    std::string_view name = item["metadata"]["name"].string();
    std::string_view namespace_ = item["metadata"]["namespace"].string();
    std::optional<std::vector<std::string>> hosts = cluster_.pull_secret_hosts(namespace_, name);
    if (hosts) {
      std::string joined;
      for (const std::string& host : *hosts) {
        joined += (joined.empty() ? "" : ",") + host;
      }
      object["metadata"]["annotations"][registry_hosts_annotation].set(joined);
    }
    object.erase("stringData");
    if (Draft* data = object.find("data")) {
      for (Draft& value : data->items()) {
        value.set("");
      }
      return;
    }
    // A list of a live cluster's Secrets has no keys; one asked for by name has.
    Node whole = cluster_.get("secrets", namespace_, name);
    for (const document::Member& member : whole["data"].members()) {
      object["data"][member.key].set("");
    }
  }

  // Every container's env, wherever the pod spec stands.
  void variables(Draft& object) {
    if (object.kind() == Draft::Kind::mapping) {
      if (Draft* env = object.find("env"); env != nullptr && env->kind() == Draft::Kind::sequence) {
        for (Draft& variable : env->items()) {
          Draft* value = variable.find("value");
          const Draft* name = variable.find("name");
          if (value == nullptr || name == nullptr) {
            continue;
          }
          if (names_a_secret(name->text()) && !value->text().empty()) {
            value->set("***");
            ++report_.values_masked;
          } else {
            value->set(redact(value->text(), &report_.values_masked));
          }
        }
      }
    }
    if (object.kind() == Draft::Kind::mapping || object.kind() == Draft::Kind::sequence) {
      for (Draft& item : object.items()) {
        variables(item);
      }
    }
  }

  static bool restarted(Node pod) {
    for (const char* list : {"containerStatuses", "initContainerStatuses"}) {
      for (Node status : pod["status"][list].items()) {
        if (status["restartCount"].integer().value_or(0) > 0 || !status["ready"].boolean().value_or(true)) {
          return true;
        }
      }
    }
    return pod["status"]["phase"].string() != "Running";
  }

  void logs() {
    std::vector<Node> pods = cluster_.list("pods", options_.namespace_).items;
    std::stable_partition(pods.begin(), pods.end(), restarted);
    if (pods.size() > options_.max_log_pods) {
      report_.pods_without_logs = pods.size() - options_.max_log_pods;
      pods.resize(options_.max_log_pods);
    }
    std::vector<LogQuery> queries;
    for (Node pod : pods) {
      for (const char* list : {"initContainerStatuses", "containerStatuses"}) {
        for (Node status : pod["status"][list].items()) {
          for (bool previous : {false, true}) {
            if (previous && status["restartCount"].integer().value_or(0) == 0) {
              continue;
            }
            queries.push_back(
                {pod["metadata"]["namespace"].text(), pod["metadata"]["name"].text(), status["name"].text(), previous});
          }
        }
      }
    }
    cluster_.prefetch({}, queries);
    for (const LogQuery& query : queries) {
      const Log& log = cluster_.log(query.namespace_, query.pod, query.container, query.previous);
      std::string base =
          "logs/" + query.namespace_ + "/" + query.pod + "/" + query.container + (query.previous ? ".previous" : "");
      if (query.container.find('/') != std::string::npos || query.pod.find('/') != std::string::npos) {
        continue;
      }
      if (!log.failure) {
        ++report_.logs;
        write(base + ".log", redact(log.text, &report_.values_masked));
      } else if (log.failure.detail != "not recorded") {
        write(base + ".err", log.failure.detail + "\n");
      }
    }
  }

  Snapshot& cluster_;
  const CaptureOptions& options_;
  CaptureReport report_;
};

}  // namespace

CaptureReport capture(Snapshot& cluster, const CaptureOptions& options) {
  return Capture(cluster, options).run();
}

}  // namespace podcheck::cluster
