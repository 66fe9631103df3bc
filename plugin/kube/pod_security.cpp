#include "kube/pod_security.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <set>

namespace podcheck::kube {
namespace {

using document::Node;
using Names = std::vector<std::string_view>;
using Values = std::set<std::string, std::less<>>;

template <typename Strings>
std::string quoted(const Strings& strings) {
  std::string out;
  for (const auto& text : strings) {
    if (!out.empty())
      out += ", ";
    out += '"';
    out += text;
    out += '"';
  }
  return out;
}

std::string plural(std::string_view word, std::size_t count) {
  return std::string(word) + (count == 1 ? "" : "s");
}

std::string containers(const Names& names) {
  return plural("container", names.size()) + " " + quoted(names);
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty())
      out += separator;
    out += part;
  }
  return out;
}

// Those who set a forbidden value: "pod and containers "a", "b"".
std::string setters(bool pod, const Names& names) {
  std::vector<std::string> parts;
  if (pod)
    parts.emplace_back("pod");
  if (!names.empty())
    parts.push_back(containers(names));
  return join(parts, " and ");
}

// One run over a pod: collects the violations of a policy.
class Evaluation {
 public:
  Evaluation(const PodTemplate& pod, int minor) : pod_(pod), minor_(minor) {}

  void baseline(bool overridden_by_restricted) {
    apparmor();
    if (!overridden_by_restricted)
      capabilities_baseline();
    host_namespaces();
    if (!overridden_by_restricted)
      host_path_volumes();
    host_ports();
    if (minor_ >= 34)
      probe_hosts();
    privileged();
    proc_mount();
    selinux();
    if (!overridden_by_restricted)
      seccomp_baseline();
    sysctls();
    host_process();
  }

  void restricted() {
    const bool windows = minor_ >= 25 && pod_.spec["os"]["name"].string() == "windows";
    if (!windows)
      privilege_escalation();
    if (!windows)
      capabilities_restricted();
    restricted_volumes();
    run_as_non_root();
    run_as_user();
    if (!windows)
      seccomp_restricted();
  }

  std::vector<PodSecurityViolation> take() { return std::move(found_); }

 private:
  const PodTemplate& pod_;
  int minor_;
  std::vector<PodSecurityViolation> found_;

  Node context() const { return pod_.spec["securityContext"]; }
  static Node context(const Container& c) { return c.node["securityContext"]; }

  // A pod with its own user namespace may run as root inside it (KEP-127).
  bool own_user_namespace() const { return minor_ >= 34 && pod_.spec["hostUsers"].boolean() == false; }

  void add(std::string id, std::string reason, std::string detail, std::vector<PodSecurityField> fields) {
    found_.push_back({std::move(id), std::move(reason), std::move(detail), std::move(fields)});
  }

  void apparmor() {
    constexpr std::string_view prefix = "container.apparmor.security.beta.kubernetes.io/";
    const auto allowed_type = [](Node type) {
      return type.string() == "RuntimeDefault" || type.string() == "Localhost";
    };
    Values values, annotations;
    std::vector<PodSecurityField> fields;
    bool pod_bad = false;
    Names bad;
    if (const Node type = context()["appArmorProfile"]["type"]; type && !allowed_type(type)) {
      pod_bad = true;
      values.emplace(type.string());
      fields.push_back({type, {}});
    }
    for (const Container& c : pod_.containers)
      if (const Node type = context(c)["appArmorProfile"]["type"]; type && !allowed_type(type)) {
        bad.push_back(c.name);
        values.emplace(type.string());
        fields.push_back({type, {}});
      }
    for (const document::Member& m : pod_.metadata["annotations"].members()) {
      const std::string_view value = m.value.string();
      if (!m.key.starts_with(prefix) || value.empty() || value == "runtime/default" || value.starts_with("localhost/"))
        continue;
      annotations.emplace(m.key);
      values.emplace(value);
      fields.push_back({m.value, {}});
    }
    if (fields.empty())
      return;
    std::string who = setters(pod_bad, bad);
    if (!annotations.empty())
      who += (who.empty() ? "" : " and ") + plural("annotation", annotations.size()) + " " + quoted(annotations);
    add("appArmorProfile", plural("forbidden AppArmor profile", values.size()),
        who + " must not set AppArmor profile type to " + quoted(values), std::move(fields));
  }

  // Containers whose added capabilities are not all among the allowed ones.
  void added_capabilities(const std::function<bool(std::string_view)>& allowed, Names& bad, Values& names,
                          std::vector<PodSecurityField>& fields) const {
    for (const Container& c : pod_.containers) {
      bool valid = true;
      for (Node capability : context(c)["capabilities"]["add"].items()) {
        if (allowed(capability.string()))
          continue;
        valid = false;
        names.emplace(capability.string());
        fields.push_back({capability, {}});
      }
      if (!valid)
        bad.push_back(c.name);
    }
  }

  static std::string forbidden_capabilities(const Names& bad, const Values& names) {
    return containers(bad) + " must not include " + quoted(names) + " in securityContext.capabilities.add";
  }

  void capabilities_baseline() {
    constexpr auto defaults =
        std::to_array<std::string_view>({"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
                                         "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"});
    Names bad;
    Values names;
    std::vector<PodSecurityField> fields;
    added_capabilities(
        [&](std::string_view n) { return std::find(defaults.begin(), defaults.end(), n) != defaults.end(); }, bad,
        names, fields);
    if (!bad.empty())
      add("capabilities_baseline", "non-default capabilities", forbidden_capabilities(bad, names), std::move(fields));
  }

  void capabilities_restricted() {
    Names missing, bad;
    Values names;
    std::vector<PodSecurityField> fields;
    for (const Container& c : pod_.containers) {
      bool dropped = false;
      for (Node capability : context(c)["capabilities"]["drop"].items())
        dropped = dropped || capability.string() == "ALL";
      if (dropped)
        continue;
      missing.push_back(c.name);
      const Node list = context(c)["capabilities"]["drop"];
      if (list)
        fields.push_back({list, {}});
      else
        fields.push_back({c.node, "securityContext.capabilities.drop"});
    }
    added_capabilities([](std::string_view n) { return n == "NET_BIND_SERVICE"; }, bad, names, fields);
    std::vector<std::string> details;
    if (!missing.empty())
      details.push_back(containers(missing) + R"( must set securityContext.capabilities.drop=["ALL"])");
    if (!bad.empty())
      details.push_back(forbidden_capabilities(bad, names));
    if (!details.empty())
      add("capabilities_restricted", "unrestricted capabilities", join(details, "; "), std::move(fields));
  }

  void host_namespaces() {
    std::vector<std::string> set;
    std::vector<PodSecurityField> fields;
    for (const char* field : {"hostNetwork", "hostPID", "hostIPC"})
      if (pod_.spec[field].boolean().value_or(false)) {
        set.push_back(std::string(field) + "=true");
        fields.push_back({pod_.spec[field], {}});
      }
    if (!set.empty())
      add("hostNamespaces", "host namespaces", join(set, ", "), std::move(fields));
  }

  void host_path_volumes() {
    Names bad;
    std::vector<PodSecurityField> fields;
    for (Node volume : pod_.spec["volumes"].items())
      if (volume["hostPath"].is_mapping()) {
        bad.push_back(volume["name"].string());
        fields.push_back({volume["hostPath"], {}});
      }
    if (!bad.empty())
      add("hostPathVolumes", "hostPath volumes", plural("volume", bad.size()) + " " + quoted(bad), std::move(fields));
  }

  void host_ports() {
    Names bad;
    Values ports;
    std::vector<PodSecurityField> fields;
    for (const Container& c : pod_.containers) {
      bool valid = true;
      for (Node port : c.node["ports"].items()) {
        if (port["hostPort"].integer().value_or(0) == 0)
          continue;
        valid = false;
        ports.insert(port["hostPort"].text());
        fields.push_back({port["hostPort"], {}});
      }
      if (!valid)
        bad.push_back(c.name);
    }
    if (bad.empty())
      return;
    add("hostPorts", "hostPort",
        containers(bad) + (bad.size() == 1 ? " uses " : " use ") + plural("hostPort", ports.size()) + " " +
            join({ports.begin(), ports.end()}, ", "),
        std::move(fields));
  }

  void probe_hosts() {
    Names bad;
    Values hosts;
    std::vector<PodSecurityField> fields;
    for (const Container& c : pod_.containers) {
      const std::size_t before = fields.size();
      const auto look = [&](Node handler) {
        for (const char* action : {"httpGet", "tcpSocket"})
          if (const Node host = handler[action]["host"]; !host.string().empty()) {
            hosts.emplace(host.string());
            fields.push_back({host, {}});
          }
      };
      for (const char* probe : {"livenessProbe", "readinessProbe", "startupProbe"})
        look(c.node[probe]);
      for (const char* hook : {"postStart", "preStop"})
        look(c.node["lifecycle"][hook]);
      if (fields.size() > before)
        bad.push_back(c.name);
    }
    if (bad.empty())
      return;
    add("hostProbesAndHostLifecycle", "probe or lifecycle host",
        containers(bad) + (bad.size() == 1 ? " uses " : " use ") + plural("probe or lifecycle host", hosts.size()) +
            " " + quoted(hosts),
        std::move(fields));
  }

  void privileged() {
    Names bad;
    std::vector<PodSecurityField> fields;
    for (const Container& c : pod_.containers)
      if (const Node field = context(c)["privileged"]; field.boolean().value_or(false)) {
        bad.push_back(c.name);
        fields.push_back({field, {}});
      }
    if (!bad.empty())
      add("privileged", "privileged", containers(bad) + " must not set securityContext.privileged=true",
          std::move(fields));
  }

  void proc_mount() {
    if (own_user_namespace())
      return;
    Names bad;
    Values types;
    std::vector<PodSecurityField> fields;
    for (const Container& c : pod_.containers)
      if (const Node field = context(c)["procMount"]; field.is_string() && field.string() != "Default") {
        bad.push_back(c.name);
        types.emplace(field.string());
        fields.push_back({field, {}});
      }
    if (!bad.empty())
      add("procMount", "procMount", containers(bad) + " must not set securityContext.procMount to " + quoted(types),
          std::move(fields));
  }

  void selinux() {
    Values types;
    bool user = false, role = false;
    std::vector<PodSecurityField> fields;
    const auto valid = [&](Node options) {
      const std::size_t before = fields.size();
      const std::string_view type = options["type"].string();
      if (!(type.empty() || type == "container_t" || type == "container_init_t" || type == "container_kvm_t" ||
            (minor_ >= 31 && type == "container_engine_t"))) {
        types.emplace(type);
        fields.push_back({options["type"], {}});
      }
      if (!options["user"].string().empty()) {
        user = true;
        fields.push_back({options["user"], {}});
      }
      if (!options["role"].string().empty()) {
        role = true;
        fields.push_back({options["role"], {}});
      }
      return fields.size() == before;
    };
    const bool pod_bad = !valid(context()["seLinuxOptions"]);
    Names bad;
    for (const Container& c : pod_.containers)
      if (!valid(context(c)["seLinuxOptions"]))
        bad.push_back(c.name);
    if (fields.empty())
      return;
    std::vector<std::string> data;
    if (!types.empty())
      data.push_back(plural("type", types.size()) + " " + quoted(types));
    if (user)
      data.emplace_back("user may not be set");
    if (role)
      data.emplace_back("role may not be set");
    add("seLinuxOptions", "seLinuxOptions",
        setters(pod_bad, bad) + " set forbidden securityContext.seLinuxOptions: " + join(data, "; "),
        std::move(fields));
  }

  static bool valid_seccomp(Node profile) {
    return profile["type"].string() == "RuntimeDefault" || profile["type"].string() == "Localhost";
  }

  // True when something sets a forbidden profile, which is then reported.
  bool explicit_seccomp(const char* id) {
    bool pod_bad = false;
    Names bad;
    Values types;
    std::vector<PodSecurityField> fields;
    const auto look = [&](Node profile) {
      if (!profile.is_mapping() || valid_seccomp(profile))
        return false;
      types.emplace(profile["type"].string());
      fields.push_back({profile["type"] ? profile["type"] : profile, {}});
      return true;
    };
    pod_bad = look(context()["seccompProfile"]);
    for (const Container& c : pod_.containers)
      if (look(context(c)["seccompProfile"]))
        bad.push_back(c.name);
    if (fields.empty())
      return false;
    add(id, "seccompProfile",
        setters(pod_bad, bad) + " must not set securityContext.seccompProfile.type to " + quoted(types),
        std::move(fields));
    return true;
  }

  void seccomp_baseline() { explicit_seccomp("seccompProfile_baseline"); }

  void seccomp_restricted() {
    if (explicit_seccomp("seccompProfile_restricted") || valid_seccomp(context()["seccompProfile"]))
      return;
    Names bad;
    std::vector<PodSecurityField> fields;
    for (const Container& c : pod_.containers)
      if (!context(c)["seccompProfile"].is_mapping()) {
        bad.push_back(c.name);
        fields.push_back({c.node, "securityContext.seccompProfile"});
      }
    if (!bad.empty())
      add("seccompProfile_restricted", "seccompProfile",
          "pod or " + containers(bad) +
              R"( must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")",
          std::move(fields));
  }

  bool safe_sysctl(std::string_view name) const {
    struct Safe {
      std::string_view name;
      int since;
    };
    constexpr auto safe = std::to_array<Safe>({
        {"kernel.shm_rmid_forced", 0},
        {"net.ipv4.ip_local_port_range", 0},
        {"net.ipv4.tcp_syncookies", 0},
        {"net.ipv4.ping_group_range", 0},
        {"net.ipv4.ip_unprivileged_port_start", 0},
        {"net.ipv4.ip_local_reserved_ports", 27},
        {"net.ipv4.tcp_keepalive_time", 29},
        {"net.ipv4.tcp_fin_timeout", 29},
        {"net.ipv4.tcp_keepalive_intvl", 29},
        {"net.ipv4.tcp_keepalive_probes", 29},
        {"net.ipv4.tcp_rmem", 32},
        {"net.ipv4.tcp_wmem", 32},
    });
    return std::any_of(safe.begin(), safe.end(), [&](const Safe& s) { return s.name == name && minor_ >= s.since; });
  }

  void sysctls() {
    std::vector<std::string> bad;
    std::vector<PodSecurityField> fields;
    for (Node sysctl : context()["sysctls"].items())
      if (!safe_sysctl(sysctl["name"].string())) {
        bad.emplace_back(sysctl["name"].string());
        fields.push_back({sysctl["name"] ? sysctl["name"] : sysctl, {}});
      }
    if (!bad.empty())
      add("sysctls", "forbidden sysctls", join(bad, ", "), std::move(fields));
  }

  void host_process() {
    std::vector<PodSecurityField> fields;
    const auto look = [&](Node security) {
      const Node field = security["windowsOptions"]["hostProcess"];
      if (!field.boolean().value_or(false))
        return false;
      fields.push_back({field, {}});
      return true;
    };
    const bool pod_bad = look(context());
    Names bad;
    for (const Container& c : pod_.containers)
      if (look(context(c)))
        bad.push_back(c.name);
    if (!fields.empty())
      add("windowsHostProcess", "hostProcess",
          setters(pod_bad, bad) + " must not set securityContext.windowsOptions.hostProcess=true", std::move(fields));
  }

  void privilege_escalation() {
    Names bad;
    std::vector<PodSecurityField> fields;
    for (const Container& c : pod_.containers) {
      const Node field = context(c)["allowPrivilegeEscalation"];
      if (field.boolean() == false)
        continue;
      bad.push_back(c.name);
      if (field.is_boolean())
        fields.push_back({field, {}});
      else
        fields.push_back({c.node, "securityContext.allowPrivilegeEscalation"});
    }
    if (!bad.empty())
      add("allowPrivilegeEscalation", "allowPrivilegeEscalation != false",
          containers(bad) + " must set securityContext.allowPrivilegeEscalation=false", std::move(fields));
  }

  void restricted_volumes() {
    constexpr auto allowed = std::to_array<const char*>({"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral",
                                                         "image", "persistentVolumeClaim", "projected", "secret"});
    Names bad;
    Values types;
    std::vector<PodSecurityField> fields;
    for (Node volume : pod_.spec["volumes"].items()) {
      if (std::any_of(allowed.begin(), allowed.end(),
                      [&](const char* type) { return static_cast<bool>(volume[type]); }))
        continue;
      std::string_view type = "unknown";
      Node at = volume;
      for (const document::Member& m : volume.members())
        if (m.key != "name") {
          type = m.key;
          at = m.value;
        }
      if (type == "unknown")
        continue;  // a volume without source is an emptyDir
      bad.push_back(volume["name"].string());
      types.emplace(type);
      fields.push_back({at, {}});
    }
    if (!bad.empty())
      add("restrictedVolumes", "restricted volume types",
          plural("volume", bad.size()) + " " + quoted(bad) + (bad.size() == 1 ? " uses " : " use ") +
              plural("restricted volume type", types.size()) + " " + quoted(types),
          std::move(fields));
  }

  void run_as_non_root() {
    if (own_user_namespace())
      return;
    const Node of_pod = context()["runAsNonRoot"];
    const bool pod_bad = of_pod.boolean() == false;
    const bool pod_good = of_pod.boolean() == true;
    Names bad, unset;
    std::vector<PodSecurityField> set_fields, unset_fields;
    if (pod_bad)
      set_fields.push_back({of_pod, {}});
    for (const Container& c : pod_.containers) {
      const Node field = context(c)["runAsNonRoot"];
      if (field.boolean() == false) {
        bad.push_back(c.name);
        set_fields.push_back({field, {}});
      } else if (!field.is_boolean() && !pod_good) {
        unset.push_back(c.name);
        unset_fields.push_back({c.node, "securityContext.runAsNonRoot"});
      }
    }
    if (!set_fields.empty())
      add("runAsNonRoot", "runAsNonRoot != true",
          setters(pod_bad, bad) + " must not set securityContext.runAsNonRoot=false", std::move(set_fields));
    else if (!unset.empty())
      add("runAsNonRoot", "runAsNonRoot != true",
          "pod or " + containers(unset) + " must set securityContext.runAsNonRoot=true", std::move(unset_fields));
  }

  void run_as_user() {
    if (minor_ < 23 || own_user_namespace())
      return;
    const Node of_pod = context()["runAsUser"];
    std::vector<PodSecurityField> fields;
    if (of_pod.integer() == 0)
      fields.push_back({of_pod, {}});
    const bool pod_bad = !fields.empty();
    Names bad;
    for (const Container& c : pod_.containers)
      if (const Node field = context(c)["runAsUser"]; field.integer() == 0) {
        bad.push_back(c.name);
        fields.push_back({field, {}});
      }
    if (!fields.empty())
      add("runAsUser", "runAsUser=0", setters(pod_bad, bad) + " must not set runAsUser=0", std::move(fields));
  }
};

}  // namespace

std::string PodSecurityPolicy::name() const {
  std::string out = level == PodSecurityLevel::privileged ? "privileged"
                    : level == PodSecurityLevel::baseline ? "baseline"
                                                          : "restricted";
  return out + (minor == latest ? ":latest" : ":v1." + std::to_string(minor));
}

PodSecurityPolicy enforced_policy(Node labels) {
  PodSecurityPolicy policy;
  const Node level = labels["pod-security.kubernetes.io/enforce"];
  if (!level.is_string())
    return policy;
  const std::string_view name = level.string();
  policy.level = name == "privileged" ? PodSecurityLevel::privileged
                 : name == "baseline" ? PodSecurityLevel::baseline
                                      : PodSecurityLevel::restricted;
  std::string_view version = labels["pod-security.kubernetes.io/enforce-version"].string();
  if (version.starts_with("v1.")) {
    version.remove_prefix(3);
    int minor = 0;
    const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), minor);
    if (error == std::errc() && end == version.data() + version.size())
      policy.minor = minor;
  }
  return policy;
}

std::vector<PodSecurityViolation> pod_security_violations(const PodTemplate& pod, const PodSecurityPolicy& policy) {
  if (policy.level == PodSecurityLevel::privileged)
    return {};
  Evaluation evaluation(pod, policy.minor);
  evaluation.baseline(policy.level == PodSecurityLevel::restricted);
  if (policy.level == PodSecurityLevel::restricted)
    evaluation.restricted();
  return evaluation.take();
}

std::string pod_security_message(const std::vector<PodSecurityViolation>& violations) {
  std::string out;
  for (const PodSecurityViolation& violation : violations) {
    if (!out.empty())
      out += ", ";
    out += violation.reason + " (" + violation.detail + ")";
  }
  return out;
}

}  // namespace podcheck::kube
