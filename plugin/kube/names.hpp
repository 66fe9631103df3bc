// Kubernetes' rules for names (k8s.io/apimachinery pkg/util/validation).
#pragma once

#include <string>
#include <string_view>

namespace podcheck::kube {

bool is_dns1123_label(std::string_view text);      // at most 63: pod, container, volume, namespace names
bool is_dns1123_subdomain(std::string_view text);  // at most 253: names of most objects
bool is_dns1035_label(std::string_view text);      // at most 63, begins with a letter: services
bool is_qualified_name(std::string_view text);     // [prefix/]name: keys of labels, annotations, taints, resources
bool is_label_value(std::string_view text);        // at most 63, may be empty
bool is_env_name(std::string_view text);           // printable ASCII without '='
bool is_c_identifier(std::string_view text);       // what shells can read: [A-Za-z_][A-Za-z0-9_]*
bool is_port_name(std::string_view text);          // at most 15: a-z 0-9 -, at least one letter (RFC 6335)
bool is_config_key(std::string_view text);         // keys of ConfigMaps and Secrets

// The nearest valid label to a text: lower case, other characters as '-', at most `longest`. Empty when nothing is
// left.
std::string suggest_name(std::string_view text, std::size_t longest = 63);

}  // namespace podcheck::kube
