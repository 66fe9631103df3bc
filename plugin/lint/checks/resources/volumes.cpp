#include <algorithm>

#include "lint/checks/container/place.hpp"
#include "lint/checks/resources/checks.hpp"
#include "lint/checks/resources/fields.hpp"

namespace podcheck::lint {

using document::Node;

namespace {

bool mounts(const kube::Container& container, std::string_view volume) {
  for (Node mount : container.node["volumeMounts"].items()) {
    if (mount["name"].string() == volume) {
      return true;
    }
  }
  return false;
}

// The pod's limit is the sum, unknown as soon as one container has none.
std::optional<kube::Quantity> pod_limit(const kube::PodTemplate& pod, std::string_view resource) {
  if (std::optional<kube::Quantity> own = kube::quantity_of(pod.spec["resources"]["limits"][resource])) {
    return own;
  }
  kube::Quantity sum;
  for (const kube::Container& container : pod.containers) {
    if (container.role != kube::ContainerRole::app && container.role != kube::ContainerRole::sidecar) {
      continue;
    }
    std::optional<kube::Quantity> limit = kube::limit(container, resource);
    if (!limit) {
      return std::nullopt;
    }
    sum += *limit;
  }
  return sum.is_zero() ? std::nullopt : std::optional<kube::Quantity>(sum);
}

}  // namespace

// A memory-backed emptyDir that may grow to the memory limit of a container that mounts it.
void check_emptydir_memory(const Place& place, Reporter& reporter) {
  for (Node volume : place.pod->spec["volumes"].items()) {
    Node empty_dir = volume["emptyDir"];
    if (empty_dir["medium"].string() != "Memory") {
      continue;
    }
    std::string_view name = volume["name"].string();
    std::optional<kube::Quantity> size = kube::quantity_of(empty_dir["sizeLimit"]);
    for (const kube::Container& container : place.pod->containers) {
      std::optional<kube::Quantity> limit = kube::limit(container, "memory");
      bool read_only = true;
      for (Node mount : container.node["volumeMounts"].items()) {
        if (mount["name"].string() == name && !mount["readOnly"].boolean().value_or(false)) {
          read_only = false;
        }
      }
      if (!limit || limit->is_zero() || !mounts(container, name) || read_only || (size && *size < *limit)) {
        continue;
      }
      Hit hit;
      hit.at = size ? empty_dir["sizeLimit"] : empty_dir["medium"];
      hit.variant = size ? "" : "unbounded";
      if (!size) {
        hit.severity = finding::Severity::info;
      }
      hit.related.push_back({container.node["resources"]["limits"]["memory"], "limit"});
      hit.values = {{"volume", std::string(name)},
                    {"size", size ? kube::format_bytes(*size) : std::string()},
                    {"limit", kube::format_bytes(*limit)},
                    {"container", std::string(container.name)}};
      reporter.report(std::move(hit));
      break;
    }
  }
}

// The pod is evicted at its ephemeral-storage limit, before the volume is full.
void check_ephemeral_limit(const Place& place, Reporter& reporter) {
  std::optional<kube::Quantity> limit = pod_limit(*place.pod, "ephemeral-storage");
  if (!limit) {
    return;
  }
  for (Node volume : place.pod->spec["volumes"].items()) {
    Node size_node = volume["emptyDir"]["sizeLimit"];
    std::optional<kube::Quantity> size = kube::quantity_of(size_node);
    if (!size || !(*size > *limit) || volume["emptyDir"]["medium"].string() == "Memory") {
      continue;
    }
    Hit hit;
    hit.at = size_node;
    hit.values = {{"volume", std::string(volume["name"].string())},
                  {"size", kube::format_bytes(*size)},
                  {"limit", kube::format_bytes(*limit)}};
    for (const kube::Container& container : place.pod->containers) {
      if (Node node = container.node["resources"]["limits"]["ephemeral-storage"]) {
        hit.related.push_back({node, "limit"});
        break;
      }
    }
    reporter.report(std::move(hit));
  }
}

// params: {hints}: programs that fill /dev/shm beyond the 64 MiB that a container gets.
void check_shm_default(const Place& place, Reporter& reporter) {
  std::optional<kube::ImageReference> image = image_of(*place.container);
  Node hint = image && is_app(*place.container) ? image_hint(place.params()["hints"], *image) : Node();
  if (!hint || place.pod->spec["hostIPC"].boolean().value_or(false)) {
    return;
  }
  for (Node mount : place.container->node["volumeMounts"].items()) {
    if (mount["mountPath"].string().starts_with("/dev/shm")) {
      return;
    }
  }
  Hit hit;
  hit.at = place.container->node["image"];
  hit.values = {{"hint", hint.has("repository") ? hint["repository"].text() : hint["match"].text()},
                {"container", std::string(place.container->name)}};
  reporter.report(std::move(hit));
}

}  // namespace podcheck::lint
