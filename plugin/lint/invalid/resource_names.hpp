// Kinds of resource names. k8s.io/kubernetes pkg/apis/core/helper
#pragma once

#include <string_view>

namespace podcheck::lint::invalid {

bool is_huge_page(std::string_view name);          // hugepages-2Mi
bool is_native_resource(std::string_view name);    // without a domain, or in kubernetes.io
bool is_extended_resource(std::string_view name);  // nvidia.com/gpu
bool is_standard_resource(std::string_view name);  // of containers, quotas and limits
bool is_standard_container_resource(std::string_view name);
bool is_standard_quota_resource(std::string_view name);
bool is_whole_resource(std::string_view name);  // counted in whole numbers

}  // namespace podcheck::lint::invalid
