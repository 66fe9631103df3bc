#include "live/testing/small_cluster.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "cluster/recorded_source.hpp"
#include "cluster/resource.hpp"
#include "document/document.hpp"

namespace podcheck::live::testing {

using document::Member;
using document::Node;

namespace {

const cluster::Time moment = *cluster::parse_time("2026-03-01T12:00:00Z");

std::string quoted(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      out.append("\\u00").append(1, digits[(c >> 4) & 15]).append(1, digits[c & 15]);
      continue;
    }
    out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return out + '"';
}

std::string moment_before(std::string_view age) {
  bool later = age.starts_with('-');
  auto span = cluster::parse_age(later ? age.substr(1) : age);
  if (!span) {
    throw std::runtime_error("not an age: " + std::string(age));
  }
  return quoted(cluster::format_time(later ? moment + *span : moment - *span));
}

std::string json(Node node) {
  std::string out;
  if (node.is_mapping()) {
    for (const Member& member : node.members()) {
      out += (out.empty() ? "{" : ",") + quoted(member.key) + ":" + json(member.value);
    }
    return out.empty() ? "{}" : out + "}";
  }
  if (node.is_sequence()) {
    for (Node item : node.items()) {
      out += (out.empty() ? "[" : ",") + json(item);
    }
    return out.empty() ? "[]" : out + "]";
  }
  if (node.is_string()) {
    std::string_view text = node.string();
    return text.starts_with('@') ? moment_before(text.substr(1)) : quoted(text);
  }
  return document::to_json(node);
}

// Members of a JSON mapping; a later one of the same key is not added.
class Mapping {
 public:
  Mapping& add(std::string_view key, std::string value) {
    if (!value.empty() && !has(key)) {
      members_.emplace_back(key, std::move(value));
    }
    return *this;
  }
  Mapping& add_all(Node node) {
    for (const Member& member : node.members()) {
      add(member.key, json(member.value));
    }
    return *this;
  }
  bool has(std::string_view key) const {
    return std::any_of(members_.begin(), members_.end(), [&](const auto& one) { return one.first == key; });
  }
  std::string text() const {
    std::string out = "{";
    for (const auto& [key, value] : members_) {
      out += (out.size() > 1 ? "," : "") + quoted(key) + ":" + value;
    }
    return out + "}";
  }

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

const cluster::Resource& resource_of(std::string_view kind) {
  const cluster::Resource* resource = cluster::resource_of_kind(kind);
  if (resource == nullptr) {
    throw std::runtime_error("unknown kind " + std::string(kind));
  }
  return *resource;
}

std::string uid_of(std::string_view kind, std::string_view name) {
  return std::string(kind) + "-" + std::string(name);
}

std::pair<std::string_view, std::string_view> split(std::string_view reference) {
  std::size_t slash = std::min(reference.find('/'), reference.size());
  return {reference.substr(0, slash), reference.substr(std::min(slash + 1, reference.size()))};
}

std::string event(Node item, std::size_t number) {
  auto [kind, name] = split(item["of"].string());
  bool namespaced = resource_of(kind).namespaced;
  std::string space(namespaced ? item["ns"].string(small_namespace) : "default");
  std::string time = moment_before(item["ago"].string("1m"));
  Mapping metadata;
  metadata.add("name", quoted("e" + std::to_string(number))).add("namespace", quoted(space));
  metadata.add("creationTimestamp", time);
  Mapping object;
  object.add("kind", quoted(kind)).add("name", quoted(name));
  object.add("uid", quoted(item["uid"].string(uid_of(kind, name))));
  object.add("namespace", namespaced ? quoted(space) : "");
  Mapping out;
  out.add("apiVersion", "\"v1\"").add("kind", "\"Event\"").add("metadata", metadata.text());
  out.add("involvedObject", object.text()).add("reason", quoted(item["event"].string()));
  out.add("message", quoted(item["says"].string())).add("type", quoted(item["type"].string("Warning")));
  out.add("source", Mapping().add("component", quoted(item["from"].string("kubelet"))).text());
  out.add("firstTimestamp", moment_before(item["first"].string(item["ago"].string("1m")))).add("lastTimestamp", time);
  out.add("count", item.has("times") ? item["times"].text() : "1");
  return out.text();
}

std::string metadata(Node item) {
  std::string_view kind = item["kind"].string();
  std::string_view name = item["name"].string();
  Mapping out;
  out.add("name", quoted(name)).add_all(item["metadata"]);
  out.add("namespace", resource_of(kind).namespaced ? quoted(item["ns"].string(small_namespace)) : "");
  out.add("uid", quoted(uid_of(kind, name)));
  out.add("creationTimestamp", moment_before(item["age"].string("30m")));
  if (item.has("deleting")) {
    out.add("deletionTimestamp", moment_before(item["deleting"].string())).add("deletionGracePeriodSeconds", "30");
  }
  Mapping labels;
  labels.add_all(item["labels"]);
  if (kind == "Node") {
    labels.add("kubernetes.io/hostname", quoted(name)).add("kubernetes.io/os", "\"linux\"");
    labels.add("kubernetes.io/arch", "\"amd64\"");
  }
  out.add("labels", labels.text());
  for (const char* field : {"annotations", "finalizers", "generation"}) {
    out.add(field, item.has(field) ? json(item[field]) : "");
  }
  if (item.has("owner")) {
    auto [owner_kind, owner] = split(item["owner"].string());
    Mapping reference;
    reference.add("kind", quoted(owner_kind)).add("name", quoted(owner)).add("uid", quoted(uid_of(owner_kind, owner)));
    out.add("ownerReferences", "[" + reference.add("controller", "true").text() + "]");
  }
  return out.text();
}

std::string node_status(Node item) {
  Mapping amounts;
  amounts.add_all(item["allocatable"]).add("cpu", "\"4\"").add("memory", "\"8Gi\"");
  amounts.add("ephemeral-storage", "\"50Gi\"").add("pods", "\"110\"");
  std::string ready(item["ready"].text().empty() ? "True" : item["ready"].text());
  std::string conditions;
  bool has_ready = false;
  for (Node one : item["status"]["conditions"].items()) {
    has_ready = has_ready || one["type"].string() == "Ready";
    conditions += json(one) + ",";
  }
  Mapping condition;
  condition.add("type", "\"Ready\"").add("status", quoted(ready)).add("lastTransitionTime", moment_before("40m"));
  condition.add("message", ready == "True"      ? "\"kubelet is posting ready status\""
                           : ready == "Unknown" ? "\"Kubelet stopped posting node status.\""
                                                : "\"container runtime is down\"");
  conditions += has_ready ? "" : condition.text() + ",";
  conditions.pop_back();
  Mapping info;
  info.add_all(item["status"]["nodeInfo"]).add("kubeletVersion", "\"v1.36.0\"").add("operatingSystem", "\"linux\"");
  Mapping out;
  out.add("conditions", "[" + conditions + "]").add("nodeInfo", info.text()).add_all(item["status"]);
  return out.add("allocatable", amounts.text()).add("capacity", amounts.text()).text();
}

std::string pod_spec(Node item) {
  Mapping out;
  out.add_all(item["spec"]).add("containers", R"([{"name":"app","image":"registry.example.com/app:1.0"}])");
  out.add("restartPolicy", "\"Always\"").add("schedulerName", "\"default-scheduler\"");
  out.add("serviceAccountName", "\"default\"").add("terminationGracePeriodSeconds", "30");
  out.add("nodeName", item.has("node") ? quoted(item["node"].string()) : "");
  out.add(
      "tolerations",
      R"([{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},)"
      R"({"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}])");
  return out.text();
}

std::string container_statuses(Node item, bool running) {
  std::string out;
  std::vector<std::string> names;
  for (Node container : item["spec"]["containers"].items()) {
    names.emplace_back(container["name"].string());
  }
  for (const std::string& name : names.empty() ? std::vector<std::string>{"app"} : names) {
    Mapping one;
    one.add("name", quoted(name)).add("ready", running ? "true" : "false").add("restartCount", "0");
    one.add("started", running ? "true" : "false");
    one.add("state", running ? "{\"running\":{\"startedAt\":" + moment_before("29m") + "}}"
                             : R"({"waiting":{"reason":"ContainerCreating"}})");
    out += (out.empty() ? "[" : ",") + one.text();
  }
  return out + "]";
}

std::string pod_status(Node item) {
  constexpr std::string_view refused = "unschedulable:";
  std::string_view state = item["state"].string();
  Mapping out;
  out.add_all(item["status"]);
  if (state.starts_with(refused)) {
    state.remove_prefix(refused.size() + 1);
    Mapping condition;
    condition.add("type", "\"PodScheduled\"").add("status", "\"False\"").add("reason", "\"Unschedulable\"");
    condition.add("lastTransitionTime", moment_before("20m")).add("message", quoted(state));
    out.add("conditions", "[" + condition.text() + "]");
  } else if (state == "running" || state == "creating") {
    bool running = state == "running";
    out.add("phase", running ? "\"Running\"" : "\"Pending\"");
    out.add("conditions", std::string(R"([{"type":"PodScheduled","status":"True"},{"type":"Ready","status":)") +
                              (running ? "\"True\"}]" : "\"False\",\"reason\":\"ContainersNotReady\"}]"));
    out.add("containerStatuses", container_statuses(item, running));
  } else if (!state.empty()) {
    throw std::runtime_error("unknown state " + std::string(state));
  }
  return out.add("phase", "\"Pending\"").text();
}

std::string object(Node item) {
  static constexpr std::string_view short_forms[] = {
      "name",       "ns",    "age",         "deleting", "labels", "annotations", "finalizers",
      "generation", "owner", "allocatable", "ready",    "node",   "state",       "metadata"};
  std::string_view kind = item["kind"].string();
  Mapping out;
  out.add("apiVersion", quoted(resource_of(kind).api_version)).add("metadata", metadata(item));
  if (kind == "Node") {
    out.add("status", node_status(item));
  } else if (kind == "Pod") {
    out.add("spec", pod_spec(item)).add("status", pod_status(item));
  }
  for (const Member& member : item.members()) {
    if (std::find(std::begin(short_forms), std::end(short_forms), member.key) == std::end(short_forms)) {
      out.add(member.key, json(member.value));
    }
  }
  return out.text();
}

class SmallCluster : public cluster::RecordedSource {
 public:
  explicit SmallCluster(Node description) {
    for (Node item : description["unreadable"].items()) {
      unreadable_.emplace_back(item.string());
    }
    for (const Member& log : description["logs"].members()) {
      logs_.emplace(log.key, log.value.string());
    }
    std::size_t number = 0;
    for (Node item : description["objects"].items()) {
      keep(item.has("event") ? event(item, number++) : object(item));
    }
    keep_unless_given("Namespace", small_namespace, R"("status":{"phase":"Active"})");
    keep_unless_given("ServiceAccount", "default", "");
    keep_unless_given("ConfigMap", "kube-root-ca.crt", "");
    set_now(moment);
  }

  cluster::Log log(const cluster::LogQuery& query) override {
    cluster::Log out;
    auto found = logs_.find(query.pod + "/" + query.container + (query.previous ? ".previous" : ""));
    if (found == logs_.end()) {
      out.failure = {cluster::FailureKind::not_found, "not recorded"};
    } else {
      out.text = found->second;
    }
    return out;
  }

 protected:
  bool records(std::string_view resource) const override {
    return std::find(unreadable_.begin(), unreadable_.end(), resource) == unreadable_.end();
  }

 private:
  void keep(const std::string& text) {
    trees_.push_back(std::make_unique<document::Tree>());
    std::string error;
    if (!document::parse_json(text, *trees_.back(), error)) {
      throw std::runtime_error(error + ": " + text);
    }
    add(trees_.back()->root());
  }

  void keep_unless_given(const char* kind, const char* name, const char* more) {
    const cluster::Resource& resource = resource_of(kind);
    for (Node item : store(std::string(resource.plural)).items) {
      if (item["metadata"]["name"].string() == name) {
        return;
      }
    }
    Mapping metadata;
    metadata.add("name", quoted(name)).add("namespace", resource.namespaced ? quoted(small_namespace) : "");
    std::string text = "{\"kind\":" + quoted(kind) + ",\"metadata\":" + metadata.text();
    keep(text + (*more != '\0' ? "," : "") + more + "}");
  }

  std::vector<std::string> unreadable_;
  std::map<std::string, std::string, std::less<>> logs_;
};

}  // namespace

std::unique_ptr<cluster::Source> small_cluster(Node description) {
  return std::make_unique<SmallCluster>(description);
}

}  // namespace podcheck::live::testing
