// The Kubernetes API as a program in a pod meets it: rights and tokens.
#include "live/causes/exit_context.hpp"
#include "live/patch.hpp"
#include "live/text.hpp"

namespace podcheck::live {

using document::Node;
using finding::Confidence;

bool forbidden(const ExitContext& at) {
  std::string account = at.get("account");
  std::size_t colon = account.find(':');
  std::string space = account.substr(0, colon);
  std::string name = colon == std::string::npos ? account : account.substr(colon + 1);
  std::string verb = at.get("verb");
  std::string resource = at.get("resource");
  std::string text = replace_all(at.line.line, "\\\"", "\"");
  if (resource.empty()) {
    auto hit = match(text, "cannot {verb:w} resource \"{resource:q}\"");
    resource = hit ? (*hit)["resource"] : "";
  }
  auto in_group = match(text, "in API group \"{group:q}\"");
  std::string group = in_group ? (*in_group)["group"] : "";
  if (std::size_t dot = resource.find('.'); !in_group && dot != std::string::npos) {
    group = resource.substr(dot + 1);  // "deployments.extensions"
    resource.resize(dot);
  }
  auto in_space = match(text, "in the namespace \"{namespace:q}\"");
  bool cluster_wide = !in_space;
  std::string target = in_space ? (*in_space)["namespace"] : "";
  at.set("account", name);
  at.set("verb", verb);
  at.set("resource", resource);
  at.set("group", group.empty() ? "\"\"" : group);
  at.set("where",
         cluster_wide ? at.say("live.rbac.cluster", {}) : at.say("live.rbac.namespace", {{"namespace", target}}));
  std::string kind = cluster_wide ? "clusterrole" : "role";
  std::string rule = "{\"apiGroups\":[" + json_string(group) + "],\"resources\":[" + json_string(resource) +
                     "],\"verbs\":[" + json_string(verb) + "]}";
  std::string bound;
  for (Node binding : at.patient.cluster.list(cluster_wide ? "clusterrolebindings" : "rolebindings", target).items) {
    for (Node subject : binding["subjects"].items()) {
      if (subject["kind"].string() == "ServiceAccount" && subject["name"].string() == name &&
          subject["namespace"].string(space) == space && lower(binding["roleRef"]["kind"].string()) == kind) {
        bound = binding["roleRef"]["name"].string();
        at.candidate.evidence.push_back(
            field_evidence(binding, "roleRef", std::string(binding["roleRef"]["kind"].string()) + "/" + bound));
      }
    }
  }
  at.set("role", bound);
  at.set("rule", rule);
  std::string command;
  std::string scope = cluster_wide ? "" : " -n " + shell_word(target);
  std::string base = at.patient.cluster.kubectl() + scope;
  if (!bound.empty()) {
    at.candidate.variant = "role";
    command = base + " patch " + kind + " " + shell_word(bound) + " --type=json -p " +
              shell_word("[{\"op\":\"add\",\"path\":\"/rules/-\",\"value\":" + rule + "}]");
    Node role = at.patient.cluster.get(cluster_wide ? "clusterroles" : "roles", target, bound);
    std::string rules;
    for (Node one : role["rules"].items()) {
      std::string names;
      for (Node item : one["resources"].items()) {
        names += (names.empty() ? "" : ",") + item.text();
      }
      std::string verbs;
      for (Node item : one["verbs"].items()) {
        verbs += (verbs.empty() ? "" : ",") + item.text();
      }
      rules += (rules.empty() ? "" : "; ") + names + " [" + verbs + "]";
    }
    if (role) {
      at.candidate.evidence.push_back(field_evidence(role, "rules", rules));
    }
  } else {
    std::string full = resource + (group.empty() ? "" : "." + group);
    std::string made = name + "-" + verb + "-" + base_name(resource);
    command = base + " create " + kind + " " + shell_word(made) + " --verb=" + verb +
              " --resource=" + shell_word(full) + "\n" + base + " create " + kind + "binding " + shell_word(made) +
              " --" + kind + "=" + shell_word(made) + " --serviceaccount=" + shell_word(space + ":" + name);
  }
  at.candidate.fixes.push_back(command_fix(
      "", command,
      at.say("live.changes", {{"object", (cluster_wide ? "ClusterRole/" : "Role/") + (bound.empty() ? name : bound)}}),
      finding::Safety::unsafe));
  return true;
}

bool no_token(const ExitContext& at) {
  Node own = at.patient.pod["spec"]["automountServiceAccountToken"];
  std::string account(at.patient.pod["spec"]["serviceAccountName"].string("default"));
  Node service_account = at.patient.cluster.get("serviceaccounts", at.patient.namespace_, account);
  Node inherited = service_account["automountServiceAccountToken"];
  bool off = own ? !own.boolean().value_or(true) : inherited && !inherited.boolean().value_or(true);
  bool mounted = false;
  for (const Mounted& one : mounts_of(at.patient, at.container)) {
    mounted = mounted || one.mount_path == "/var/run/secrets/kubernetes.io/serviceaccount";
  }
  if (mounted || (!off && at.line.specificity < 95)) {
    return false;
  }
  at.set("account", account);
  at.candidate.variant = own ? "" : off ? "account" : "unset";
  at.candidate.confidence = off ? Confidence::confirmed : Confidence::likely;
  at.candidate.path = "spec.automountServiceAccountToken";
  if (own) {
    at.candidate.evidence.push_back(field_evidence(at.patient.pod, "spec.automountServiceAccountToken", own.text()));
    at.candidate.fixes.push_back(patch_owner(at.patient, {{"replace", "automountServiceAccountToken", "true"}}));
  } else if (off) {
    at.candidate.evidence.push_back(field_evidence(service_account, "automountServiceAccountToken", "false"));
    at.candidate.fixes.push_back(patch_owner(at.patient, {{"add", "automountServiceAccountToken", "true"}}));
  }
  return true;
}

}  // namespace podcheck::live
