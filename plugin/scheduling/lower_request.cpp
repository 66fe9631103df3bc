#include "scheduling/lower_request.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "kube/quantity.hpp"
#include "scheduling/capacity.hpp"

namespace podcheck::scheduling {

using document::Node;

namespace {

std::int64_t counted(std::string_view resource, Node quantity) {
  kube::Quantity value = kube::quantity_of(quantity).value_or(kube::Quantity());
  return resource == "cpu" ? value.milli() : value.units();
}

// Whole mebibytes read better than bytes, and rounding down stays within what is free.
std::int64_t rounded_down(std::string_view resource, std::int64_t value) {
  constexpr std::int64_t mebibyte = 1 << 20;
  return kube::counts_bytes(resource) && value >= mebibyte ? value / mebibyte * mebibyte : value;
}

struct Asked {
  std::string path;  // of the container: "/containers/0"
  Node node;
  std::int64_t amount = 0;
  bool sidecar = false;
};

Node requested(Node container, std::string_view resource) {
  Node resources = container["resources"];
  Node request = resources["requests"][resource];
  return request ? request : resources["limits"][resource];
}

std::vector<Asked> ask(Node spec, const char* list, std::string_view resource) {
  std::vector<Asked> found;
  std::size_t index = 0;
  for (Node container : spec[list].items()) {
    Asked asked;
    asked.path = std::string("/") + list + "/" + std::to_string(index++);
    asked.node = container;
    asked.amount = counted(resource, requested(container, resource));
    asked.sidecar = container["restartPolicy"].string() == "Always";
    found.push_back(std::move(asked));
  }
  return found;
}

// Requests and limits of extended resources and huge pages have to be equal.
bool limit_follows(std::string_view resource) {
  return is_scalar_resource(resource);
}

void set(const Asked& asked, std::string_view resource, std::int64_t value, Patch& patch) {
  Node resources = asked.node["resources"];
  Value amount = Value::string(kube::to_string(to_quantity(resource, rounded_down(resource, value))));
  std::string segment = "/" + pointer_segment(resource);
  if (resources["requests"][resource]) {
    patch.push_back({"replace", asked.path + "/resources/requests" + segment, amount});
  } else if (resources["requests"].is_mapping()) {
    patch.push_back({"add", asked.path + "/resources/requests" + segment, amount});
  } else if (!limit_follows(resource)) {
    Value requests = Value::mapping();
    requests.member(resource) = amount;
    patch.push_back({"add", asked.path + "/resources/requests", std::move(requests)});
  }
  if (limit_follows(resource) && resources["limits"][resource]) {
    patch.push_back({"replace", asked.path + "/resources/limits" + segment, amount});
  }
}

// App containers and sidecars count together.
bool lower_sum(const std::vector<Asked>& running, std::string_view resource, std::int64_t target, Patch& patch) {
  std::int64_t sum = 0;
  const Asked* largest = nullptr;
  for (const Asked& asked : running) {
    sum = saturating_add(sum, asked.amount);
    largest = largest == nullptr || asked.amount > largest->amount ? &asked : largest;
  }
  std::int64_t excess = sum - target;
  if (excess <= 0) {
    return true;
  }
  if (target <= 0 || largest == nullptr) {
    return false;
  }
  if (largest->amount > excess) {
    set(*largest, resource, largest->amount - excess, patch);
    return true;
  }
  for (const Asked& asked : running) {
    if (asked.amount > 0) {
      auto share = static_cast<std::int64_t>(static_cast<double>(asked.amount) / static_cast<double>(sum) *
                                             static_cast<double>(target));
      set(asked, resource, share, patch);
    }
  }
  return true;
}

}  // namespace

Patch lower_request(Node pod, std::string_view resource, std::int64_t target) {
  Node spec = pod["spec"];
  Patch patch;
  target = saturating_subtract(target, counted(resource, spec["overhead"][resource]));
  if (target <= 0) {
    return {};
  }
  if (Node whole = spec["resources"]["requests"][resource]) {
    if (counted(resource, whole) > target) {
      Value amount = Value::string(kube::to_string(to_quantity(resource, rounded_down(resource, target))));
      patch.push_back({"replace", "/resources/requests/" + pointer_segment(resource), std::move(amount)});
    }
    return patch;
  }
  std::vector<Asked> running = ask(spec, "containers", resource);
  std::int64_t beside = 0;  // sidecars that started before an init container
  for (const Asked& asked : ask(spec, "initContainers", resource)) {
    if (asked.sidecar) {
      beside = saturating_add(beside, asked.amount);
      running.push_back(asked);
    } else if (saturating_add(asked.amount, beside) > target) {
      if (target - beside <= 0) {
        return {};
      }
      set(asked, resource, target - beside, patch);
    }
  }
  return lower_sum(running, resource, target, patch) ? patch : Patch();
}

Patch drop_resource(Node pod, std::string_view resource) {
  Patch patch;
  std::string segment = "/" + pointer_segment(resource);
  for (const char* list : {"containers", "initContainers"}) {
    for (const Asked& asked : ask(pod["spec"], list, resource)) {
      for (const char* part : {"requests", "limits"}) {
        if (asked.node["resources"][part].has(resource)) {
          patch.push_back({"remove", asked.path + "/resources/" + part + segment, {}});
        }
      }
    }
  }
  return patch;
}

}  // namespace podcheck::scheduling
