#include "preflight/references.hpp"

#include <algorithm>
#include <set>

#include "catalogue/catalogue.hpp"
#include "cluster/pull_secret.hpp"
#include "kube/effective.hpp"
#include "kube/image.hpp"
#include "kube/references.hpp"

namespace podcheck::preflight {

using document::Node;
using kube::ReferenceUse;

namespace {

std::string cause_for(const kube::Reference& reference, bool key_only) {
  bool is_env = reference.use == ReferenceUse::env || reference.use == ReferenceUse::env_from;
  if (key_only) {
    return is_env ? "env-key-missing" : "volume-key-missing";
  }
  std::string cause = is_env ? "env-" : "volume-";
  return cause + (reference.kind == "Secret" ? "secret-missing" : "configmap-missing");
}

bool holds_data(const kube::Reference& reference) {
  bool use = reference.use == ReferenceUse::env || reference.use == ReferenceUse::env_from ||
             reference.use == ReferenceUse::volume || reference.use == ReferenceUse::projected;
  return use && (reference.kind == "ConfigMap" || reference.kind == "Secret");
}

// The name that was probably meant: a slip, or the one that shares most of it.
std::string near_name(std::string_view wanted, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (kube::is_near_miss(wanted, name)) {
      return name;
    }
  }
  return catalogue::nearest(wanted, names);
}

// A Secret from a list has no data at all: its keys are read one by one, names only.
std::vector<std::string> keys_of(Node object) {
  std::vector<std::string> keys;
  for (const char* part : {"data", "binaryData", "stringData"}) {
    for (const document::Member& member : object[part].members()) {
      keys.emplace_back(member.key);
    }
  }
  return keys;
}

bool knows_keys(World& world, const kube::Reference& reference, std::string_view namespace_, Node object) {
  if (world.in_input(reference.kind, namespace_, reference.name)) {
    return true;
  }
  return reference.kind == "ConfigMap" || object.has("data");
}

Problem missing(World& world, const Workload& workload, const kube::Reference& reference) {
  Problem problem;
  problem.cause = cause_for(reference, false);
  problem.at = reference.at;
  problem.container = reference.container;
  std::string near = near_name(reference.name, world.names(reference.kind, workload.namespace_));
  problem.variant = near.empty() ? "" : "near";
  problem.values = {{"name", std::string(reference.name)},
                    {"namespace", workload.namespace_},
                    {"near", near},
                    {"container", std::string(reference.container)}};
  return problem;
}

void check_data(World& world, const Workload& workload, const kube::Reference& reference,
                std::vector<Problem>& problems) {
  if (reference.optional || kube::exists_in_every_cluster(reference.kind, reference.name)) {
    return;
  }
  Node object = world.find(reference.kind, workload.namespace_, reference.name);
  if (!object) {
    if (world.knows(reference.kind, workload.namespace_)) {
      problems.push_back(missing(world, workload, reference));
    }
    return;
  }
  if (reference.key.empty() || !knows_keys(world, reference, workload.namespace_, object)) {
    return;
  }
  std::vector<std::string> keys = keys_of(object);
  if (std::find(keys.begin(), keys.end(), reference.key) != keys.end()) {
    return;
  }
  Problem problem;
  problem.cause = cause_for(reference, true);
  problem.at = reference.key_at ? reference.key_at : reference.at;
  problem.container = reference.container;
  std::string near = near_name(reference.key, keys);
  problem.variant = near.empty() ? "" : "near";
  problem.values = {{"kind", std::string(reference.kind)},
                    {"name", std::string(reference.name)},
                    {"key", std::string(reference.key)},
                    {"near", near}};
  problems.push_back(std::move(problem));
}

// Pull secrets of the pod, or else of its ServiceAccount, as the ServiceAccount admission plugin adds them.
std::vector<std::string> pull_secrets(World& world, const Workload& workload) {
  std::vector<std::string> names;
  Node spec = workload.pod->spec;
  for (Node entry : spec["imagePullSecrets"].items()) {
    names.emplace_back(entry["name"].string());
  }
  if (names.empty()) {
    Node account = world.find("ServiceAccount", workload.namespace_, spec["serviceAccountName"].string("default"));
    for (Node entry : account["imagePullSecrets"].items()) {
      names.emplace_back(entry["name"].string());
    }
  }
  return names;
}

std::optional<std::vector<std::string>> hosts_of(World& world, const Workload& workload, const std::string& name) {
  if (world.in_input("Secret", workload.namespace_, name)) {
    return cluster::registry_hosts(world.find("Secret", workload.namespace_, name));
  }
  return world.snapshot().pull_secret_hosts(workload.namespace_, name);
}

// Credentials for other registries only: the pull goes out without any.
void check_registries(World& world, const Workload& workload, std::vector<Problem>& problems) {
  std::vector<std::string> names = pull_secrets(world, workload);
  std::string all_hosts;
  std::vector<std::string> hosts;
  for (const std::string& name : names) {
    std::optional<std::vector<std::string>> own = hosts_of(world, workload, name);
    if (!own) {
      return;  // one that cannot be looked into may cover every registry
    }
    hosts.insert(hosts.end(), own->begin(), own->end());
  }
  if (names.empty() || hosts.empty()) {
    return;
  }
  for (const std::string& host : hosts) {
    all_hosts += (all_hosts.empty() ? "" : ", ") + host;
  }
  for (const kube::Container& container : workload.pod->containers) {
    std::optional<kube::ImageReference> image = kube::parse_image(container.node["image"].string());
    if (!image || std::any_of(hosts.begin(), hosts.end(),
                              [&](const std::string& host) { return kube::credentials_match(host, *image); })) {
      continue;
    }
    if (image->is_docker_hub()) {
      continue;  // public images beside a private registry are the rule
    }
    Problem problem;
    problem.cause = "image-pull-secret-other-registry";
    problem.severity = finding::Severity::warning;
    problem.confidence = finding::Confidence::likely;
    problem.container = container.name;
    problem.at = container.node["image"];
    problem.values = {{"registry", image->registry()}, {"hosts", all_hosts}, {"secret", names.front()}};
    problems.push_back(std::move(problem));
  }
}

void check_pull_secret(World& world, const Workload& workload, const kube::Reference& reference,
                       std::vector<Problem>& problems) {
  if (world.find("Secret", workload.namespace_, reference.name) || !world.knows("Secret", workload.namespace_)) {
    return;
  }
  Problem problem = missing(world, workload, reference);
  problem.cause = "image-pull-secret-missing";
  problem.severity = finding::Severity::warning;  // the kubelet goes on without: a public image is still pulled
  problems.push_back(std::move(problem));
}

// The template of a resource claim, and the device classes that it wants; claims themselves are the scheduler's.
void check_claim_templates(World& world, const Workload& workload, std::vector<Problem>& problems) {
  for (Node entry : workload.pod->spec["resourceClaims"].items()) {
    Node at = entry["resourceClaimTemplateName"];
    if (!at) {
      continue;
    }
    Node found = world.find("ResourceClaimTemplate", workload.namespace_, at.string());
    Problem problem;
    problem.at = at;
    problem.values = {{"name", std::string(at.string())}, {"namespace", workload.namespace_}};
    if (!found && world.knows("ResourceClaimTemplate", workload.namespace_)) {
      problem.cause = "resource-claim-missing";
      problem.variant = "template";
      problems.push_back(std::move(problem));
      continue;
    }
    for (Node request : found["spec"]["spec"]["devices"]["requests"].items()) {
      Node exactly = request["exactly"] ? request["exactly"] : request;
      std::string_view name = exactly["deviceClassName"].string();
      if (!name.empty() && world.knows("DeviceClass", {}) && !world.find("DeviceClass", {}, name)) {
        problem.cause = "device-class-missing";
        problem.values.emplace_back("class", std::string(name));
        problems.push_back(problem);
        break;
      }
    }
  }
}

}  // namespace

void check_references(World& world, const Workload& workload, std::vector<Problem>& problems) {
  std::set<std::string> seen;
  for (const kube::Reference& reference : kube::pod_references(*workload.pod)) {
    std::string key = std::string(reference.kind) + "/" + std::string(reference.name) + "/" +
                      std::string(reference.key) + "/" + std::string(reference.container);
    if (!seen.insert(std::move(key)).second) {
      continue;
    }
    if (holds_data(reference)) {
      check_data(world, workload, reference, problems);
    } else if (reference.use == ReferenceUse::pull_secret) {
      check_pull_secret(world, workload, reference, problems);
    }
  }
  check_registries(world, workload, problems);
  check_claim_templates(world, workload, problems);
}

namespace {

std::string canonical(std::string_view image) {
  std::optional<kube::ImageReference> parsed = kube::parse_image(image);
  if (!parsed) {
    return std::string(image);
  }
  std::string name = parsed->canonical_repository();
  if (!parsed->digest.empty()) {
    return name.append("@").append(parsed->digest);
  }
  return name.append(":").append(parsed->tag.empty() ? "latest" : parsed->tag);
}

// The kubelet reports the largest images only: a full list proves nothing about the rest.
constexpr std::size_t most_reported_images = 50;

bool may_have_image(Node node, const std::string& image) {
  Node images = node["status"]["images"];
  if (images.empty() || images.size() >= most_reported_images) {
    return true;
  }
  for (Node entry : images.items()) {
    for (Node name : entry["names"].items()) {
      if (canonical(name.string()) == image) {
        return true;
      }
    }
  }
  return false;
}

bool has_driver(World& world, std::string_view driver) {
  for (Node csi_node : world.snapshot().list("csinodes").items) {
    for (Node entry : csi_node["spec"]["drivers"].items()) {
      if (entry["name"].string() == driver) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

void check_nodes_offer(World& world, const Workload& workload, std::vector<Problem>& problems) {
  const std::vector<Node>& nodes = world.snapshot().list("nodes").items;
  for (const kube::Container& container : workload.pod->containers) {
    if (nodes.empty() || kube::image_pull_policy(container) != "Never") {
      continue;
    }
    std::string image = canonical(container.node["image"].string());
    if (std::any_of(nodes.begin(), nodes.end(), [&](Node node) { return may_have_image(node, image); })) {
      continue;
    }
    Problem problem;
    problem.cause = "image-never-pull";
    problem.container = container.name;
    problem.at = container.node["image"];
    problem.values = {{"image", std::string(container.node["image"].string())},
                      {"container", std::string(container.name)}};
    problems.push_back(std::move(problem));
  }
  if (!world.knows("CSINode", {}) || world.snapshot().list("csinodes").items.empty()) {
    return;
  }
  for (Node volume : workload.pod->spec["volumes"].items()) {
    std::string_view driver = volume["csi"]["driver"].string();
    if (driver.empty() || has_driver(world, driver)) {
      continue;
    }
    Problem problem;
    problem.cause = "csi-driver-missing";
    problem.at = volume["csi"]["driver"];
    problem.values = {{"driver", std::string(driver)}, {"volume", std::string(volume["name"].string())}};
    problems.push_back(std::move(problem));
  }
}

}  // namespace podcheck::preflight
