#include "scheduling/resources.hpp"

#include <algorithm>
#include <limits>

#include "kube/quantity.hpp"

namespace podcheck::scheduling {

using document::Node;
using kube::Quantity;

std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) {
    return b > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
  }
  return sum;
}

std::int64_t saturating_subtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(a, b, &difference)) {
    return b < 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
  }
  return difference;
}

namespace {

// Exact amounts by resource name; a pod names few resources, so a flat list is the fastest map.
using Amounts = std::vector<std::pair<std::string_view, Quantity>>;

Quantity* find(Amounts& amounts, std::string_view name) {
  for (auto& [key, value] : amounts) {
    if (key == name) {
      return &value;
    }
  }
  return nullptr;
}

void add(Amounts& to, std::string_view name, const Quantity& amount) {
  if (Quantity* known = find(to, name)) {
    *known += amount;
  } else {
    to.emplace_back(name, amount);
  }
}

void add(Amounts& to, const Amounts& from) {
  for (const auto& [name, amount] : from) {
    add(to, name, amount);
  }
}

void raise(Amounts& to, const Amounts& from) {
  for (const auto& [name, amount] : from) {
    if (Quantity* known = find(to, name)) {
      *known = std::max(*known, amount);
    } else {
      to.emplace_back(name, amount);
    }
  }
}

void read(Node mapping, Amounts& into, bool only_absent) {
  for (const document::Member& member : mapping.members()) {
    std::optional<Quantity> amount = kube::quantity_of(member.value);
    if (!amount || amount->is_negative() || (only_absent && find(into, member.key) != nullptr)) {
      continue;
    }
    into.emplace_back(member.key, *amount);
  }
}

Amounts container_requests(Node container) {
  Amounts amounts;
  Node resources = container["resources"];
  if (resources) {
    read(resources["requests"], amounts, false);
    read(resources["limits"], amounts, true);
  }
  return amounts;
}

Node status_of(Node pod, Node container, const char* list) {
  std::string_view name = container["name"].string();
  for (Node status : pod["status"][list].items()) {
    if (status["name"].string() == name) {
      return status;
    }
  }
  return {};
}

bool resize_is_infeasible(Node pod) {
  for (Node condition : pod["status"]["conditions"].items()) {
    if (condition["type"].string() == "PodResizePending") {
      return condition["reason"].string() == "Infeasible";
    }
  }
  return false;
}

// A container that was resized in place counts with the most of what it wants, was allotted and really has; when the
// resize can never be done, with what it was allotted and has (determineContainerReqs).
void account_for_resize(Node pod, Node container, const char* list, Amounts& amounts) {
  Node status = status_of(pod, container, list);
  if (!status) {
    return;
  }
  Amounts held;
  read(status["allocatedResources"], held, false);
  Amounts actuated;
  read(status["resources"]["requests"], actuated, false);
  raise(held, actuated);
  if (held.empty()) {
    return;
  }
  if (resize_is_infeasible(pod)) {
    amounts = held;
  } else {
    raise(amounts, held);
  }
}

bool is_pod_level_resource(std::string_view name) {
  return name == "cpu" || name == "memory" || name.starts_with("hugepages-");
}

// Pod-level requests replace the sum of the containers', resource by resource; a pod-level limit without any request
// for the resource is the request (pkg/apis/core/v1/defaults.go defaultPodRequests).
void apply_pod_level(Node resources, Amounts& amounts) {
  Amounts requests;
  Amounts limits;
  read(resources["requests"], requests, false);
  read(resources["limits"], limits, false);
  for (const auto& [name, amount] : requests) {
    if (!is_pod_level_resource(name)) {
      continue;
    }
    if (Quantity* known = find(amounts, name)) {
      *known = amount;
    } else {
      amounts.emplace_back(name, amount);
    }
  }
  for (const auto& [name, amount] : limits) {
    if (is_pod_level_resource(name) && find(amounts, name) == nullptr) {
      amounts.emplace_back(name, amount);
    }
  }
}

// A pod that was resized as a whole counts with the most of what it wants, was allotted and has; its overhead, which
// the kubelet includes there, is added later (PodRequests, effectivePodLevelResources).
void account_for_pod_resize(Node pod, Node requests, Amounts& amounts) {
  Node status = pod["status"];
  Amounts held;
  read(status["allocatedResources"], held, false);
  Amounts actuated;
  read(status["resources"]["requests"], actuated, false);
  raise(held, actuated);
  bool infeasible = resize_is_infeasible(pod);
  for (auto& [name, amount] : held) {
    Quantity* known = find(amounts, name);
    if (!is_pod_level_resource(name) || !requests.has(name) || known == nullptr) {
      continue;
    }
    if (std::optional<Quantity> overhead = kube::quantity_of(pod["spec"]["overhead"][name])) {
      amount -= *overhead;
    }
    *known = infeasible ? amount : std::max(*known, amount);
  }
}

Resources rounded(const Amounts& amounts) {
  Resources resources;
  for (const auto& [name, amount] : amounts) {
    if (name == "cpu") {
      resources.milli_cpu = amount.milli();
    } else if (name == "memory") {
      resources.memory = amount.units();
    } else if (name == "ephemeral-storage") {
      resources.ephemeral_storage = amount.units();
    } else if (name == "pods") {
      resources.pods = amount.units();
    } else if (is_scalar_resource(name)) {
      resources.scalars.emplace_back(name, amount.units());
    }
  }
  return resources;
}

bool is_app_list_trivial(Node spec, Node status) {
  return spec["containers"].size() == 1 && !spec.has("initContainers") && !spec.has("resources") &&
         !spec.has("overhead") && !status["containerStatuses"];
}

}  // namespace

std::int64_t Resources::scalar(std::string_view name) const {
  for (const auto& [key, value] : scalars) {
    if (key == name) {
      return value;
    }
  }
  return 0;
}

bool Resources::has_scalar(std::string_view name) const {
  return std::any_of(scalars.begin(), scalars.end(), [&](const auto& entry) { return entry.first == name; });
}

void Resources::add(const Resources& other) {
  milli_cpu = saturating_add(milli_cpu, other.milli_cpu);
  memory = saturating_add(memory, other.memory);
  ephemeral_storage = saturating_add(ephemeral_storage, other.ephemeral_storage);
  for (const auto& added : other.scalars) {
    auto at = std::find_if(scalars.begin(), scalars.end(), [&](const auto& own) { return own.first == added.first; });
    if (at == scalars.end()) {
      scalars.push_back(added);
    } else {
      at->second = saturating_add(at->second, added.second);
    }
  }
}

void Resources::subtract(const Resources& other) {
  milli_cpu = saturating_subtract(milli_cpu, other.milli_cpu);
  memory = saturating_subtract(memory, other.memory);
  ephemeral_storage = saturating_subtract(ephemeral_storage, other.ephemeral_storage);
  for (const auto& [name, value] : other.scalars) {
    for (auto& [key, held] : scalars) {
      if (key == name) {
        held = saturating_subtract(held, value);
      }
    }
  }
}

bool is_scalar_resource(std::string_view name) {
  if (name.starts_with("hugepages-") || name.starts_with("attachable-volumes-")) {
    return true;
  }
  std::size_t slash = name.find('/');
  // Names without a domain, and those of kubernetes.io itself, are native; "requests." would clash with quota.
  if (slash == std::string_view::npos) {
    return false;
  }
  std::string_view domain = name.substr(0, slash);
  if (domain == "kubernetes.io" || domain.ends_with(".kubernetes.io")) {
    return true;  // IsPrefixedNativeResource: compared like an extended resource
  }
  return !name.starts_with("requests.");
}

Resources allocatable_of(Node node) {
  Node status = node["status"];
  Node amounts_node = status["allocatable"];
  Amounts amounts;
  read(amounts_node ? amounts_node : status["capacity"], amounts, false);
  return rounded(amounts);
}

Resources overhead_of(Node pod) {
  Amounts amounts;
  read(pod["spec"]["overhead"], amounts, false);
  return rounded(amounts);
}

Resources requests_of(Node pod) {
  Node spec = pod["spec"];
  Node status = pod["status"];
  if (is_app_list_trivial(spec, status)) {
    return rounded(container_requests(spec["containers"][0]));
  }
  Amounts total;
  for (Node container : spec["containers"].items()) {
    Amounts amounts = container_requests(container);
    account_for_resize(pod, container, "containerStatuses", amounts);
    add(total, amounts);
  }
  // Sidecars run beside every later init container and beside the app, so both sums carry them.
  Amounts sidecars;
  Amounts highest_start;
  for (Node container : spec["initContainers"].items()) {
    Amounts amounts = container_requests(container);
    if (container["restartPolicy"].string() == "Always") {
      account_for_resize(pod, container, "initContainerStatuses", amounts);
      add(total, amounts);
      add(sidecars, amounts);
      raise(highest_start, sidecars);
    } else {
      add(amounts, sidecars);
      raise(highest_start, amounts);
    }
  }
  raise(total, highest_start);
  if (Node resources = spec["resources"]) {
    apply_pod_level(resources, total);
    account_for_pod_resize(pod, resources["requests"], total);
  }
  if (Node overhead = spec["overhead"]) {
    Amounts amounts;
    read(overhead, amounts, false);
    add(total, amounts);
  }
  return rounded(total);
}

}  // namespace podcheck::scheduling
