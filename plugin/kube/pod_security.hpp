// The Pod Security Standards as Kubernetes' admission plugin applies them, with its own reason texts.
// https://kubernetes.io/docs/concepts/security/pod-security-standards/
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.hpp"
#include "kube/object.hpp"

namespace podcheck::kube {

enum class PodSecurityLevel : std::uint8_t { privileged, baseline, restricted };

struct PodSecurityPolicy {
  PodSecurityLevel level = PodSecurityLevel::privileged;
  int minor = latest;  // of enforce-version
  static constexpr int latest = 1000;
  std::string name() const;  // "restricted:latest", "baseline:v1.30"
};

// The policy that the labels of a Namespace enforce; privileged without labels. An unknown level is restricted, as the
// admission plugin treats it.
PodSecurityPolicy enforced_policy(document::Node namespace_labels);

// A place that causes a violation. `absent` is the missing field below `at` when the field has to be added.
struct PodSecurityField {
  document::Node at;
  std::string absent;
};

struct PodSecurityViolation {
  std::string id;      // of the control: allowPrivilegeEscalation, capabilities_restricted, ...
  std::string reason;  // "allowPrivilegeEscalation != false"
  std::string detail;  // "container \"app\" must set securityContext.allowPrivilegeEscalation=false"
  std::vector<PodSecurityField> fields;
};

// In the order of the admission plugin's message. Empty: admitted.
std::vector<PodSecurityViolation> pod_security_violations(const PodTemplate& pod, const PodSecurityPolicy& policy);

// What the API server says after 'violates PodSecurity "restricted:latest": '.
std::string pod_security_message(const std::vector<PodSecurityViolation>& violations);

}  // namespace podcheck::kube
