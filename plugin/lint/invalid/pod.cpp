#include "lint/invalid/pod.hpp"

#include "kube/names.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr std::int64_t system_cluster_critical = 2000000000;
constexpr std::int64_t system_node_critical = 2000001000;

void check_scheduling_fields(Faults& faults, const PodContext& pod) {
  const Node spec = pod.spec;
  for (const auto& member : get(spec, "nodeSelector").members()) {
    if (member.value.is_null())
      continue;
    document::Node value = member.value;
    if (!kube::is_qualified_name(member.key))
      faults.key("label-invalid", "qualified-name", value);
    label_value(faults, "label-invalid", value);
  }
  std::set<std::string_view> gates;
  for (const Node gate : get(spec, "schedulingGates").items()) {
    const Node name = required(faults, "scheduling-gate-invalid", gate, "name");
    if (name && qualified_name(faults, "scheduling-gate-invalid", name) && !gates.insert(name.string()).second)
      faults.value("scheduling-gate-invalid", "duplicate", name);
  }
  if (const Node node = get(spec, "nodeName"); !string_or(node, "").empty()) {
    dns_subdomain(faults, "name-invalid", node);
    if (pod.is_pod && !gates.empty())
      not_with(faults, "scheduling-gate-invalid", node, "schedulingGates");
  }
  for (const Node gate : get(spec, "readinessGates").items())
    if (const Node type = required(faults, "readiness-gate-invalid", gate, "conditionType"))
      qualified_name(faults, "readiness-gate-invalid", type);
  check_affinity(faults, get(spec, "affinity"));
  check_tolerations(faults, get(spec, "tolerations"));
  check_topology_spread(faults, get(spec, "topologySpreadConstraints"));
}

// Admission fills these in for a Pod and refuses any other value; in a template nobody looks yet.
void check_priority(Faults& faults, const PodContext& pod) {
  const Node name = get(pod.spec, "priorityClassName");
  if (!string_or(name, "").empty())
    dns_subdomain(faults, "name-invalid", name);
  choice(faults, "priority-invalid", get(pod.spec, "preemptionPolicy"), {"PreemptLowerPriority", "Never"}, true);
  const Node priority = get(pod.spec, "priority");
  if (!pod.is_pod || !priority)
    return;
  const std::string_view known = string_or(name, "");
  std::int64_t expected = 0;
  if (known == "system-cluster-critical")
    expected = system_cluster_critical;
  else if (known == "system-node-critical")
    expected = system_node_critical;
  else if (!known.empty())
    return;
  if (integer_or(priority, expected) != expected)
    faults.value("priority-invalid", "admission", priority, {{"expected", std::to_string(expected)}});
}

void check_names(Faults& faults, const PodContext& pod) {
  const Node spec = pod.spec;
  for (const char* key : {"hostname", "subdomain"})
    if (const Node node = get(spec, key); !string_or(node, "").empty())
      dns_label(faults, "name-invalid", node);
  if (const Node node = get(spec, "serviceAccountName"); !string_or(node, "").empty())
    dns_subdomain(faults, "name-invalid", node);
  if (const Node node = get(spec, "runtimeClassName"))
    dns_subdomain(faults, "name-invalid", node);
  if (const Node node = get(spec, "hostnameOverride")) {
    if (dns_subdomain(faults, "name-invalid", node) && node.string().size() > 64)
      faults.value("name-invalid", "too-long", node,
                   {{"maximum", "64"}, {"length", std::to_string(node.string().size())}});
    if (is_true(get(spec, "setHostnameAsFQDN")))
      not_with(faults, "name-invalid", node, "setHostnameAsFQDN: true");
    if (is_true(get(spec, "hostNetwork")))
      not_with(faults, "name-invalid", node, "hostNetwork: true");
  }
}

void check_resource_claims(Faults& faults, PodContext& pod) {
  for (const Node claim : get(pod.spec, "resourceClaims").items()) {
    const Node name = required(faults, "resource-claim-invalid", claim, "name");
    if (name && dns_label(faults, "resource-claim-invalid", name) && !pod.resource_claims.insert(name.string()).second)
      faults.value("resource-claim-invalid", "duplicate", name);
    const Node direct = get(claim, "resourceClaimName");
    const Node made = get(claim, "resourceClaimTemplateName");
    if (direct && made)
      not_with(faults, "resource-claim-invalid", made, "resourceClaimName");
    else if (!direct && !made)
      faults.missing("resource-claim-invalid", claim, "resourceClaimName", "one-of",
                     {{"allowed", "resourceClaimName, resourceClaimTemplateName"}});
    dns_subdomain(faults, "resource-claim-invalid", direct);
    dns_subdomain(faults, "resource-claim-invalid", made);
  }
}

// The form of appArmorProfile from before 1.30: one annotation a container.
constexpr std::string_view app_armor = "container.apparmor.security.beta.kubernetes.io/";

void check_app_armor(Faults& faults, const PodContext& pod, Node annotation) {
  const std::string_view container = annotation.key().substr(app_armor.size());
  bool known = false;
  for (const char* list : {"containers", "initContainers", "ephemeralContainers"})
    for (const Node item : get(pod.spec, list).items())
      known = known || get(item, "name").string() == container;
  if (!known)
    faults.key("annotation-invalid", "no-container", annotation, {{"container", std::string(container)}});
  const std::string_view profile = annotation.string();
  if (!profile.empty() && profile != "runtime/default" && profile != "unconfined" &&
      profile.substr(0, 10) != "localhost/")
    faults.value("annotation-invalid", "choice", annotation,
                 {{"allowed", "\"runtime/default\", \"unconfined\", \"localhost/PROFILE\""}});
}

void check_pod_annotations(Faults& faults, const PodContext& pod) {
  for (const auto& member : get(pod.metadata, "annotations").members()) {
    if (!member.value.is_string())
      continue;
    const std::string_view value = member.value.string();
    if (member.key == "controller.kubernetes.io/pod-deletion-cost") {
      const bool sign = !value.empty() && value[0] == '-';
      const std::string_view digits = value.substr(sign ? 1 : 0);
      const bool number = !digits.empty() && digits.size() <= 10 && (digits[0] != '0' || digits.size() == 1) &&
                          digits.find_first_not_of("0123456789") == std::string_view::npos;
      if (!number)
        faults.value("annotation-invalid", "integer", member.value);
    }
    if (member.key.substr(0, app_armor.size()) == app_armor)
      check_app_armor(faults, pod, member.value);
  }
}

}  // namespace

void check_pod(Faults& faults, Node metadata, Node spec, bool is_pod,
               const std::set<std::string_view>& claim_templates) {
  PodContext pod;
  pod.metadata = metadata;
  pod.spec = spec;
  pod.is_pod = is_pod;
  pod.claim_templates = claim_templates;
  pod.windows = get(get(spec, "os"), "name").string() == "windows";

  check_volumes(faults, pod);
  check_resource_claims(faults, pod);
  check_containers(faults, pod);
  check_pod_resources(faults, pod);
  choice(faults, "restart-policy-invalid", get(spec, "restartPolicy"), {"Always", "OnFailure", "Never"});
  check_scheduling_fields(faults, pod);
  check_priority(faults, pod);
  check_names(faults, pod);
  check_dns(faults, pod);
  check_pod_security(faults, pod);
  check_operating_system(faults, pod);
  check_pod_annotations(faults, pod);

  between(faults, "deadline-invalid", get(spec, "activeDeadlineSeconds"), 1, 2147483647);
  if (const Node overhead = get(spec, "overhead")) {
    check_resource_map(faults, overhead);
    if (is_pod && !overhead.empty() && !get(spec, "runtimeClassName"))
      only_with(faults, "resources-invalid", overhead, "runtimeClassName");
  }
  if (const Node ephemeral = get(spec, "ephemeralContainers"); !ephemeral.empty())
    faults.key("ephemeral-container-invalid", is_pod ? "create" : "template", ephemeral);
  // A container's own node-level fields that the pod's spec decides.
  if (is_true(get(spec, "shareProcessNamespace")) && is_true(get(spec, "hostPID")))
    not_with(faults, "security-context-invalid", get(spec, "shareProcessNamespace"), "hostPID: true");
  if (const auto users = get(spec, "hostUsers").boolean(); users && !*users)
    for (const char* key : {"hostNetwork", "hostPID", "hostIPC"})
      if (is_true(get(spec, key)))
        not_with(faults, "security-context-invalid", get(spec, key), "hostUsers: false");
}

}  // namespace podcheck::lint::invalid
