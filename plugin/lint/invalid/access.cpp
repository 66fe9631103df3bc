#include "kube/names.hpp"
#include "lint/invalid/kinds.hpp"
#include "lint/invalid/values.hpp"

namespace podcheck::lint::invalid {

namespace {

constexpr const char* rule = "rbac-invalid";

bool need_list(Faults& faults, Node holder, const char* key) {
  const Node list = get(holder, key);
  if (!list)
    faults.missing(rule, holder, key);
  else if (list.is_sequence() && list.empty())
    faults.value(rule, "empty", list);
  return !list.empty();
}

void check_rules(Faults& faults, Node rules, bool cluster) {
  for (const Node item : rules.items()) {
    if (!is_struct(item))
      continue;
    need_list(faults, item, "verbs");
    const Node urls = get(item, "nonResourceURLs");
    if (!urls.empty()) {
      if (!cluster)
        only_with(faults, rule, urls, "ClusterRole");
      for (const char* key : {"apiGroups", "resources", "resourceNames"})
        if (cluster && !get(item, key).empty()) {
          not_with(faults, rule, urls, key);
          break;
        }
      continue;
    }
    need_list(faults, item, "apiGroups");
    need_list(faults, item, "resources");
  }
}

void check_binding(Faults& faults, Node object, bool cluster) {
  const Node ref = get(object, "roleRef");
  if (ref && !ref.is_mapping())
    return;
  if (!ref) {
    faults.missing(rule, object, "roleRef");
  } else {
    choice(faults, rule, get(ref, "apiGroup"), {"rbac.authorization.k8s.io"});
    const Node kind = required(faults, rule, ref, "kind");
    if (cluster)
      choice(faults, rule, kind, {"ClusterRole"});
    else
      choice(faults, rule, kind, {"Role", "ClusterRole"});
    const Node name = required(faults, rule, ref, "name");
    if (name.is_string() && name.string().find_first_of("/%") != std::string_view::npos)
      faults.value(rule, "path-segment", name);
  }
  for (const Node subject : get(object, "subjects").items()) {
    if (!is_struct(subject))
      continue;
    const Node name = required(faults, rule, subject, "name");
    const Node kind = required(faults, rule, subject, "kind");
    if (!choice(faults, rule, kind, {"Group", "ServiceAccount", "User"}) || !kind.is_string())
      continue;
    const Node group = get(subject, "apiGroup");
    if (kind.string() != "ServiceAccount") {
      choice(faults, rule, group, {"rbac.authorization.k8s.io"});
      continue;
    }
    dns_subdomain(faults, rule, name);
    if (!string_or(group, "").empty())
      faults.value(rule, "choice", group, {{"allowed", "\"\""}});
    if (cluster && string_or(get(subject, "namespace"), "").empty())
      faults.missing(rule, subject, "namespace");
  }
}

}  // namespace

void check_role(Faults& faults, Node object) {
  check_rules(faults, get(object, "rules"), false);
}

void check_cluster_role(Faults& faults, Node object) {
  check_rules(faults, get(object, "rules"), true);
  for (const Node selector : get(get(object, "aggregationRule"), "clusterRoleSelectors").items())
    label_selector(faults, rule, selector);
}

void check_role_binding(Faults& faults, Node object) {
  check_binding(faults, object, false);
}

void check_cluster_role_binding(Faults& faults, Node object) {
  check_binding(faults, object, true);
}

}  // namespace podcheck::lint::invalid
