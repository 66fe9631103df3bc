#include <algorithm>
#include <set>

#include "kube/names.hpp"
#include "lint/invalid/pod.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr const char* rule = "security-context-invalid";
constexpr std::int64_t largest_id = 2147483647;

void check_profile(Faults& faults, Node profile, bool seccomp) {
  if (!profile.is_mapping())
    return;
  const Node type = required(faults, rule, profile, "type");
  if (!type)
    return;
  choice(faults, rule, type, {"Localhost", "RuntimeDefault", "Unconfined"});
  const Node file = get(profile, "localhostProfile");
  if (type.string() == "Localhost") {
    const Node named = required(faults, rule, profile, "localhostProfile");
    if (seccomp)
      relative_path(faults, rule, named);
    if (!seccomp && named.string().size() > 4095)
      faults.value(rule, "too-long", named, {{"maximum", "4095"}, {"length", std::to_string(named.string().size())}});
  } else if (file) {
    only_with(faults, rule, file, "type: Localhost");
  }
}

void check_windows_options(Faults& faults, Node options) {
  if (const Node name = get(options, "gmsaCredentialSpecName"))
    dns_subdomain(faults, rule, name);
  if (const Node text = get(options, "gmsaCredentialSpec"); text.is_string() && text.string().empty())
    faults.value(rule, "empty", text);
  const Node user = get(options, "runAsUserName");
  if (user.is_string() && user.string().empty())
    faults.value(rule, "empty", user);
}

// `net.core.somaxconn`, also with slashes.
bool is_sysctl_name(std::string_view name) {
  if (name.empty() || name.size() > 253)
    return false;
  const auto edge = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  for (std::size_t begin = 0;;) {
    const std::size_t end = std::min(name.find_first_of("./", begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part.empty() || !edge(part.front()) || !edge(part.back()))
      return false;
    if (!std::all_of(part.begin(), part.end(), [&](char c) { return edge(c) || c == '-' || c == '_'; }))
      return false;
    if (end == name.size())
      return true;
    begin = end + 1;
  }
}

void check_sysctls(Faults& faults, const PodContext& pod, Node sysctls) {
  std::set<std::string_view> names;
  for (const Node sysctl : sysctls.items()) {
    if (!is_struct(sysctl))
      continue;
    const Node name = required(faults, rule, sysctl, "name");
    if (!name.is_string())
      continue;
    if (!is_sysctl_name(name.string()))
      faults.value(rule, "sysctl", name);
    else if (!names.insert(name.string()).second)
      faults.value(rule, "duplicate", name);
    const std::string_view text = name.string();
    if (is_true(get(pod.spec, "hostNetwork")) && (text.substr(0, 4) == "net." || text.substr(0, 4) == "net/"))
      not_with(faults, rule, name, "hostNetwork: true");
    if (is_true(get(pod.spec, "hostIPC")) &&
        (text.substr(0, 10) == "kernel.shm" || text.substr(0, 10) == "kernel.msg" || text == "kernel.sem" ||
         text.substr(0, 10) == "fs.mqueue."))
      not_with(faults, rule, name, "hostIPC: true");
  }
}

bool host_process(const PodContext& pod, Node container) {
  const Node own = get(get(get(container, "securityContext"), "windowsOptions"), "hostProcess");
  if (own)
    return is_true(own);
  return is_true(get(get(get(pod.spec, "securityContext"), "windowsOptions"), "hostProcess"));
}

void check_host_process(Faults& faults, const PodContext& pod) {
  std::size_t with = 0, without = 0;
  for (const char* list : {"initContainers", "containers"})
    for (const Node container : get(pod.spec, list).items())
      ++(host_process(pod, container) ? with : without);
  if (with == 0)
    return;
  if (without > 0)
    faults.missing(rule, pod.spec, "securityContext.windowsOptions.hostProcess", "host-process-mixed");
  const Node network = get(pod.spec, "hostNetwork");
  if (is_true(network))
    return;
  if (network)
    only_with(faults, rule, network, "hostProcess: true");
  else
    faults.missing(rule, pod.spec, "hostNetwork", "host-process-network");
}

}  // namespace

void check_container_security(Faults& faults, const PodContext& pod, Node container) {
  const Node context = get(container, "securityContext");
  if (!context.is_mapping())
    return;
  between(faults, rule, get(context, "runAsUser"), 0, largest_id);
  between(faults, rule, get(context, "runAsGroup"), 0, largest_id);
  const Node procMount = get(context, "procMount");
  choice(faults, rule, procMount, {"Default", "Unmasked"}, true);
  if (procMount.string() == "Unmasked" && get(pod.spec, "hostUsers").boolean().value_or(true))
    only_with(faults, rule, procMount, "hostUsers: false");
  const Node escalation = get(context, "allowPrivilegeEscalation");
  if (escalation.boolean() && !is_true(escalation)) {
    if (is_true(get(context, "privileged"))) {
      Hit& hit = faults.value("privileged-contradiction", "", escalation, {{"other", "privileged: true"}});
      hit.related.push_back({get(context, "privileged"), "other", nullptr, {}});
    }
    for (const Node capability : get(get(context, "capabilities"), "add").items())
      if (capability.string() == "CAP_SYS_ADMIN")
        faults.value("privileged-contradiction", "", escalation, {{"other", "capability CAP_SYS_ADMIN"}});
  }
  check_profile(faults, get(context, "seccompProfile"), true);
  check_profile(faults, get(context, "appArmorProfile"), false);
  check_windows_options(faults, get(context, "windowsOptions"));
}

void check_pod_security(Faults& faults, const PodContext& pod) {
  const Node context = get(pod.spec, "securityContext");
  for (const char* key : {"runAsUser", "runAsGroup", "fsGroup"})
    between(faults, rule, get(context, key), 0, largest_id);
  for (const Node group : get(context, "supplementalGroups").items())
    between(faults, rule, group, 0, largest_id);
  choice(faults, rule, get(context, "fsGroupChangePolicy"), {"OnRootMismatch", "Always"}, true);
  choice(faults, rule, get(context, "supplementalGroupsPolicy"), {"Merge", "Strict"}, true);
  choice(faults, rule, get(context, "seLinuxChangePolicy"), {"Recursive"}, true);
  check_sysctls(faults, pod, get(context, "sysctls"));
  check_profile(faults, get(context, "seccompProfile"), true);
  check_profile(faults, get(context, "appArmorProfile"), false);
  check_windows_options(faults, get(context, "windowsOptions"));
  check_host_process(faults, pod);
}

void check_operating_system(Faults& faults, const PodContext& pod) {
  const Node os = get(pod.spec, "os");
  if (!os.is_mapping())
    return;
  const Node name = required(faults, "operating-system-invalid", os, "name");
  if (!name.is_string() || !choice(faults, "operating-system-invalid", name, {"linux", "windows"}))
    return;
  const std::string other = "os.name: " + std::string(name.string());
  const auto forbid = [&](Node node) {
    if (node)
      faults.key("operating-system-invalid", "not-with", node, {{"other", other}});
  };
  const Node context = get(pod.spec, "securityContext");
  if (!pod.windows) {
    forbid(get(context, "windowsOptions"));
  } else {
    for (const char* key :
         {"seLinuxOptions", "seccompProfile", "appArmorProfile", "fsGroup", "fsGroupChangePolicy", "sysctls",
          "runAsUser", "runAsGroup", "supplementalGroups", "supplementalGroupsPolicy", "seLinuxChangePolicy"})
      forbid(get(context, key));
    for (const char* key : {"hostUsers", "resources"})
      forbid(get(pod.spec, key));
    for (const char* key : {"hostPID", "hostIPC", "shareProcessNamespace"})
      if (const Node node = get(pod.spec, key); key[0] == 's' ? static_cast<bool>(node) : is_true(node))
        forbid(node);
  }
  for (const char* list : {"containers", "initContainers"})
    for (const Node container : get(pod.spec, list).items()) {
      const Node own = get(container, "securityContext");
      if (!pod.windows) {
        forbid(get(own, "windowsOptions"));
        continue;
      }
      for (const char* key :
           {"seLinuxOptions", "seccompProfile", "appArmorProfile", "capabilities", "readOnlyRootFilesystem",
            "privileged", "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup"})
        forbid(get(own, key));
    }
}

}  // namespace podcheck::lint::invalid
