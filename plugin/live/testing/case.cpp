#include "live/testing/case.hpp"

#include <chrono>
#include <map>
#include <stdexcept>

#include "cluster/recorded_source.hpp"
#include "cluster/resource.hpp"
#include "document/document.hpp"

namespace podcheck::live::testing {

namespace {

using document::Node;

const cluster::Time moment = *cluster::parse_time("2026-03-14T09:30:00Z");
constexpr const char* node_name = "harbor-3";

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\x1b':
        out += "\\u001b";
        break;
      case '"':
      case '\\':
        out += '\\';
        [[fallthrough]];
      default:
        out += c;
    }
  }
  return out + '"';
}

// A JSON object built member by member; members with an empty value are left out.
class Object {
 public:
  Object& raw(std::string_view key, std::string_view json) {
    if (!json.empty()) {
      text_ += (text_.empty() ? "" : ",") + quoted(key) + ":" + std::string(json);
    }
    return *this;
  }
  Object& text(std::string_view key, std::string_view value) { return value.empty() ? *this : raw(key, quoted(value)); }
  std::string str() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string list(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) {
    out += (out.empty() ? "" : ",") + item;
  }
  return "[" + out + "]";
}

std::string json_of(Node node) {
  return node ? document::to_json(node) : std::string();
}

// "40s", "3m": so long before the recording.
std::string before(std::string_view age) {
  auto seconds = cluster::parse_age(age);
  if (!seconds) {
    throw std::runtime_error("not an age: " + std::string(age));
  }
  return cluster::format_time(moment - *seconds);
}

std::string_view or_else(Node node, std::string_view fallback) {
  return node ? node.string() : fallback;
}

class Writer {
 public:
  explicit Writer(Node one) : case_(one) {
    kind_ = or_else(one["kind"], "Deployment");
    name_ = or_else(one["name"], "ledger");
    age_ = or_else(one["age"], "20m");
    Node given = one["spec"]["containers"][0];
    first_ = given ? given["name"].string() : or_else(one["container"]["name"], "till");
    subject_ = or_else(one["in"], first_);
    image_ =
        given ? given["image"].string() : or_else(one["container"]["image"], "registry.example.com/bank/till:2.4.1");
  }

  std::vector<std::string> objects() {
    write_events();
    write_pod();
    write_owners();
    write_node();
    for (Node object : case_["objects"].items()) {
      out_.push_back(completed(object));
    }
    return std::move(out_);
  }

  std::map<std::string, std::string> logs() const {
    std::map<std::string, std::string> logs;
    if (Node log = case_["log"]) {
      logs[pod_name() + "/" + subject_] = log.string();
    }
    for (const document::Member& log : case_["logs"].members()) {
      logs[(log.key.find('/') == std::string_view::npos ? pod_name() + "/" : "") + std::string(log.key)] =
          log.value.string();
    }
    return logs;
  }

 private:
  std::string pod_name() const {
    if (kind_ == "Pod")
      return name_;
    if (kind_ == "StatefulSet")
      return name_ + "-0";
    if (kind_ == "Deployment")
      return name_ + "-6c9d7f5b4-x8k2p";
    if (kind_ == "CronJob")
      return name_ + "-29312700-q7m4t";
    return name_ + "-q7m4t";
  }

  std::string metadata(std::string_view name, std::string_view owner_kind, std::string_view owner_name,
                       std::string_view age) const {
    Object meta;
    meta.text("name", name).text("namespace", case_namespace).text("uid", "uid-" + std::string(name));
    meta.text("creationTimestamp", before(age)).raw("labels", labels());
    if (!owner_kind.empty()) {
      meta.raw("ownerReferences", list({Object()
                                            .text("kind", owner_kind)
                                            .text("name", owner_name)
                                            .text("uid", "uid-" + std::string(owner_name))
                                            .raw("controller", "true")
                                            .str()}));
    }
    return meta.str();
  }

  std::string labels() const { return Object().text("app", name_).str(); }

  std::string spec() const {
    if (Node spec = case_["spec"]) {
      return json_of(spec);
    }
    Object container;
    container.text("name", first_).text("image", image_);
    for (const document::Member& field : case_["container"].members()) {
      if (field.key != "name" && field.key != "image") {
        container.raw(field.key, json_of(field.value));
      }
    }
    Object spec;
    spec.raw("containers", list({container.str()}));
    for (const document::Member& field : case_["pod-spec"].members()) {
      spec.raw(field.key, json_of(field.value));
    }
    return spec.str();
  }

  void write_pod() {
    if (case_["pods"].is_boolean() && !*case_["pods"].boolean()) {
      return;
    }
    std::string spec_text = spec();
    spec_text.pop_back();
    Object binding;
    if (or_else(case_["scheduled"], "yes") != "no") {
      binding.text("nodeName", node_name);
    }
    std::string more = binding.str().substr(1);
    spec_text += more == "}" ? "}" : "," + more;
    auto [owner_kind, owner_name] = owner();
    Object pod;
    pod.text("apiVersion", "v1").text("kind", "Pod");
    std::string meta = metadata(pod_name(), owner_kind, owner_name, age_);
    if (Node extra = case_["metadata"]) {
      meta.pop_back();
      meta += "," + json_of(extra).substr(1);
    }
    pod.raw("metadata", meta).raw("spec", spec_text).raw("status", status());
    out_.push_back(pod.str());
  }

  std::pair<std::string, std::string> owner() const {
    if (kind_ == "Pod")
      return {};
    if (kind_ == "Deployment")
      return {"ReplicaSet", name_ + "-6c9d7f5b4"};
    if (kind_ == "CronJob")
      return {"Job", name_ + "-29312700"};
    return {kind_, name_};
  }

  // The state of a container as it is written in the case, with the sugar for the container that fails.
  std::string container_status(std::string_view name, std::string_view image, bool init) {
    Node given = case_["status"][name];
    Object status;
    status.text("name", name).text("image", image);
    Node sugar = name == subject_ ? case_ : Node();
    Object state;
    Object last;
    bool ready = false;
    std::int64_t restarts = given["restarts"].integer().value_or(sugar["restarts"].integer().value_or(0));
    if (sugar["exit"] || sugar["start-error"]) {
      restarts = sugar["restarts"].integer().value_or(5);
      std::string ended = sugar["exit"] ? terminated(sugar) : not_started(sugar["start-error"].string());
      if (case_["pod"]["phase"].string() == "Failed" || sugar["restarts"].integer() == 0) {
        state.raw("terminated", ended);
      } else {
        last.raw("terminated", ended);
        state.raw("waiting", Object()
                                 .text("reason", "CrashLoopBackOff")
                                 .text("message", "back-off 2m40s restarting failed container=" + std::string(name) +
                                                      " pod=" + pod_name() + "_" + case_namespace + "(uid)")
                                 .str());
      }
    } else if (std::string_view reason = waiting_reason(sugar); !reason.empty()) {
      std::string message(sugar[sugar_of(reason)].string());
      if (reason == "ImagePullBackOff") {
        message = "Back-off pulling image " + quoted(image) +
                  (or_else(case_["era"], "new") == "old" ? std::string() : ": ErrImagePull: " + message);
      }
      state.raw("waiting", Object().text("reason", reason).text("message", message).str());
    } else if (sugar["probe"]) {
      state.raw("running", Object().text("startedAt", before(or_else(sugar["since"], "15s"))).str());
      restarts = sugar["restarts"].integer().value_or(sugar["probe"].string() == "Readiness" ? 0 : 6);
      if (restarts > 0) {
        last.raw("terminated", Object()
                                   .raw("exitCode", "137")
                                   .text("reason", "Error")
                                   .text("startedAt", before("80s"))
                                   .text("finishedAt", before("16s"))
                                   .str());
      }
    } else if (given) {
      ready = given["ready"].boolean().value_or(false);
      if (Node waiting = given["waiting"]) {
        state.raw("waiting",
                  Object().text("reason", waiting.string()).text("message", given["message"].string()).str());
      }
      if (Node running = given["running"]) {
        state.raw("running", Object().text("startedAt", before(running.string())).str());
      }
      if (given["exit"]) {
        state.raw("terminated", terminated(given));
      }
      if (Node ended = given["last"]) {
        last.raw("terminated", terminated(ended));
      }
    } else if (case_["pod"]["pending"].boolean().value_or(false)) {
      state.raw("waiting",
                Object().text("reason", init_pending_ && !init ? "PodInitializing" : "ContainerCreating").str());
    } else {
      ready = !(init_pending_ && !init);
      if (!ready) {
        state.raw("waiting", Object().text("reason", "PodInitializing").str());
      } else {
        state.raw("running", Object().text("startedAt", before(age_)).str());
      }
    }
    if (init && !given && name != subject_) {
      state = Object();
      state.raw("terminated", Object()
                                  .raw("exitCode", "0")
                                  .text("reason", "Completed")
                                  .text("startedAt", before(age_))
                                  .text("finishedAt", before(age_))
                                  .str());
      ready = true;
    }
    all_ready_ = all_ready_ && (init || ready);
    status.raw("ready", ready ? "true" : "false").raw("restartCount", std::to_string(restarts));
    if (Node id = given["imageID"]) {
      status.text("imageID", id.string());
    }
    return status.raw("state", state.str()).raw("lastState", last.str()).str();
  }

  static std::string terminated(Node ended) {
    std::int64_t code = ended["exit"].integer().value_or(0);
    std::string_view reason = or_else(ended["reason"], code == 0 ? "Completed" : "Error");
    auto ago = cluster::parse_age(or_else(ended["ago"], "30s"));
    auto ran = cluster::parse_age(or_else(ended["ran"], "3s"));
    if (!ago || !ran) {
      throw std::runtime_error("not an age");
    }
    return Object()
        .raw("exitCode", std::to_string(code))
        .text("reason", reason)
        .text("message", ended["termination-message"].string())
        .text("startedAt", cluster::format_time(moment - *ago - *ran))
        .text("finishedAt", cluster::format_time(moment - *ago))
        .str();
  }

  static std::string not_started(std::string_view message) {
    return Object()
        .raw("exitCode", "128")
        .text("reason", "StartError")
        .text("message", message)
        .text("startedAt", "1970-01-01T00:00:00Z")
        .text("finishedAt", before("30s"))
        .str();
  }

  static std::string_view waiting_reason(Node one) {
    if (one["pull"])
      return "ImagePullBackOff";
    if (one["config-error"])
      return "CreateContainerConfigError";
    if (one["create-error"])
      return "CreateContainerError";
    if (one["run-error"])
      return "RunContainerError";
    if (one["image-name"])
      return "InvalidImageName";
    if (one["never-pull"])
      return "ErrImageNeverPull";
    return {};
  }
  static std::string_view sugar_of(std::string_view reason) {
    if (reason == "ImagePullBackOff")
      return "pull";
    if (reason == "CreateContainerConfigError")
      return "config-error";
    if (reason == "CreateContainerError")
      return "create-error";
    if (reason == "RunContainerError")
      return "run-error";
    if (reason == "InvalidImageName")
      return "image-name";
    return "never-pull";
  }

  std::string status() {
    std::vector<std::string> inits;
    std::vector<std::string> apps;
    Node spec = case_["spec"];
    for (Node container : spec["initContainers"].items()) {
      std::string_view name = container["name"].string();
      bool sidecar = container["restartPolicy"].string() == "Always";
      Node given = case_["status"][name];
      if (name == subject_ || (given && !sidecar && given["exit"].integer() != 0)) {
        init_pending_ = true;
      }
      inits.push_back(container_status(name, container["image"].string(), true));
    }
    if (spec) {
      for (Node container : spec["containers"].items()) {
        apps.push_back(container_status(container["name"].string(), container["image"].string(), false));
      }
    } else {
      apps.push_back(container_status(first_, image_, false));
    }
    Node pod = case_["pod"];
    std::string phase(or_else(pod["phase"], init_pending_ || pod["pending"] ? "Pending" : "Running"));
    Object status;
    status.text("phase", phase).text("reason", pod["reason"].string()).text("message", pod["message"].string());
    status.text("podIP", "10.42.7.19").text("startTime", before(age_));
    std::vector<std::string> conditions;
    auto add = [&conditions](std::string_view type, bool value, std::string_view reason, std::string_view age) {
      conditions.push_back(Object()
                               .text("type", type)
                               .text("status", value ? "True" : "False")
                               .text("reason", reason)
                               .text("lastTransitionTime", before(age))
                               .str());
    };
    add("PodScheduled", true, "", age_);
    add("Initialized", !init_pending_, init_pending_ ? "ContainersNotInitialized" : "", age_);
    bool ready = all_ready_ && phase == "Running";
    add("ContainersReady", ready, ready ? "" : "ContainersNotReady", or_else(pod["since"], age_));
    for (Node condition : pod["conditions"].items()) {
      conditions.push_back(json_of(condition));
    }
    if (!pod["conditions"]) {
      add("Ready", ready, ready ? "" : "ContainersNotReady", or_else(pod["since"], age_));
    }
    status.raw("conditions", list(conditions));
    if (!inits.empty()) {
      status.raw("initContainerStatuses", list(inits));
    }
    return (pod["statuses"].boolean().value_or(true) ? status.raw("containerStatuses", list(apps)) : status).str();
  }

  void event(std::string_view reason, std::string_view message, std::string_view container, std::string_view type,
             std::string_view ago, std::int64_t count, std::string_view kind = "Pod", std::string_view name = {},
             std::string_view uid = {}) {
    std::string about(name.empty() ? pod_name() : std::string(name));
    Object involved;
    involved.text("kind", kind).text("namespace", case_namespace).text("name", about);
    involved.text("uid", uid.empty() ? "uid-" + about : std::string(uid));
    if (!container.empty()) {
      bool init = false;
      for (Node one : case_["spec"]["initContainers"].items()) {
        init = init || one["name"].string() == container;
      }
      involved.text("fieldPath",
                    std::string(init ? "spec.initContainers{" : "spec.containers{") + std::string(container) + "}");
    }
    out_.push_back(Object()
                       .text("apiVersion", "v1")
                       .text("kind", "Event")
                       .raw("metadata", Object()
                                            .text("name", about + "." + std::to_string(out_.size()))
                                            .text("namespace", case_namespace)
                                            .str())
                       .text("type", type)
                       .text("reason", reason)
                       .text("message", message)
                       .raw("count", std::to_string(count))
                       .text("firstTimestamp", before(age_))
                       .text("lastTimestamp", before(ago))
                       .raw("source", Object().text("component", "kubelet").text("host", node_name).str())
                       .raw("involvedObject", involved.str())
                       .str());
  }

  void write_events() {
    if (Node pull = case_["pull"]) {
      event("Failed", "Failed to pull image " + quoted(image_) + ": " + std::string(pull.string()), subject_, "Warning",
            "40s", 5);
      event("Failed", "Error: ErrImagePull", subject_, "Warning", "40s", 5);
      event("BackOff", "Back-off pulling image " + quoted(image_), subject_, "Normal", "10s", 21);
    }
    if (Node error = case_["start-error"]) {
      event("Failed", "Error: " + std::string(error.string()), subject_, "Warning", "30s", 6);
    }
    for (const char* sugar : {"config-error", "create-error", "run-error", "never-pull"}) {
      if (Node error = case_[sugar]) {
        event("Failed", "Error: " + std::string(error.string()), subject_, "Warning", "12s", 8);
      }
    }
    if (Node kind = case_["probe"]) {
      std::string type(kind.string());
      event("Unhealthy", type + " probe failed: " + std::string(case_["probe-says"].string()), subject_, "Warning",
            "12s", 18);
      if (type != "Readiness") {
        event("Killing",
              "Container " + subject_ + " failed " + (type == "Startup" ? "startup" : "liveness") +
                  " probe, will be restarted",
              subject_, "Normal", "20s", 6);
      }
    }
    if ((case_["exit"] || case_["start-error"]) && case_["restarts"].integer() != 0) {
      event("BackOff", "Back-off restarting failed container " + subject_ + " in pod " + pod_name(), subject_,
            "Warning", "8s", 23);
    }
    for (Node one : case_["events"].items()) {
      std::string_view about = one["about"].string();
      auto slash = about.find('/');
      event(one["reason"].string(), one["message"].string(), one["container"].string(), or_else(one["type"], "Warning"),
            or_else(one["ago"], "25s"), one["count"].integer().value_or(3),
            slash == std::string_view::npos ? "Pod" : about.substr(0, slash),
            slash == std::string_view::npos ? std::string_view() : about.substr(slash + 1), one["uid"].string());
    }
  }

  void write_owners() {
    bool ready = all_ready_;
    auto replicas = [&](std::string_view) {
      return Object()
          .raw("replicas", "1")
          .raw("readyReplicas", ready ? "1" : "0")
          .raw("updatedReplicas", "1")
          .raw("availableReplicas", ready ? "1" : "0")
          .raw("observedGeneration", "1")
          .str();
    };
    auto workload = [&](std::string_view api, std::string_view kind, std::string_view name, std::string_view owner_kind,
                        std::string_view owner_name, std::string_view spec, std::string_view status) {
      out_.push_back(Object()
                         .text("apiVersion", api)
                         .text("kind", kind)
                         .raw("metadata", metadata(name, owner_kind, owner_name, age_))
                         .raw("spec", spec)
                         .raw("status", status)
                         .str());
    };
    std::string templ = Object().raw("metadata", Object().raw("labels", labels()).str()).raw("spec", spec()).str();
    std::string running = Object()
                              .raw("replicas", "1")
                              .raw("selector", Object().raw("matchLabels", labels()).str())
                              .raw("template", templ)
                              .str();
    if (kind_ == "Deployment") {
      workload("apps/v1", "Deployment", name_, "", "", running, replicas(""));
      workload("apps/v1", "ReplicaSet", name_ + "-6c9d7f5b4", "Deployment", name_, running, replicas(""));
    } else if (kind_ == "StatefulSet" || kind_ == "DaemonSet" || kind_ == "ReplicaSet") {
      workload("apps/v1", kind_, name_, "", "", running, replicas(""));
    } else if (kind_ == "Job" || kind_ == "CronJob") {
      std::string job = Object().raw("template", templ).raw("backoffLimit", "6").str();
      std::string status = case_["job"] ? json_of(case_["job"]) : Object().raw("active", "1").str();
      if (kind_ == "Job") {
        workload("batch/v1", "Job", name_, "", "", job, status);
      } else {
        workload("batch/v1", "CronJob", name_, "", "",
                 Object().text("schedule", "*/10 * * * *").raw("jobTemplate", Object().raw("spec", job).str()).str(),
                 "{}");
        workload("batch/v1", "Job", name_ + "-29312700", "CronJob", name_, job, status);
      }
    }
  }

  void write_node() {
    Object info;
    info.text("architecture", "amd64").text("operatingSystem", "linux").text("kubeletVersion", "v1.33.2");
    info.text("containerRuntimeVersion", "containerd://2.0.5");
    out_.push_back(
        Object()
            .text("apiVersion", "v1")
            .text("kind", "Node")
            .raw("metadata", Object().text("name", node_name).raw("labels", "{\"kubernetes.io/arch\":\"amd64\"}").str())
            .raw("spec", "{}")
            .raw("status", Object()
                               .raw("nodeInfo", info.str())
                               .raw("allocatable", "{\"cpu\":\"4\",\"memory\":\"16Gi\",\"pods\":\"110\"}")
                               .raw("conditions", "[{\"type\":\"Ready\",\"status\":\"True\"}]")
                               .str())
            .str());
  }

  // An object of the case, with a namespace and, for pods, no more than what is written.
  static std::string completed(Node object) {
    const cluster::Resource* resource = cluster::resource_of_kind(object["kind"].string());
    if (resource == nullptr) {
      throw std::runtime_error("not a kind: " + std::string(object["kind"].string()));
    }
    Object out;
    out.text("apiVersion", resource->api_version);
    for (const document::Member& field : object.members()) {
      if (field.key == "metadata") {
        Object meta;
        for (const document::Member& one : field.value.members()) {
          meta.raw(one.key, json_of(one.value));
        }
        if (resource->namespaced && !field.value["namespace"]) {
          meta.text("namespace", case_namespace);
        }
        if (!field.value["creationTimestamp"]) {
          meta.text("creationTimestamp", before("3d"));
        }
        if (!field.value["uid"]) {
          meta.text("uid", "uid-" + std::string(field.value["name"].string()));
        }
        out.raw("metadata", meta.str());
      } else if (field.key != "apiVersion") {
        out.raw(field.key, json_of(field.value));
      }
    }
    return out.str();
  }

  Node case_;
  std::string kind_;
  std::string name_;
  std::string age_;
  std::string first_;
  std::string subject_;
  std::string image_;
  bool init_pending_ = false;
  bool all_ready_ = true;
  std::vector<std::string> out_;
};

class CaseSource : public cluster::RecordedSource {
 public:
  CaseSource(const std::vector<std::string>& objects, std::map<std::string, std::string> logs)
      : logs_(std::move(logs)) {
    for (const std::string& text : objects) {
      std::string error;
      trees_.push_back(std::make_unique<document::Tree>());
      if (!document::parse_json(text, *trees_.back(), error)) {
        throw std::runtime_error(error + " in " + text);
      }
      add(trees_.back()->root());
    }
    set_now(moment);
  }

  cluster::Log log(const cluster::LogQuery& query) override {
    cluster::Log log;
    auto found = logs_.find(query.pod + "/" + query.container + (query.previous ? ".previous" : ""));
    if (found == logs_.end()) {
      // A container that has logged nothing has an empty log; only --previous can fail.
      if (query.previous) {
        log.failure = {cluster::FailureKind::not_found, "previous terminated container not found"};
      }
    } else {
      log.text = found->second;
    }
    return log;
  }

 protected:
  bool records(std::string_view) const override { return true; }

 private:
  std::map<std::string, std::string> logs_;
};

}  // namespace

std::unique_ptr<cluster::Source> cluster_of(Node one) {
  Writer writer(one);
  std::vector<std::string> objects = writer.objects();
  return std::make_unique<CaseSource>(objects, writer.logs());
}

std::string target_of(Node one) {
  if (Node target = one["target"]) {
    return std::string(target.string());
  }
  static const std::map<std::string_view, std::string_view> words = {
      {"Deployment", "deploy"}, {"StatefulSet", "sts"}, {"DaemonSet", "ds"}, {"ReplicaSet", "rs"},
      {"Job", "job"},           {"CronJob", "cronjob"}, {"Pod", "pod"}};
  return std::string(words.at(or_else(one["kind"], "Deployment"))) + "/" + std::string(or_else(one["name"], "ledger"));
}

}  // namespace podcheck::live::testing
