#include "kube/effective.hpp"

#include <algorithm>
#include <charconv>

#include "kube/image.hpp"

namespace podcheck::kube {

using document::Node;

namespace {

template <typename T, typename Read>
Effective<T> inherited(Node container, Node pod, const char* field, Read read) {
  for (Node context : {container, pod}) {
    Node node = context[field];
    std::optional<T> value = read(node);
    if (value) {
      return {value, node};
    }
  }
  return {};
}

std::vector<std::string> capabilities(Node list) {
  std::vector<std::string> names;
  for (Node item : list.items()) {
    std::string name(item.string());
    for (char& c : name) {
      c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    if (name.starts_with("CAP_")) {
      name.erase(0, 4);
    }
    names.push_back(std::move(name));
  }
  return names;
}

bool lists(const std::vector<std::string>& names, std::string_view capability) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return name == capability || name == "ALL"; });
}

ResourceList read_list(Node node) {
  ResourceList list;
  for (const document::Member& member : node.members()) {
    if (std::optional<Quantity> quantity = quantity_of(member.value)) {
      list.insert_or_assign(std::string(member.key), *quantity);
    }
  }
  return list;
}

void raise(ResourceList& most, const ResourceList& other) {
  for (const auto& [name, quantity] : other) {
    auto [found, added] = most.try_emplace(name, quantity);
    if (!added && found->second < quantity) {
      found->second = quantity;
    }
  }
}

bool is_hook(Node metadata) {
  Node annotations = metadata["annotations"];
  return annotations.has("helm.sh/hook") || annotations.has("argocd.argoproj.io/hook");
}

}  // namespace

bool SecurityContext::adds(std::string_view capability) const {
  return lists(added, capability);
}
bool SecurityContext::drops(std::string_view capability) const {
  return lists(dropped, capability);
}

SecurityContext security_context(const Container& container) {
  Node own = container.node["securityContext"];
  Node pod = container.pod_spec["securityContext"];
  auto integer = [](Node node) { return node.integer(); };
  auto boolean = [](Node node) { return node.boolean(); };
  SecurityContext context;
  context.run_as_user = inherited<std::int64_t>(own, pod, "runAsUser", integer);
  context.run_as_group = inherited<std::int64_t>(own, pod, "runAsGroup", integer);
  context.run_as_non_root = inherited<bool>(own, pod, "runAsNonRoot", boolean);
  context.privileged = own["privileged"].boolean().value_or(false);
  context.read_only_root_filesystem = own["readOnlyRootFilesystem"].boolean().value_or(false);
  context.allow_privilege_escalation = own["allowPrivilegeEscalation"].boolean();
  context.added = capabilities(own["capabilities"]["add"]);
  context.dropped = capabilities(own["capabilities"]["drop"]);
  return context;
}

std::optional<Quantity> limit(const Container& container, std::string_view resource) {
  return quantity_of(container.node["resources"]["limits"][resource]);
}

std::optional<Quantity> request(const Container& container, std::string_view resource) {
  Node own = container.node["resources"]["requests"][resource];
  return own && !own.is_null() ? quantity_of(own) : limit(container, resource);
}

ResourceList limits(const Container& container) {
  return read_list(container.node["resources"]["limits"]);
}

ResourceList requests(const Container& container) {
  ResourceList list = limits(container);
  for (auto& [name, quantity] : read_list(container.node["resources"]["requests"])) {
    list.insert_or_assign(name, quantity);
  }
  return list;
}

void add(ResourceList& sum, const ResourceList& more) {
  for (const auto& [name, quantity] : more) {
    sum[name] += quantity;
  }
}

ResourceList pod_requests(const PodTemplate& pod) {
  ResourceList apps;
  ResourceList sidecars;
  ResourceList start;  // the most that any moment before the app containers needs
  for (const Container& container : pod.containers) {
    if (container.role == ContainerRole::ephemeral) {
      continue;
    }
    ResourceList own = requests(container);
    if (container.role == ContainerRole::app) {
      add(apps, own);
    } else if (container.role == ContainerRole::sidecar) {
      add(sidecars, own);
      raise(start, sidecars);
    } else {
      add(own, sidecars);
      raise(start, own);
    }
  }
  ResourceList total = apps;
  add(total, sidecars);
  raise(total, start);
  Node pod_level = pod.spec["resources"];
  auto applies = [](const std::string& name) {
    return name == "cpu" || name == "memory" || name.starts_with("hugepages-");
  };
  ResourceList pod_level_requests = read_list(pod_level["requests"]);
  for (const auto& [name, quantity] : read_list(pod_level["limits"])) {
    // Without a request of its own the pod gets what its containers ask for, and only without that its limit.
    if (total.find(name) == total.end()) {
      pod_level_requests.try_emplace(name, quantity);
    }
  }
  for (const auto& [name, quantity] : pod_level_requests) {
    if (applies(name)) {
      total.insert_or_assign(name, quantity);
    }
  }
  add(total, read_list(pod.spec["overhead"]));
  return total;
}

std::int64_t Probe::budget() const {
  auto bounded = [](std::int64_t value) { return std::clamp<std::int64_t>(value, 0, 1'000'000'000); };
  return bounded(initial_delay) + bounded(failure_threshold - 1) * bounded(period) + bounded(timeout);
}

std::optional<Probe> probe(const Container& container, std::string_view name) {
  Node node = container.node[name];
  if (!node.is_mapping()) {
    return std::nullopt;
  }
  Probe probe;
  probe.node = node;
  for (const char* type : {"httpGet", "tcpSocket", "grpc", "exec"}) {
    if (node[type].is_mapping()) {
      probe.handler = node[type];
      probe.type = type;
    }
  }
  // The server replaces 0 by the default everywhere but in initialDelaySeconds, where they are the same.
  auto set = [&](std::int64_t& field, const char* key) {
    std::optional<std::int64_t> value = node[key].integer();
    if (value && *value != 0) {
      field = *value;
    }
  };
  set(probe.initial_delay, "initialDelaySeconds");
  set(probe.timeout, "timeoutSeconds");
  set(probe.period, "periodSeconds");
  set(probe.success_threshold, "successThreshold");
  set(probe.failure_threshold, "failureThreshold");
  probe.grace = node["terminationGracePeriodSeconds"].integer();
  return probe;
}

std::vector<Port> ports(const Container& container) {
  std::vector<Port> found;
  for (Node node : container.node["ports"].items()) {
    Port port;
    port.node = node;
    port.name = node["name"].string();
    port.number = node["containerPort"].integer().value_or(0);
    port.host_port = node["hostPort"].integer().value_or(0);
    if (container.pod_spec["hostNetwork"].boolean().value_or(false) && port.host_port == 0) {
      port.host_port = port.number;
    }
    port.protocol = node["protocol"].string("TCP");
    found.push_back(port);
  }
  return found;
}

std::optional<std::int64_t> resolve_port(const Container& container, Node port) {
  if (port.is_number()) {
    return port.integer();
  }
  std::string_view name = port.string();
  if (name.empty()) {
    return std::nullopt;
  }
  for (const Port& candidate : ports(container)) {
    if (candidate.name == name) {
      return candidate.number;
    }
  }
  // The kubelet takes a string of digits for a number when no port has that name.
  std::int64_t number = 0;
  auto [end, status] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (status == std::errc() && end == name.data() + name.size()) {
    return number;
  }
  return std::nullopt;
}

std::int64_t grace_seconds(Node pod_spec) {
  return pod_spec["terminationGracePeriodSeconds"].integer().value_or(30);
}

std::string_view restart_policy(Node pod_spec) {
  return pod_spec["restartPolicy"].string("Always");
}

std::string_view image_pull_policy(const Container& container) {
  std::string_view policy = container.node["imagePullPolicy"].string();
  if (!policy.empty()) {
    return policy;
  }
  std::optional<ImageReference> image = parse_image(container.node["image"].string());
  return image && image->follows_latest() ? "Always" : "IfNotPresent";
}

bool runs_to_completion(const Object& object) {
  return object.group == "batch" && (object.kind == "Job" || object.kind == "CronJob");
}

bool is_one_shot(const Object& object, const PodTemplate& pod) {
  std::string_view policy = restart_policy(pod.spec);
  return runs_to_completion(object) || is_hook(object.root["metadata"]) || is_hook(pod.metadata) || policy == "Never" ||
         policy == "OnFailure";
}

std::optional<std::int64_t> scaled(Node value, std::int64_t total, bool round_up) {
  if (std::optional<std::int64_t> number = value.integer()) {
    return number;
  }
  std::string_view text = value.string();
  if (!text.ends_with('%')) {
    return std::nullopt;
  }
  text.remove_suffix(1);
  std::int64_t percent = 0;
  auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (status != std::errc() || end != text.data() + text.size() || percent < 0 || percent > 1'000'000) {
    return std::nullopt;
  }
  total = std::clamp<std::int64_t>(total, 0, 1'000'000'000);
  return (percent * total + (round_up ? 99 : 0)) / 100;
}

Rollout rollout(const Object& object) {
  Node spec = object.root["spec"];
  Rollout rollout;
  rollout.replicas = spec["replicas"].integer().value_or(1);
  rollout.min_ready_seconds = spec["minReadySeconds"].integer().value_or(0);
  rollout.progress_deadline = spec["progressDeadlineSeconds"].integer().value_or(600);
  bool deployment = object.kind == "Deployment";
  Node strategy = spec[deployment ? "strategy" : "updateStrategy"];
  rollout.type = strategy["type"].string("RollingUpdate");
  Node parameters = strategy["rollingUpdate"];
  auto or_default = [&](const char* field, std::int64_t fallback, bool round_up) {
    return scaled(parameters[field], rollout.replicas, round_up).value_or(fallback);
  };
  if (rollout.type != "RollingUpdate") {
    return rollout;
  }
  if (deployment) {
    std::int64_t replicas = std::clamp<std::int64_t>(rollout.replicas, 0, 1'000'000'000);
    rollout.max_surge = or_default("maxSurge", (replicas + 3) / 4, true);
    rollout.max_unavailable = or_default("maxUnavailable", replicas / 4, false);
    if (rollout.max_surge == 0 && rollout.max_unavailable == 0) {
      rollout.max_unavailable = 1;  // as the controller does when both round to nothing
    }
  } else {
    rollout.max_surge = or_default("maxSurge", 0, true);
    rollout.max_unavailable = or_default("maxUnavailable", 1, object.kind == "DaemonSet");
  }
  return rollout;
}

}  // namespace podcheck::kube
