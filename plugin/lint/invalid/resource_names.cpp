#include "lint/invalid/resource_names.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "kube/names.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr std::string_view container_resources[] = {"cpu", "ephemeral-storage", "memory"};
constexpr std::string_view whole_resources[] = {"count/pods",
                                                "persistentvolumeclaims",
                                                "pods",
                                                "replicationcontrollers",
                                                "resourcequotas",
                                                "secrets",
                                                "configmaps",
                                                "services",
                                                "services.loadbalancers",
                                                "services.nodeports"};
constexpr std::string_view quota_resources[] = {"cpu",
                                                "memory",
                                                "ephemeral-storage",
                                                "requests.cpu",
                                                "requests.memory",
                                                "requests.storage",
                                                "requests.ephemeral-storage",
                                                "limits.cpu",
                                                "limits.memory",
                                                "limits.ephemeral-storage",
                                                "pods",
                                                "resourcequotas",
                                                "services",
                                                "replicationcontrollers",
                                                "secrets",
                                                "persistentvolumeclaims",
                                                "configmaps",
                                                "services.nodeports",
                                                "services.loadbalancers"};

template <std::size_t size>
bool among(const std::string_view (&list)[size], std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

}  // namespace

bool is_huge_page(std::string_view name) {
  return starts_with(name, "hugepages-");
}

bool is_native_resource(std::string_view name) {
  return name.find('/') == std::string_view::npos || name.find("kubernetes.io/") != std::string_view::npos;
}

bool is_extended_resource(std::string_view name) {
  return !is_native_resource(name) && !starts_with(name, "requests.") &&
         kube::is_qualified_name("requests." + std::string(name));
}

bool is_standard_container_resource(std::string_view name) {
  return among(container_resources, name) || is_huge_page(name);
}

bool is_standard_quota_resource(std::string_view name) {
  return among(quota_resources, name) || is_huge_page(name) || starts_with(name, "requests.hugepages-");
}

bool is_standard_resource(std::string_view name) {
  return is_standard_quota_resource(name) || name == "storage";
}

bool is_whole_resource(std::string_view name) {
  return among(whole_resources, name) || is_extended_resource(name);
}

}  // namespace podcheck::lint::invalid
