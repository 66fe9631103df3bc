#include <algorithm>

#include "kube/names.hpp"
#include "kube/quantity.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

// Fields of a pod that the downward API knows at all, then those that environment variables and volumes may take.
constexpr std::string_view env_fields[] = {
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
    "status.hostIP", "status.hostIPs",     "status.podIP", "status.podIPs"};
constexpr std::string_view volume_fields[] = {"metadata.name", "metadata.namespace", "metadata.labels",
                                              "metadata.annotations", "metadata.uid"};

template <std::size_t size>
bool among(const std::string_view (&list)[size], std::string_view text) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

template <std::size_t size>
std::string all_of(const std::string_view (&list)[size]) {
  return listed({std::begin(list), std::end(list)});
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

void check_key_ref(Faults& faults, Node ref) {
  if (!ref.is_mapping())
    return;
  if (const Node name = required(faults, "env-source-invalid", ref, "name"))
    dns_subdomain(faults, "env-source-invalid", name);
  if (const Node key = required(faults, "env-source-invalid", ref, "key"))
    config_key(faults, "env-source-invalid", key);
}

void check_file_key_ref(Faults& faults, const PodContext& pod, Node ref) {
  if (!ref.is_mapping())
    return;
  if (const Node name = required(faults, "env-source-invalid", ref, "volumeName"); name.is_string()) {
    const auto volume = pod.volumes.find(name.string());
    if (volume == pod.volumes.end())
      faults.value("volume-mount-unresolved", "", name);
    else if (!get(volume->second, "emptyDir"))
      faults.value("env-source-invalid", "empty-dir", name);
  }
  if (const Node path = required(faults, "env-source-invalid", ref, "path"))
    relative_path(faults, "env-source-invalid", path);
  if (const Node key = required(faults, "env-source-invalid", ref, "key");
      key.is_string() && !kube::is_env_name(key.string()))
    faults.value("env-source-invalid", "env-name", key);
}

void check_value_from(Faults& faults, const PodContext& pod, Node variable, Node from) {
  constexpr std::string_view sources[] = {"fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef",
                                          "fileKeyRef"};
  int count = 0;
  for (const std::string_view source : sources)
    count += get(from, source) ? 1 : 0;
  if (!get(variable, "value").string().empty())
    not_with(faults, "env-source-invalid", from, "value");
  if (count == 0 && from.is_mapping())
    faults.value("env-source-invalid", "one-of", from, {{"allowed", all_of(sources)}});
  if (count > 1)
    faults.value("env-source-invalid", "only-one-of", from, {{"allowed", all_of(sources)}});
  check_field_ref(faults, get(from, "fieldRef"), false);
  check_resource_field_ref(faults, get(from, "resourceFieldRef"), false);
  check_key_ref(faults, get(from, "configMapKeyRef"));
  check_key_ref(faults, get(from, "secretKeyRef"));
  check_file_key_ref(faults, pod, get(from, "fileKeyRef"));
}

}  // namespace

void check_field_ref(Faults& faults, Node ref, bool in_volume) {
  if (!ref.is_mapping())
    return;
  const Node version = get(ref, "apiVersion");
  const Node path = required(faults, "env-source-invalid", ref, "fieldPath");
  if (!path.is_string())
    return;
  if (string_or(version, "v1") != "v1") {
    faults.value("env-source-invalid", "choice", version, {{"allowed", listed({"v1"})}});
    return;
  }
  const std::string_view text = path.string();
  const std::size_t open = text.find("['");
  if (open != std::string_view::npos && text.size() > open + 4 && text.substr(text.size() - 2) == "']") {
    const std::string_view field = text.substr(0, open);
    const std::string_view key = text.substr(open + 2, text.size() - open - 4);
    const bool valid = field == "metadata.annotations" ? kube::is_qualified_name(lower(key))
                       : field == "metadata.labels"    ? kube::is_qualified_name(key)
                                                       : false;
    if (!valid)
      faults.value("env-source-invalid",
                   field == "metadata.labels" || field == "metadata.annotations" ? "qualified-name" : "field-path",
                   path, {{"allowed", in_volume ? all_of(volume_fields) : all_of(env_fields)}});
    return;
  }
  if (in_volume ? among(volume_fields, text) : (among(env_fields, text) || text == "spec.host"))
    return;
  faults.value("env-source-invalid", "field-path", path,
               {{"allowed", in_volume ? all_of(volume_fields) : all_of(env_fields)}});
}

void check_resource_field_ref(Faults& faults, Node ref, bool in_volume) {
  if (!ref.is_mapping())
    return;
  if (in_volume)
    required(faults, "env-source-invalid", ref, "containerName");
  const Node resource = required(faults, "env-source-invalid", ref, "resource");
  if (!resource.is_string())
    return;
  std::string_view name = resource.string();
  const bool prefixed = name.substr(0, 7) == "limits." || name.substr(0, 9) == "requests.";
  name.remove_prefix(!prefixed ? 0 : name[0] == 'l' ? 7 : 9);
  const bool huge = name.substr(0, 10) == "hugepages-";
  if (!prefixed || (name != "cpu" && name != "memory" && name != "ephemeral-storage" && !huge)) {
    faults.value("env-source-invalid", "choice", resource,
                 {{"allowed", listed({"limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu",
                                      "requests.ephemeral-storage", "requests.memory"})}});
    return;
  }
  const Node divisor = get(ref, "divisor");
  const auto quantity = kube::quantity_of(divisor);
  if (!quantity || quantity->is_zero())
    return;
  const std::string canonical = kube::to_string(*quantity);
  constexpr std::string_view cpu[] = {"1m", "1"};
  constexpr std::string_view bytes[] = {"1",   "1k",  "1M",  "1G",  "1T",  "1P", "1E",
                                        "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"};
  if (name == "cpu" ? among(cpu, canonical) : among(bytes, canonical))
    return;
  faults.value("env-source-invalid", "choice", divisor, {{"allowed", name == "cpu" ? all_of(cpu) : all_of(bytes)}});
}

void check_env(Faults& faults, const PodContext& pod, Node container) {
  for (const Node variable : get(container, "env").items()) {
    if (!is_struct(variable))
      continue;
    if (const Node name = required(faults, "env-name-invalid", variable, "name");
        name.is_string() && !kube::is_env_name(name.string()))
      faults.value("env-name-invalid", "env-name", name);
    if (const Node from = get(variable, "valueFrom"))
      check_value_from(faults, pod, variable, from);
  }
  for (const Node source : get(container, "envFrom").items()) {
    if (!is_struct(source))
      continue;
    if (const Node prefix = get(source, "prefix");
        !string_or(prefix, "").empty() && !kube::is_env_name(prefix.string()))
      faults.value("env-name-invalid", "env-name", prefix);
    const Node config = get(source, "configMapRef");
    const Node secret = get(source, "secretRef");
    if (config && secret)
      not_with(faults, "env-source-invalid", secret, "configMapRef");
    if (!config && !secret)
      faults.value("env-source-invalid", "one-of", source, {{"allowed", "configMapRef, secretRef"}});
    for (const Node ref : {config, secret})
      if (ref.is_mapping())
        if (const Node name = required(faults, "env-source-invalid", ref, "name"))
          dns_subdomain(faults, "env-source-invalid", name);
  }
}

}  // namespace podcheck::lint::invalid
